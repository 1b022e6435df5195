"""Vectors of a release that is still being encoded, so that a killed process loses a batch at most.

Each encoding appends to a file of its own, `unfinished-WIDTH-ID.bin`: records of a text's key, its
vector and a CRC-32. What a crash left torn at the end of a file is not read. The files go when
their release is kept whole; one that is deleted earlier costs its work and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Vectors

log = logging.getLogger(__name__)

Write = Callable[[Sequence[str], Vectors], None]
"""Appends the vectors of some texts, by the keys of these: hexadecimal digits."""


class Unfinished:
    """The files `unfinished-*` in a folder, for vectors of one width."""

    def __init__(self, directory: Path, width: int) -> None:
        self._directory = directory
        self._width = width
        self._record = np.dtype([("key", "V16"), ("vector", "<f4", (width,)), ("crc32", "<u4")])

    def found(self) -> Mapping[str, Vectors]:
        """Return every vector by its key."""
        found: dict[str, Vectors] = {}
        for path in sorted(self._directory.glob(f"unfinished-{self._width}-*.bin")):
            for record in self._sound(path):
                found[record["key"].tobytes().hex()] = record["vector"]
        return found

    def writing(self) -> Write:
        """Append to a new file; a disk that refuses costs the safety only."""
        path = self._directory / f"unfinished-{self._width}-{uuid4().hex[:12]}.bin"
        refused = False

        def write(keys: Sequence[str], vectors: Vectors) -> None:
            nonlocal refused
            if refused:
                return
            try:
                self._directory.mkdir(parents=True, exist_ok=True)
                with path.open("ab") as file:
                    file.write(self._records(keys, vectors).tobytes())
            except OSError as error:
                refused = True  # a torn record at the end would hide what follows it
                log.warning("vectors are not kept before the release is complete: %s", error)

        return write

    def _records(self, keys: Sequence[str], vectors: Vectors) -> NDArray[np.void]:
        records = np.zeros(len(keys), dtype=self._record)
        records["key"] = np.frombuffer(bytes.fromhex("".join(keys)), dtype="V16")
        records["vector"] = vectors
        records["crc32"] = [_checksum(record) for record in records]
        return records

    def _sound(self, path: Path) -> Iterator[np.void]:
        """Return the records of a file up to the first one that is torn."""
        try:
            content = path.read_bytes()
        except OSError as error:
            log.warning("%s cannot be read: %s", path, error)
            return
        whole = len(content) // self._record.itemsize
        for record in np.frombuffer(content, dtype=self._record, count=whole):
            if _checksum(record) != record["crc32"]:
                return
            yield record


def forget_unfinished(directory: Path) -> None:
    """Remove the files: what they hold is kept elsewhere by now."""
    for path in directory.glob("unfinished-*.bin"):
        path.unlink(missing_ok=True)


def _checksum(record: np.void) -> int:
    return crc32(record.tobytes()[:-4])
