"""How the columns of a table are meant: our own way, and those of five other systems."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files.headings import (
    fields_of,
    plain_heading,
    refuse_doubles,
    refuse_unknown_fields,
)
from cs_bot.stores.qa_files.table import Cell

OWN = "cs-bot"
DIALECTS = (OWN, "fastgpt", "maxkb", "ragflow", "dify", "anyq")
MERGING = frozenset({"ragflow", "dify", "anyq"})
"""Systems without similar questions: rows with the same answer are wordings of one question.

Only where somebody said that a file is theirs: a plain table of questions and answers looks the
same, and in it two questions with one answer are two pairs.
"""

PREFIX = re.compile(
    r"\s*(?:question|answer|user|assistant|问题|问题|回答|答案|问|答|q|a)\s*[:：]\s*", re.IGNORECASE
)
"""What RAGFlow takes off the beginning of a question or an answer."""
_SENTENCE = re.compile(r"[?？。！!；;，,]|[\u4e00-\u9fff].{11}|.{30}")
"""What an answer has and a heading has not."""
_MAXKB_FIELDS = frozenset({"title", "questions"})
_TITLES = {
    "分段标题": "title",
    "分段標題": "title",
    "sectiontitle": "title",
    "paragraphtitle": "title",
    "分段内容": "answer",
    "分段內容": "answer",
    "sectioncontent": "answer",
    "paragraphcontent": "answer",
    "问题": "questions",
    "問題": "questions",
    "question": "questions",
    "questions": "questions",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a table is, as the dialect has it."""

    dialect: str
    fields: tuple[str, ...]
    """Our field of each column, "" where it has no meaning."""
    headings: tuple[str, ...]
    headed: bool = True
    """Whether the first row holds the headings."""
    rest: str = ""
    """The field of cells beyond the last heading; "" where none may stand there."""
    bars: bool = False
    """Whether `|` separates the texts of one cell, besides the line break."""


def layout_of(
    first: Sequence[Cell],
    *,
    dialect: str | None,
    mapping: Mapping[str, str] | None,
    tabs: bool,
    where: str,
    by_hand: Sequence[str] = (),
    headed: bool = True,
) -> Layout:
    """Return the layout of a table that begins with this row; raises `BadInput`."""
    headings = tuple(cell.strip() if isinstance(cell, str) else "" for cell in first)
    if by_hand:
        chosen = dialect or _recognised_or_own(headings, tabs)
        return _by_hand(chosen, headings, by_hand, headed, where)
    chosen = OWN if mapping else dialect or _recognised(headings, tabs, where)
    if chosen == "fastgpt":
        return _fastgpt(headings, where)
    if chosen == "maxkb":
        return _maxkb(headings, where)
    if chosen in {"ragflow", "anyq"}:
        return _two_columns(chosen, headings)
    if chosen == "dify":
        return _dify(headings, where)
    return _own(headings, mapping, where)


def _recognised(headings: Sequence[str], tabs: bool, where: str) -> str:
    plain = [plain_heading(heading) for heading in headings]
    if plain[:2] == ["q", "a"]:
        return "fastgpt"
    if "answer" in (_TITLES.get(name) for name in plain if name not in {"answer", "答案"}):
        return "maxkb"
    if _is_a_pair(headings, where):
        return "anyq" if tabs and not PREFIX.match(headings[0]) else "ragflow"
    return OWN


def _is_a_pair(headings: Sequence[str], where: str) -> bool:
    """Tell a file that begins with its first pair from one that begins with headings.

    Where it could be either, it is not one: who wrote headings that nobody knows must hear of it.
    """
    if len(headings) != 2 or not all(headings) or "" not in fields_of(headings, None, where=where):
        return False
    question, answer = headings
    asked = question.endswith(("?", "？", "吗", "呢")) or PREFIX.match(question)
    return bool(asked or _SENTENCE.search(answer))


def _fastgpt(headings: tuple[str, ...], where: str) -> Layout:
    if [plain_heading(heading) for heading in headings[:2]] != ["q", "a"]:
        raise _not_this("FastGPT", "q,a,indexes", where)
    # Every further column is one more index, whether or not it has a heading.
    further = ("similar" for _ in headings[2:])
    return Layout("fastgpt", ("question", "answer", *further), headings, rest="similar")


def _maxkb(headings: tuple[str, ...], where: str) -> Layout:
    fields = tuple(_TITLES.get(plain_heading(heading), "") for heading in headings)
    if "answer" not in fields:
        raise _not_this("MaxKB", "分段标题,分段内容,问题", where)
    return Layout("maxkb", fields, headings)


def _dify(headings: tuple[str, ...], where: str) -> Layout:
    if len(headings) < 2:
        raise _not_this("Dify", "question,answer", where)
    further = ("" for _ in headings[2:])
    return Layout("dify", ("question", "answer", *further), headings)


def _two_columns(dialect: str, first: tuple[str, ...]) -> Layout:
    fields = ("question", "answer")
    headed = len(first) == 2 and fields_of(first, None, where="") == fields
    return Layout(dialect, fields, first if headed else fields, headed=headed)


def _own(headings: tuple[str, ...], mapping: Mapping[str, str] | None, where: str) -> Layout:
    fields = fields_of(headings, mapping, where=where)
    _refuse_lacking(fields, where)
    return Layout(OWN, fields, headings, bars=True)


def _by_hand(
    dialect: str, headings: tuple[str, ...], by_hand: Sequence[str], headed: bool, where: str
) -> Layout:
    """Return the layout that a person said: one field a column, the last ones may be left out.

    The cells are still read as the dialect has them.
    """
    own = _MAXKB_FIELDS if dialect == "maxkb" else frozenset()
    refuse_unknown_fields({field: "" for field in by_hand if field and field not in own})
    width = max(len(headings), len(by_hand))
    names = (*headings, *[""] * (width - len(headings)))
    fields = (*by_hand, *[""] * (width - len(by_hand)))
    refuse_doubles(names, fields, where)
    _refuse_lacking(["question", *fields] if own.intersection(fields) else fields, where)
    return Layout(
        dialect,
        fields,
        names if headed else ("",) * width,
        headed=headed,
        bars=dialect == OWN,
    )


def _recognised_or_own(headings: Sequence[str], tabs: bool) -> str:
    try:
        return _recognised(headings, tabs, "")
    except BadInput:
        return OWN


def _refuse_lacking(fields: Collection[str], where: str) -> None:
    lacking = [name for name in ("question", "answer") if name not in fields]
    if lacking:
        raise BadInput(
            f"the header lacks {', '.join(lacking)}",
            where=where,
            remedy="begin the file with: question,answer,similar; or say which columns are meant "
            "(--map question=标题 --map answer=内容) or whose form it is (--dialect)",
        )


def _not_this(system: str, header: str, where: str) -> BadInput:
    return BadInput(
        f"not the header of {system}",
        where=where,
        remedy=f"begin the file with: {header}; or leave --dialect out",
    )
