"""Cuts a normalised text into what can be compared: words in their form, amounts, negations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cs_bot.retrieval.contrast.amounts import Amount, read_amount
from cs_bot.retrieval.contrast.lexicon import Lexicon
from cs_bot.text.normalize import HAN

_MOST_CHARACTERS = 400
"""Of a text that are compared: what a question asks is not said after that."""
_ASKED = re.compile(rf"([{HAN}]{{1,2}})[不没]\1")
"""`能不能` and `支持不支持` ask, they do not deny."""
_ASKED_AT_END = re.compile(rf"(?:(?<=[了过货])没有?|(?<=[{HAN}a-z\d ])[不否])(?=$|[?,!。,])")
"""`到货了没` and `能换不` ask as well."""
_COMPLEMENT = re.compile(
    "(?<=[收连登录进打找看听买拿关取拉刷装加查用点放传搜换接上下选扫读写存付还转充提绑解退领寄送约订])"
    "不([到上开出进起动住完好清见成掉下])(?!限)"
)
"""`收不到` denies `收到`."""
_COMPLEMENT_SO = re.compile(rf"(?<=[{HAN}])不了")
_POSSIBLE = re.compile(rf"(?<=[{HAN}])得([到上开出进起动住完好清见成掉下了])")
_ASKED_FIRST = re.compile(
    r"(?:(?<=^)|(?<=[,.!?] )|(?<=^well )|(?<=^but ))([a-z]+)n't"
    r"(?= (?:i|you|we|they|it|he|she|there|this|that)\b)"
)
"""`aren't you open` asks what `are you open` asks."""
_WITHOUT_NOT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_PARTICLE = re.compile(r"(?<=[a-z])-(?=(?:up|in|out|off|on|down)s?\b)")
"""`top-up` is `top up`."""
_PIECE = re.compile(
    rf"[a-z]{{4,}}(?=\d+(?![a-z\d]))|[a-z]+(?:[-'&][a-z]+)*\d*[a-z\d]*|[{HAN}]|\d+[a-z]*"
)
"""`iphone13` is a word and a number, `p40` one code."""
_CODE = re.compile(r"[a-z]+\d+[a-z\d]*")
_WEEK_OF_DAY = re.compile(rf"[{HAN}](?:周|星期|礼拜)(?=[一二三四五六日天])")
"""In `下周三` the listed word that is half of a date."""
_HAN = re.compile(f"[{HAN}]")

Role = Literal["word", "code", "amount", "deny", "undo", "empty"]


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a text; `form` is what is compared, `written` what is shown.

    The role `empty` is that of words which tell nothing of what a question is about.
    """

    form: str
    written: str
    role: Role = "word"
    amount: Amount | None = None

    @property
    def weight(self) -> int:
        """How much of a question it is: characters of Chinese, two for a Latin word."""
        if self.role == "empty":
            return 1
        return len(self.form) if self.chinese else 2

    @property
    def asks(self) -> bool:
        """Whether it is a Chinese word that tells how a question asks: `怎么`, `多久`."""
        return self.role == "empty" and self.chinese and len(self.written) > 1

    @property
    def chinese(self) -> bool:
        """Whether it is written in Chinese characters."""
        return not self.form.isascii()


def cut(text: str, lexicon: Lexicon) -> tuple[Word, ...]:
    """Return the words of a normalised text in order, particles left out."""
    return tuple(_words(_plain(text[:_MOST_CHARACTERS]), lexicon))


def _plain(text: str) -> str:
    """Return the text with negations that stand inside a verb set behind it."""
    text = _PARTICLE.sub(" ", text.replace("’", "'"))
    text = _ASKED_FIRST.sub(lambda found: _WITHOUT_NOT.get(found[1], found[1]), text)
    if not _HAN.search(text):
        return text
    text = _ASKED_AT_END.sub("", _ASKED.sub(r"\1", text))
    text = _POSSIBLE.sub(r"\1", text)
    return _COMPLEMENT_SO.sub("不", _COMPLEMENT.sub(r"\1不", text))


def _words(text: str, lexicon: Lexicon) -> Iterator[Word]:
    at, last, last_end = 0, "", 0
    while at < len(text):
        word, end = _next(text, at, lexicon)
        if word is not None and word.amount is not None and text[last_end:at] in ("", " "):
            word = replace(word, amount=replace(word.amount, before=last))
        if word is not None:
            yield word
            last, last_end = (word.form if word.form.isascii() else ""), end
        at = end


def _next(text: str, at: int, lexicon: Lexicon) -> tuple[Word | None, int]:
    listed = _listed(text, at, lexicon)
    inside = at > 0 and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalpha()
    amount, end = (None, at) if inside else read_amount(text, at, lexicon.units)
    if amount is not None and end > at + len(listed):
        return Word(f"{amount.dimension}{amount.value}", amount.written, "amount", amount), end
    if listed:
        return _known(listed, lexicon), at + len(listed)
    piece = _PIECE.match(text, at)
    if piece is None:
        return None, at + 1
    return _piece(piece, lexicon)


def _listed(text: str, at: int, lexicon: Lexicon) -> str:
    """Return the longest listed word that begins here, Latin ones only as whole words."""
    for size in lexicon.lengths.get(text[at], ()):
        word = text[at : at + size]
        if len(word) == size and lexicon.lists(word) and _whole(text, at, at + size):
            week = _WEEK_OF_DAY.match(text, at)
            return word[:1] if week and week.end() == at + size else word
    return ""


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    latin_start, latin_end = text[start].isascii(), text[end - 1].isascii()
    return not (
        (latin_start and before.isascii() and before.isalnum())
        or (latin_end and after.isascii() and (after.isalnum() or after in ("'", "-")))
    )


def _known(word: str, lexicon: Lexicon) -> Word | None:
    if word in lexicon.denying:
        return Word("不", word, "deny")
    if word in lexicon.particles:
        return None
    role: Role = "undo" if word in lexicon.undoing else "word"
    return Word(lexicon.form(word), word, "empty" if word in lexicon.empty else role)


def _piece(piece: re.Match[str], lexicon: Lexicon) -> tuple[Word | None, int]:
    written, end = piece[0], piece.end()
    if written.endswith("n't"):
        return Word("不", written, "deny"), end
    if _CODE.fullmatch(written):
        return Word(written, written, "code"), end
    if written.startswith("non-"):
        return Word("不", "non-", "deny"), piece.start() + len("non-")
    base = written.partition("'")[0]
    if base in lexicon.empty or base in lexicon.particles:
        return _known(base, lexicon), end
    return Word(lexicon.form(base), written), end
