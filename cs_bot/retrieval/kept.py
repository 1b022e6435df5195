"""Keeps the index of a large base on disk, so that a start does not make it again.

What is kept need not be of the release that is loaded: it is what that one is made from, as from
the release before it. `kept.json` names the files and is written last; a file that is damaged, or
was made by other code, another encoder or other synonyms, is as good as none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from cs_bot.models import clusters as _clusters
from cs_bot.models.clusters import Clusters
from cs_bot.models.indexes import DenseIndex
from cs_bot.retrieval import postings as _postings
from cs_bot.retrieval import wordings as _wordings
from cs_bot.retrieval.files import checksum, written
from cs_bot.retrieval.postings import Counted
from cs_bot.retrieval.wordings import Wordings
from cs_bot.text import normalize, tokenize
from cs_bot.text import synonyms as _synonyms
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair

log = logging.getLogger(__name__)

_CODE = (_clusters, _postings, _wordings, normalize, tokenize, _synonyms)
"""Modules that decide what is in the files."""

_GONE = QAPair("", "", (), "")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the next release need not do again."""

    wordings: Wordings
    counted: Counted
    dense: DenseIndex | None
    """None where the encoder was down."""


class Kept:
    """The files `kept*` in a folder; they may be deleted at any time."""

    def __init__(self, directory: Path, encoder_name: str, synonyms: Synonyms) -> None:
        self._directory = directory
        self._synonyms = synonyms
        self._encoder_name = encoder_name

    def save(self, pairs: Sequence[QAPair], known: Known, clusters: Clusters) -> None:
        """Keep what is known of these pairs, in place of what was kept."""
        name = f"kept-{uuid4().hex[:8]}"
        arrays: dict[str, Any] = {
            **known.wordings.arrays(),
            **known.counted.arrays(),
            "pairs": np.array([_digest(pair) for pair in pairs], dtype=np.uint64),
        }
        texts = {"texts": known.wordings.texts, "tokens": list(known.counted.numbers)}
        try:
            with written(self._path(name, "npz")) as file:
                np.savez(file, **arrays)
            with written(self._path(name, "json")) as file:
                file.write(json.dumps(texts).encode())
            with written(self._path(name, "npy")) as file:
                np.save(file, clusters.stored)
            with written(self._path(name, "faiss")) as file:
                file.write(clusters.as_bytes())
            self._name(name)
        except OSError as error:  # a full disk must not keep the release from being served
            log.warning("the index was not kept in %s: %s", self._directory, error)

    def load(self, pairs: Sequence[QAPair]) -> Known | None:
        """Return what is kept, with the rows of those pairs that are among these."""
        manifest = self._directory / "kept.json"
        try:
            named = json.loads(manifest.read_text(encoding="utf-8"))
            if named["key"] != self._key():
                return None
            for name, expected in named["crc32"].items():
                if checksum(self._directory / name) != expected:
                    raise ValueError(f"checksum of {name}")
            return self._read(named["name"], pairs)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("%s is damaged and the index will be made again (%s)", manifest, error)
            return None

    def _read(self, name: str, pairs: Sequence[QAPair]) -> Known:
        with np.load(self._path(name, "npz"), allow_pickle=False) as file:
            arrays = dict(file)
        texts = json.loads(self._path(name, "json").read_bytes())
        # A plain view of the mapped file: each look at a `memmap` makes another `memmap`.
        stored = np.load(self._path(name, "npy"), mmap_mode="r", allow_pickle=False).view(
            np.ndarray
        )
        same = {_digest(pair): pair for pair in pairs}
        matched = [same.get(digest, _GONE) for digest in arrays["pairs"].tolist()]
        return Known(
            Wordings.of_arrays(matched, self._synonyms, tuple(texts["texts"]), arrays),
            Counted.of_arrays(texts["tokens"], arrays),
            DenseIndex.of_clusters(Clusters.of_bytes(self._path(name, "faiss"), stored)),
        )

    def _name(self, name: str) -> None:
        """Point to the new files and take the old ones away."""
        sums = {path.name: checksum(path) for path in self._files() if path.stem == name}
        with written(self._directory / "kept.json") as file:
            file.write(json.dumps({"key": self._key(), "name": name, "crc32": sums}).encode())
        for path in self._files():
            if path.stem != name:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        return self._directory.glob("kept-*.*")

    def _path(self, name: str, kind: str) -> Path:
        return self._directory / f"{name}.{kind}"

    def _key(self) -> str:
        digest = blake2b(digest_size=16)
        for module in _CODE:
            digest.update(Path(str(module.__file__)).read_bytes())
        digest.update(repr((self._encoder_name, sorted(self._synonyms.heads().items()))).encode())
        return digest.hexdigest()


def _digest(pair: QAPair) -> int:
    """Return a number for a pair's id and wordings; its answer is no part of the index."""
    translated: Mapping[str, Any] = {
        locale: (wording.question, wording.similar)
        for locale, wording in sorted(pair.translations.items())
    }
    written_out = repr((pair.id, pair.question, pair.similar, translated))
    digest = blake2b(written_out.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
