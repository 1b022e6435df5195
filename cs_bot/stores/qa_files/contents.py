"""The bytes of a file and the text they stand for: size, encoding, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cs_bot.errors import BadInput

MEBIBYTE = 1024 * 1024
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MOSTLY = 4
_AROUND = MEBIBYTE // 2


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is taken."""

    bytes: int
    rows: int


IMPORT_LIMITS = Limits(bytes=20 * MEBIBYTE, rows=50_000)


def read_bytes(path: Path, limits: Limits | None) -> bytes:
    """Return what a file holds; raises `BadInput`, for a file too large before reading it."""
    try:
        size = path.stat().st_size
        if limits and size > limits.bytes:
            raise BadInput(
                f"the file has {size / MEBIBYTE:.1f} MB; "
                f"at most {limits.bytes // MEBIBYTE} MB are taken",
                where=str(path),
                remedy="split it into several files",
            )
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None


def decoded(path: Path, content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: UTF-8, UTF-16 with its mark, or GB18030."""
    encoding = _UTF_16.get(content[:2])
    if encoding:
        return _decoded_utf_16(path, content[2:], encoding), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if not _is_mostly_utf_8(content, error.start):
            try:
                return content.decode("gb18030"), "GB18030"
            except UnicodeDecodeError as other:
                raise _undecodable(path, content, error, other) from None
        raise _undecodable(path, content, error) from None


def _decoded_utf_16(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        raise BadInput(
            f"not UTF-16, though it begins like it: byte {error.start + 2}",
            where=f"{path}:{line}",
            remedy="save the file as UTF-8",
        ) from None


def _is_mostly_utf_8(content: bytes, at: int) -> bool:
    """Tell a spoilt UTF-8 file from another encoding by what surrounds the first wrong byte.

    GB18030 makes some text of nearly any bytes. It must not make nonsense of a file in which a
    few bytes went wrong; its own text has next to nothing that reads as UTF-8 of three bytes.
    """
    text = content[max(0, at - _AROUND) : at + _AROUND].decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(character >= "\u0800" for character in text) - lost > _MOSTLY * lost


def _undecodable(
    path: Path, content: bytes, error: UnicodeDecodeError, other: UnicodeDecodeError | None = None
) -> BadInput:
    # `error.object` is what follows the byte order mark.
    at = error.start + len(content) - len(error.object)
    also = f", and not GB18030: byte {other.start} is 0x{content[other.start]:02x}" if other else ""
    return BadInput(
        f"not UTF-8: byte {at} is 0x{content[at]:02x}{also}",
        where=f"{path}:{content.count(10, 0, at) + 1}",
        remedy="save the file as UTF-8",
    )
