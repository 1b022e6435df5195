"""Makes pairs of the records of a file and keeps account of those that are none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cs_bot.errors import BadInput
from cs_bot.stores.pair_limits import MOST_SIMILAR
from cs_bot.stores.qa_files.contents import Limits
from cs_bot.stores.qa_files.problems import BadRow, WrongField
from cs_bot.stores.qa_files.records import Record
from cs_bot.stores.qa_files.rows import Row
from cs_bot.stores.qa_files.source import Source
from cs_bot.types import QAPair


@dataclass(slots=True)
class Collected:
    """Pairs by id with their lines, bad rows, and the fields that have no meaning."""

    pairs: dict[str, tuple[int, QAPair]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)
    wordings: dict[str, dict[str, None]] = field(default_factory=dict)
    """Questions of further rows by the id of the pair that has their answer."""


@dataclass(slots=True)
class _SameAnswer:
    """The pair that further rows with its answer go to, and all questions that have the answer."""

    pair_id: str = ""
    questions: set[str] = field(default_factory=set)


def collected(source: Source, *, answers_required: bool, limits: Limits | None) -> Collected:
    """Return what the records say; raises `BadInput` when there are too many."""
    found = Collected(unused=set(source.unused))
    by_answer: dict[str, _SameAnswer] = {}
    for count, record in enumerate(source.records, 1):
        if limits and count > limits.rows:
            raise BadInput(
                f"the file has more than {limits.rows:,} rows",
                where=str(source.path),
                remedy="split it into several files",
            )
        pair = _pair(source, record, found, answers_required=answers_required)
        if pair is None or (source.merges and _is_merged(pair, found, by_answer)):
            continue
        if _is_kept(source, record, pair, found):
            same = by_answer.setdefault(pair.answer, _SameAnswer())
            same.pair_id = pair.id
            same.questions.add(pair.question)
    _add_wordings(found)
    return found


def _pair(
    source: Source, record: Record, found: Collected, *, answers_required: bool
) -> QAPair | None:
    if record.wrong:
        column, why = record.wrong
        named = f"{column!r}: {why.what}" if column else why.what
        found.bad.append(source.bad(record, column, named, why.remedy))
        return None
    row = Row(record.values, source.names, served=answers_required)
    found.unused |= row.unused()
    try:
        return row.pair()
    except WrongField as wrong:
        found.bad.append(source.bad(record, wrong.field, wrong.what, wrong.remedy))
        return None


def _is_merged(pair: QAPair, found: Collected, by_answer: dict[str, str]) -> bool:
    """Make the row a wording of the pair that has its answer already, if one has.

    A pair that is full is followed by another one with the same answer.
    """
    same = by_answer.get(pair.answer)
    if same is None:
        return False
    if pair.question not in same.questions:
        wordings = found.wordings.setdefault(same.pair_id, {})
        if len(wordings) == MOST_SIMILAR:
            return False
        wordings[pair.question] = None
        same.questions.add(pair.question)
    return True


def _add_wordings(found: Collected) -> None:
    for pair_id, texts in found.wordings.items():
        line, pair = found.pairs[pair_id]
        similar = dict.fromkeys(pair.similar) | texts
        similar.pop(pair.question, None)
        found.pairs[pair_id] = line, replace(pair, similar=tuple(similar))


def _is_kept(source: Source, record: Record, pair: QAPair, found: Collected) -> bool:
    """Keep the pair, unless another one has its id: then the row is a bad one."""
    if pair.id not in found.pairs:
        found.pairs[pair.id] = record.line, pair
        return True
    line, _ = found.pairs[pair.id]
    named = "id" if record.values.get("id") else "question"
    value = pair.id if named == "id" else pair.question
    what = f"the {named} {value!r} stands on line {line} already"
    remedy = "give one of the two another id, or remove it"
    if named == "question":
        remedy = "put both into one row, or remove one"
    found.bad.append(source.bad(record, source.names.get(named, named), what, remedy))
    return False
