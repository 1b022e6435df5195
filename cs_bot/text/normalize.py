"""Brings a question to the one form in which the house compares text; pure and idempotent.

Width and compatibility forms (NFKC), case, Traditional to Simplified Chinese (Taiwan's words to
the mainland's), spaces, invisible characters, end punctuation, polite filler at both ends.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

MOST_READ = 4_000
"""Characters of a message that are read for its meaning: as many as a channel lets in."""

_MOST_ROUNDS = 8
INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SPACE = re.compile(r"\s+")
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_SPACE_AT_MARK = re.compile(r"\s+(?=[,.!?;:。、])")
_HAN = re.compile(rf"[{HAN}]")
_EDGE = " \t,.!?;:~…·。、\"'`“”‘’—–-_*|>"
_OPENING = re.compile(
    r"(?:你好|您好|哈喽|在吗|在不在|亲亲?(?=[\s,.!?~。、:呀啊])|请问一下|请问|麻烦问一下|麻烦问下|麻烦您|麻烦你"
    r"|我?想问一下|我?想问下|我?想请问一下|我?想请问|我想知道|问一下|问下|咨询一下|咨询下)"
    r"(?:[呀啊哦呢]?[\s,.!?~。、:]+)?"
    r"|(?:hello there|hi there|hello|hi|hey|excuse me|please|pls)\b[\s,.!:]*"
    r"|(?:can|could|would) you (?:please )?tell me\b[\s,:]*(?=\w)"
    r"|i(?: would|'d) like to know\b[\s,:]*(?=\w)"
)
_CLOSING = (
    *("谢谢你", "谢谢您", "谢谢啦", "谢谢了", "谢谢哈", "谢谢哦", "谢谢", "多谢了", "多谢", "感谢"),
    *(" please", " pls", " thank you very much", " thank you", " thanks a lot", " thanks", " thx"),
)


def query_of(text: str) -> str:
    """Return a message as stages match it: the beginning of one that no channel would let in."""
    return normalized(text[:MOST_READ])


def normalized(text: str) -> str:
    """Return the text as stages match it; doing it twice changes nothing more."""
    for _ in range(_MOST_ROUNDS):
        once = _round(text)
        if once == text:
            break
        text = once
    return text


def simplified(text: str) -> str:
    """Return Traditional Chinese as Simplified Chinese in the mainland's words."""
    plain = _converter("t2s").convert(text)
    if plain == text:
        return str(plain)
    # Who mixes scripts writes the simplified 么, which in traditional text is another word (幺).
    return str(_converter("tw2sp").convert(text.replace("么", "麼")))


def _round(text: str) -> str:
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    text = unicodedata.normalize("NFKC", text)
    if _HAN.search(text):
        text = _SPACE_BESIDE_HAN.sub("", simplified(text))
    text = _SPACE_AT_MARK.sub("", _SPACE.sub(" ", text))
    return _without_filler(text.strip(_EDGE)) or text.strip()


def _without_filler(text: str) -> str:
    """Return the text less its greeting and thanks, or as it is when nothing else was said."""
    rest = text
    while opening := _OPENING.match(rest):
        rest = rest[opening.end() :].lstrip(_EDGE)
    while closing := next((words for words in _CLOSING if rest.endswith(words)), None):
        rest = rest.removesuffix(closing).rstrip(_EDGE)
    return rest if len(rest) > 1 else text


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)
