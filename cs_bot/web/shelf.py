"""Keeps built files ready to send: type, ETag, packed form, how long a browser may keep them.

Knows no HTTP server; a file is read again when it changes on disk.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
}
_PACKED_WELL = frozenset({".html", ".js", ".mjs", ".css", ".svg", ".json", ".map", ".txt"})
_SMALLEST_TO_PACK_BYTES = 860
"""Below this a packed file does not save a network packet."""

_HASHED = re.compile(r"-(?=[^.]*[0-9A-Z_-])[A-Za-z0-9_-]{8}\.\w+$")
"""A name that holds a hash of its content, as Vite writes it: `pairs-DkS3x_9a.js`."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file as it is sent."""

    content: bytes
    packed: bytes | None
    """The content by gzip, None where that saves nothing."""
    media_type: str
    etag: str
    cache_control: str


class Shelf:
    """The files under one folder, by their path relative to it."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._kept: dict[Path, tuple[int, int, KeptFile]] = {}

    def find(self, name: str) -> KeptFile | None:
        """Return the file of this name, None when there is none inside the folder."""
        path = self._inside(name)
        if path is None:
            return None
        try:
            now = path.stat()
            kept = self._kept.get(path)
            if kept is None or kept[:2] != (now.st_mtime_ns, now.st_size):
                kept = (now.st_mtime_ns, now.st_size, _read(path))
                self._kept[path] = kept
        except (FileNotFoundError, NotADirectoryError):  # a build is replacing it right now
            return None
        return kept[2]

    def _inside(self, name: str) -> Path | None:
        """Return the real file, None for what leaves the folder, is hidden, or is no file."""
        parts = name.split("/")
        if "\0" in name or "\\" in name or any(part.startswith(".") for part in parts):
            return None
        try:
            path = self._root.joinpath(*parts).resolve()
            usable = path.is_relative_to(self._root) and path.is_file()
        except OSError:  # a name longer than the file system takes
            return None
        return path if usable else None


def _read(path: Path) -> KeptFile:
    content = path.read_bytes()
    return KeptFile(
        content=content,
        packed=_packed(content) if path.suffix in _PACKED_WELL else None,
        media_type=_TYPES.get(path.suffix, "application/octet-stream"),
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:20]}"',
        cache_control=_cache_control(path.name),
    )


def _packed(content: bytes) -> bytes | None:
    if len(content) < _SMALLEST_TO_PACK_BYTES:
        return None
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    return packed if len(packed) < len(content) else None


def _cache_control(name: str) -> str:
    if name.endswith(".html"):
        return "no-cache"
    if _HASHED.search(name):
        return "public, max-age=31536000, immutable"
    return "public, max-age=300"
