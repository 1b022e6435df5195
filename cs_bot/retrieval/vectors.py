"""Keeps the vectors of a release on disk, so that a restart and the next release encode less.

One folder per release: `vectors.npy`, and `index.json` written last with the checksum. A release
that differs in a few wordings shares the large file with the one before it (a hard link) and has
`added.npy` and `added.json` beside it. A file that is missing, torn or of another encoder is as
good as none: its wordings are encoded again. Beside the folders lies what is not yet complete.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from cs_bot.errors import EncoderDown
from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.retrieval.files import checksum, linked, written
from cs_bot.retrieval.unfinished import Unfinished, forget_unfinished

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Hears how many wordings are done, of how many."""

_BATCH = 128
"""Wordings encoded at once, of like length; larger is no faster."""

_CHUNK = 8192
_MAIN = ("vectors.npy", "index.json")
_ADDED = ("added.npy", "added.json")
_MOST_ADDED = 0.1
"""Of the vectors of the shared file, from which all are written into one file again."""


def encoded(
    texts: Sequence[str],
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    known: int = 0,
    keep: Callable[[Sequence[int], Vectors], None] | None = None,
) -> Vectors:
    """Return one vector per text; `known` counts those that were not left to encode.

    `keep` hears of each batch: which texts, and their vectors.
    """
    vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
        if keep is not None:
            keep(rows, vectors[rows])
        if progress is not None:
            progress(known + start + len(rows), known + len(texts))
    return vectors


class VectorFiles:
    """The folder `var/index`; it may be deleted at any time."""

    def __init__(self, directory: Path, *, releases_kept: int = 3) -> None:
        self.directory = directory
        self._releases_kept = releases_kept

    def folder(self, release_id: str) -> Path:
        """Return the folder of a release, where others may keep what they made for it."""
        return self.directory / release_id

    def vectors(
        self,
        release_id: str,
        texts: Sequence[str],
        encoder: Encoder,
        progress: Progress | None = None,
    ) -> Vectors:
        """Return one vector per text, encoding only what no kept release holds."""
        keys = [_key(encoder.name, text) for text in texts]
        vectors, missing = self._all(release_id, keys, texts, encoder, progress)
        if missing or not (self.folder(release_id) / "index.json").exists():
            self._keep(release_id, lambda folder: _save(folder, _MAIN, encoder, keys, vectors))
        return vectors

    def looked_up(
        self,
        release_id: str,
        texts: Sequence[str],
        encoder: Encoder,
        progress: Progress | None = None,
        *,
        known: int = 0,
    ) -> Vectors:
        """Return the same for some of a release's texts and keep nothing."""
        keys = [_key(encoder.name, text) for text in texts]
        return self._all(release_id, keys, texts, encoder, progress, known)[0]

    def follow(
        self,
        release_id: str,
        before: str,
        texts: Sequence[str],
        new: Sequence[str],
        vectors: Vectors,
        encoder: Encoder,
    ) -> None:
        """Keep a release of these texts: those of the one `before` it, and few that are `new`."""
        if (self.folder(release_id) / "index.json").exists():
            return
        source, keys = self.folder(before), [_key(encoder.name, text) for text in new]

        def save(folder: Path) -> None:
            if not _follow(folder, source, encoder, keys, vectors):
                self.vectors(release_id, texts, encoder)
                for name in _ADDED:
                    (folder / name).unlink(missing_ok=True)

        self._keep(release_id, save)

    def _all(
        self,
        release_id: str,
        keys: Sequence[str],
        texts: Sequence[str],
        encoder: Encoder,
        progress: Progress | None,
        known: int = 0,
    ) -> tuple[Vectors, list[int]]:
        """Return the vectors, and which rows had to be encoded."""
        vectors, missing = self._found(keys, release_id, encoder)
        known += len(texts) - len(missing)
        if missing:
            vectors[missing] = self._encoded(
                [texts[row] for row in missing],
                [keys[row] for row in missing],
                encoder,
                progress,
                known,
            )
        return vectors, missing

    def _encoded(
        self,
        texts: Sequence[str],
        keys: Sequence[str],
        encoder: Encoder,
        progress: Progress | None,
        known: int,
    ) -> Vectors:
        """Encode the texts, those left out that a process encoded before it was killed."""
        unfinished = Unfinished(self.directory, encoder.dimensions)
        found = unfinished.found()
        left = [row for row, key in enumerate(keys) if key not in found]
        write = unfinished.writing()

        def keep(rows: Sequence[int], vectors: Vectors) -> None:
            write([keys[left[row]] for row in rows], vectors)

        several = len(left) > _BATCH
        vectors = np.empty((len(texts), encoder.dimensions), dtype=np.float32)
        vectors[left] = encoded(
            [texts[row] for row in left],
            encoder,
            progress,
            known=known + len(texts) - len(left),
            keep=keep if several else None,
        )
        for row, key in enumerate(keys):
            if key in found:
                vectors[row] = found[key]
        return vectors

    def _found(
        self, keys: Sequence[str], release_id: str, encoder: Encoder
    ) -> tuple[Vectors, list[int]]:
        """Copy what is on disk, this release's own folder first; also return the rows that lack."""
        width = self._width(encoder)
        vectors: Vectors = np.empty((len(keys), width), dtype=np.float32)
        missing = list(range(len(keys)))
        for folder in sorted(self._releases(), key=lambda folder: folder.name != release_id):
            for names in (_MAIN, _ADDED):
                if missing:
                    kept, stored = _load(folder, names, encoder.name, width)
                    stored_at = {key: row for row, key in enumerate(kept)}
                    found = [row for row in missing if keys[row] in stored_at]
                    for some in _chunks(found):
                        vectors[some] = stored[[stored_at[keys[row]] for row in some]]
                    missing = [row for row in missing if keys[row] not in stored_at]
        return vectors, missing

    def _width(self, encoder: Encoder) -> int:
        """Return the width of a vector, from disk where the encoder is down and cannot tell."""
        try:
            return encoder.dimensions
        except EncoderDown:
            for folder in self._releases():
                kept, stored = _load(folder, _MAIN, encoder.name)
                if kept:
                    return int(stored.shape[1])
            raise

    def _keep(self, release_id: str, save: Callable[[Path], None]) -> None:
        folder = self.folder(release_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            save(folder)
            self._prune()
        except OSError as error:  # a full disk must not keep the release from being served
            log.warning("the vectors of release %s were not kept: %s", release_id, error)

    def _prune(self) -> None:
        newest = sorted(self._releases(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in newest[self._releases_kept :]:
            shutil.rmtree(folder, ignore_errors=True)
        forget_unfinished(self.directory)

    def _releases(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        return [folder for folder in self.directory.iterdir() if folder.is_dir()]


def _chunks(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Return the rows in parts: copied at once, vectors would take their memory twice."""
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _follow(
    folder: Path, source: Path, encoder: Encoder, keys: Sequence[str], vectors: Vectors
) -> bool:
    """Share the large file of the folder `source` and write the few vectors beside it.

    False where they are too many by now, or the large file is gone.
    """
    kept, added = _load(source, _ADDED, encoder.name, vectors.shape[1])
    _save(folder, _ADDED, encoder, [*kept, *keys], np.concatenate([added, vectors]))
    if len(kept) + len(keys) > _MOST_ADDED * _rows(source / _MAIN[0]):
        return False
    for name in _MAIN:
        linked(source / name, folder / name)
    return True


def _rows(path: Path) -> int:
    """Return how many vectors are in a file; 0 where it is gone or damaged."""
    try:
        return len(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError):
        return 0


def _save(
    folder: Path, names: tuple[str, str], encoder: Encoder, keys: Sequence[str], vectors: Vectors
) -> None:
    with written(folder / names[0]) as file:
        np.save(file, vectors)
    described = {"encoder": encoder.name, "keys": keys, "crc32": checksum(folder / names[0])}
    with written(folder / names[1]) as file:
        file.write(json.dumps(described).encode())


def _load(
    folder: Path, names: tuple[str, str], encoder_name: str, width: int | None = None
) -> tuple[list[str], Vectors]:
    """Return the keys and the vectors; both empty where the files are of no use.

    Without a `width` any will do.
    """
    nothing: Vectors = np.empty((0, width or 0), dtype=np.float32)
    reading = folder / names[1]
    try:
        described = json.loads(reading.read_text(encoding="utf-8"))
        if described["encoder"] != encoder_name:
            return [], nothing
        keys, crc32 = described["keys"], described["crc32"]
        if not isinstance(keys, list):
            raise TypeError("keys")
        reading = folder / names[0]
        if crc32 != checksum(reading):
            raise ValueError("checksum")
        vectors = np.load(reading, mmap_mode="r", allow_pickle=False)
        if vectors.shape != (len(keys), width or vectors.shape[-1]):
            raise ValueError("shape")
    except FileNotFoundError:
        return [], nothing
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s is damaged and will be made again (%r)", reading, error)
        return [], nothing
    return keys, vectors


def _key(encoder_name: str, text: str) -> str:
    return blake2b(f"{encoder_name}\n{text}".encode(), digest_size=16).hexdigest()
