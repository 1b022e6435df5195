"""Cuts a message where one wish may end and another begin; pure.

Only at borders that add something: the end of a sentence, "and also", "顺便". A comma alone is
none, except after words that call something off or answer a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONGEST = 300
_MOST = 3

_ADDS_ANYWHERE = "顺便|顺带|另外|此外|然后|同时|并且"
_ADDS_CHINESE = (
    rf"(?:{_ADDS_ANYWHERE}|对了|接着|而且|以及|还有|其次|完了|再有|也)"
    r"|(?:我)?(?:还(?:想|要|需要|得)|也(?:想|要|需要))|再(?:帮|给|替|麻烦)"
)
_STARTS_ENGLISH = (
    r"i|i'd|i'll|i'm|i've|we|my|can|could|would|will|may|please|also|then|what|what's|where|where's"
    r"|when|how|who|is|are|do|does|let|tell|show|give|send|get|make|help|check|find|book|cancel"
    r"|order|return|track|change|update|remind|play|set|add|turn|open|issue|write"
)
_BORDER = re.compile(
    r"(?P<end>[。！？!?；;\n]+|(?:(?<=[a-z]{4})|(?<=\d{4}))\.(?=\s))\s*"
    rf"|(?:[,，、]\s*|\s+)(?=(?:{_ADDS_CHINESE})[^,，。]{{2}})"
    rf"|(?<=[\u4e00-\u9fff\d])(?=(?:{_ADDS_ANYWHERE})[^,，。]{{2}})"
    r"|[,，]?\s+(?:and|plus|oh and|but)\s+(?:also|then|after that|by the way)[,\s]+"
    r"|[,，]\s*(?:also|plus|then|after that|by the way|besides)[,\s]+"
    rf"|[,，]?\s+and\s+(?=(?:{_STARTS_ENGLISH})\b)",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^(?:(?:对了|然后|接着|同时|并且|而且|以及|顺便|顺带|另外|此外|还有|其次|完了|再有)[,，\s]*)+"
    r"|^(?:(?:and|also|plus|then|besides|by the way|oh|after that)\b[,\s]*)+",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"(?:好的?|是的?|对的?|嗯|行|可以|确认|没错|不用了|不要了|算了|取消吧?|不办了|不查了|不了"
    r"|yes|yeah|ok|okay|sure|no|never mind|forget it|cancel(?: it| that)?|no thanks)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:你好|您好|在吗|亲|谢谢|多谢|感谢|麻烦(?:您|你)?了?|辛苦了|拜托|您|啊|呀|哈)+"
    r"|(?:hi|hello|hey|thanks|thank you|please|there|so much|very much|good (?:day|morning)| )+",
    re.IGNORECASE,
)
_FIRST_COMMA = re.compile(r"[,，]\s*")


def clauses(text: str) -> tuple[str, ...]:
    """Return the parts of a message that may each be a wish, the whole where it is only one.

    Words that only add (`also`, `顺便`) are left out of the parts.
    """
    if not text or len(text) > _LONGEST:
        return (text,)
    found = tuple(filter(_says_something, map(_bare, _pieces(text))))
    return found if 1 < len(found) <= _MOST else (text,)


def is_answer(piece: str) -> bool:
    """Tell whether a part only answers a question or calls something off."""
    return _ANSWER.fullmatch(piece.strip()) is not None


def _pieces(text: str) -> Iterator[str]:
    begun = 0
    comma = _FIRST_COMMA.search(text)
    if comma is not None and is_answer(text[: comma.start()]):
        yield text[: comma.start()]
        begun = comma.end()
    for border in _BORDER.finditer(text, begun):
        if border.start() > begun:
            yield text[begun : border.start()]
            begun = border.end()
    yield text[begun:]


def _bare(piece: str) -> str:
    return _CONNECTIVE.sub("", piece.strip(" ,，、。.!！?？;；\n")).strip()


def _says_something(piece: str) -> bool:
    if _POLITE.fullmatch(piece) is not None:
        return False
    whole = len(piece.split()) > 1 if piece.isascii() else len(piece) > 1
    return whole or is_answer(piece) or any(char.isdigit() for char in piece)
