"""Keeps the vectors of a release on disk, so that a restart and the next release encode less.

One folder per release: `vectors.npy`, and `index.json` written last with the checksum. A file
that is missing, torn or of another encoder is as good as none: its wordings are encoded again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

import numpy as np

from cs_bot.models.encoders import Encoder, Vectors

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Hears how many wordings are done, of how many."""

_BATCH = 128
"""Wordings encoded at once, of like length; larger is no faster."""


def encoded(
    texts: Sequence[str], encoder: Encoder, progress: Progress | None = None, *, known: int = 0
) -> Vectors:
    """Return one vector per text; `known` counts those that were not left to encode."""
    vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
        if progress is not None:
            progress(known + start + len(rows), known + len(texts))
    return vectors


class VectorFiles:
    """The folder `var/index`; it may be deleted at any time."""

    def __init__(self, directory: Path, *, releases_kept: int = 3) -> None:
        self._directory = directory
        self._releases_kept = releases_kept

    def folder(self, release_id: str) -> Path:
        """Return the folder of a release, where others may keep what they made for it."""
        return self._directory / release_id

    def vectors(
        self,
        release_id: str,
        texts: Sequence[str],
        encoder: Encoder,
        progress: Progress | None = None,
    ) -> Vectors:
        """Return one vector per text, encoding only what no kept release holds."""
        keys = [_key(encoder.name, text) for text in texts]
        vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
        missing = self._fill(vectors, keys, release_id, encoder)
        vectors[missing] = encoded(
            [texts[row] for row in missing], encoder, progress, known=len(texts) - len(missing)
        )
        if missing or not (self.folder(release_id) / "index.json").exists():
            self._save(release_id, encoder, keys, vectors)
        return vectors

    def _fill(
        self, vectors: Vectors, keys: Sequence[str], release_id: str, encoder: Encoder
    ) -> list[int]:
        """Copy what is on disk, this release's own folder first; return the rows that lack."""
        missing = list(range(len(keys)))
        for folder in sorted(self._releases(), key=lambda folder: folder.name != release_id):
            if missing:
                stored_at, stored = _load(folder, encoder)
                found = [row for row in missing if keys[row] in stored_at]
                vectors[found] = stored[[stored_at[keys[row]] for row in found]]
                missing = [row for row in missing if keys[row] not in stored_at]
        return missing

    def _save(
        self, release_id: str, encoder: Encoder, keys: Sequence[str], vectors: Vectors
    ) -> None:
        folder = self.folder(release_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = _part(folder / "vectors.npy")
            with path.open("wb") as file:
                np.save(file, vectors)
            described = {"encoder": encoder.name, "keys": keys, "blake2b": _digest(path)}
            path.replace(folder / "vectors.npy")
            path = _part(folder / "index.json")
            path.write_text(json.dumps(described), encoding="utf-8")
            path.replace(folder / "index.json")
            self._prune()
        except OSError as error:  # a full disk must not keep the release from being served
            log.warning("the vectors of release %s were not kept: %s", release_id, error)

    def _prune(self) -> None:
        newest = sorted(self._releases(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in newest[self._releases_kept :]:
            shutil.rmtree(folder, ignore_errors=True)

    def _releases(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        return [folder for folder in self._directory.iterdir() if folder.is_dir()]


def _load(folder: Path, encoder: Encoder) -> tuple[dict[str, int], Vectors]:
    """Return the row of each key and the vectors; both empty where the files are of no use."""
    nothing: Vectors = np.empty((0, encoder.dimensions), dtype=np.float32)
    try:
        described = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if described["encoder"] != encoder.name:
            return {}, nothing
        if described["blake2b"] != _digest(folder / "vectors.npy"):
            raise ValueError("checksum")
        vectors = np.load(folder / "vectors.npy", allow_pickle=False)
        if vectors.shape != (len(described["keys"]), encoder.dimensions):
            raise ValueError("shape")
    except FileNotFoundError:
        return {}, nothing
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s is damaged and will be made again (%s)", folder, error)
        return {}, nothing
    return {key: row for row, key in enumerate(described["keys"])}, vectors


def _key(encoder_name: str, text: str) -> str:
    return blake2b(f"{encoder_name}\n{text}".encode(), digest_size=16).hexdigest()


def _digest(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _part(path: Path) -> Path:
    """Return a name beside the file that no other process writes to."""
    return path.with_name(f"{path.name}.{os.getpid()}-{uuid4().hex[:8]}.part")
