"""What the reading of a file says, in the console's words: Chinese and English, no options.

The command line says it in English, with its own options as remedies; here each of those sentences
has its two forms for people who look at a page.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cs_bot.admin.import_sentences import WORDS
from cs_bot.admin.sentences import Sentence, says
from cs_bot.errors import BadInput, Conflict

_NAMED = re.compile(r"""(?P<name>'[^']*'|"[^"]*")(?P<between>: | )(?P<rest>.+)""", re.DOTALL)
_EDITED = re.compile(r"'(?P<id>[^']*)'(?: by (?P<who>.+?))?(?=, '| and \d+ more$|$)")
_MORE = re.compile(r" and (\d+) more$")
_MOST = 400
_HOLE = re.compile(r"\\{(\w+)\\}")


def spoken(words: str) -> Sentence:
    """Return what the reading said, to say in either language; what nobody knows stays as it is."""
    chinese, english = _both(words)
    return says("both", zh=chinese, en=english)


def refusal_words(error: BadInput | Conflict) -> Sentence:
    """Return the sentence of an error: what, the line where there is one, and what to do."""
    if isinstance(error, Conflict):
        return spoken(error.what)
    (zh, en), (zh_do, en_do) = _both(error.what), _both(error.remedy)
    line = re.search(r":(\d+)$", error.where)
    if line and int(line[1]) > 1:  # what is wrong with the first line is wrong with the file
        zh, en = f"第 {line[1]} 行：{zh}", f"line {line[1]}: {en}"
    if error.remedy:
        zh, en = f"{zh}。{zh_do}", f"{en}; {en_do}"
    return says("both", zh=f"{zh}。", en=f"{_upper(en)}.")


@lru_cache(maxsize=4096)
def _both(words: str) -> tuple[str, str]:
    if len(words) > _MOST:  # a question of a file may be as long as a book
        words = f"{words[: _MOST // 2]}…{words[-_MOST // 4 :]}"
    known = _found(words)
    if known:
        return known
    named = _NAMED.fullmatch(words)
    if named is None:
        return words, words
    zh, en = _both(named["rest"])
    name = named["name"][1:-1]
    colon = "：" if named["between"] == ": " else ""
    return f"“{name}”{colon}{zh}", f"{name!r}{named['between']}{en}"


def _found(words: str) -> tuple[str, str] | None:
    for pattern, forms in _patterns():
        found = pattern.fullmatch(words)
        if found:
            said = [
                {name: _value(name, text, zh) for name, text in found.groupdict().items()}
                for zh in (True, False)
            ]
            return forms[0].format(**said[0]), forms[1].format(**said[1])
    return None


def _value(name: str, text: str, zh: bool) -> str:
    if name == "wanted":
        return _both(text)[not zh]
    if name == "fields":
        return ("、" if zh else " or the ").join(_both(one)[not zh] for one in text.split(", "))
    if name == "edited" and zh:
        return _edited_in_chinese(text)
    quoted = text[:1] in {"'", '"'} and text[-1:] == text[:1] and len(text) > 1
    return text[1:-1] if quoted else text


def _edited_in_chinese(text: str) -> str:
    more = _MORE.search(text)
    names = [
        f"“{one['id']}”" + (f"（{one['who']}）" if one["who"] else "")
        for one in _EDITED.finditer(text)
    ]
    return "、".join(names) + (f"，另外还有 {more[1]} 条" if more else "")


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, str]]]:
    return [(_pattern(words), forms) for words, forms in WORDS.items()]


def _pattern(words: str) -> re.Pattern[str]:
    escaped = re.escape(words.replace("{{", "\1").replace("}}", "\2"))
    held = _HOLE.sub(r"(?P<\1>.+)", escaped).replace("\1", r"\{").replace("\2", r"\}")
    return re.compile(held, re.DOTALL)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
