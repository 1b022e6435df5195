"""Writes a file whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cs_bot.errors import BadInput


def write_whole(path: Path, content: bytes) -> None:
    """Put the content where the path says; raises `BadInput`, and then leaves what was there."""
    part = path.parent / f"{path.name}.part"
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise BadInput(
            f"cannot be written: {error.strerror}", where=str(path), remedy="name another file"
        ) from None
