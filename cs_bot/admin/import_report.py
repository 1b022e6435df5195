"""Makes the report of an import: what a file holds, and what it would do to the drafts. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TypeVar

from cs_bot.admin.import_check import Asked, Change, Clash, Preview, preview
from cs_bot.admin.import_views import (
    AddedView,
    AskedView,
    BadRowView,
    ChangedView,
    ClashView,
    ColumnView,
    CountsView,
    DifferenceView,
    ImportCheckView,
)
from cs_bot.admin.import_words import refusal_words, spoken
from cs_bot.errors import BadInput
from cs_bot.stores.codec import digest, pair_as_json
from cs_bot.stores.qa_files import (
    FIELDS,
    IN_EACH_LANGUAGE,
    BadRow,
    Columns,
    Reading,
    ReadOptions,
    columns_of,
    is_workbook,
    read_content,
    sheets_of,
)
from cs_bot.types import QAPair

MOST_LISTED = 2_000
"""Rows of one kind that a report lists; the counts know all of them."""
MOST_CHARACTERS = 2_000_000
"""Characters that the rows of one kind may have together."""
_LANGUAGES = ("zh", "en")

Item = TypeVar("Item")
View = TypeVar("View", AddedView, ChangedView, ClashView, BadRowView)


@dataclass(frozen=True, slots=True)
class Told:
    """A file that was read, or the reason why it could not be; its columns either way."""

    path: Path
    columns: Columns
    sheets: tuple[str, ...]
    reading: Reading | None
    problem: BadInput | None = None

    @property
    def pairs(self) -> list[QAPair]:
        """The pairs of the file, none where it could not be read."""
        return self.reading.pairs if self.reading else []


def told(path: Path, content: bytes, options: ReadOptions) -> Told:
    """Read a file; raises `BadInput` only where not even its columns can be told."""
    sheets = sheets_of(path, content) if is_workbook(path, content) else ()
    columns = columns_of(path, content, options)
    try:
        reading = read_content(path, content, options)
        if not reading.bad:
            reading.refuse_empty()
    except BadInput as error:
        return Told(path, columns, sheets, None, error)
    return Told(path, columns, sheets, reading)


def fingerprint(reading: Reading) -> str:
    """Return what identifies the pairs of a file, the lines they stand on, and its bad rows."""
    seen = hashlib.blake2b(digest_size=16)
    for row in reading.rows:
        seen.update(f"{row.line} {digest(pair_as_json(row.pair))}\n".encode())
    for bad in reading.bad:
        seen.update(f"{bad.line} bad\n".encode())
    return seen.hexdigest()


def clash_print(outcome: Preview) -> str:
    """Return what identifies the pairs that clash."""
    names = "\n".join(sorted(outcome.clashing))
    return hashlib.blake2b(names.encode(), digest_size=8).hexdigest()


def outcome_of(
    reading: Reading,
    drafts: Sequence[QAPair],
    archived: Mapping[str, QAPair],
    normalized: Callable[[str], str],
) -> Preview:
    """Return what importing the pairs of a file would do."""
    return preview([(row.pair, row.line) for row in reading.rows], drafts, archived, normalized)


def report(
    found: Told,
    drafts: Sequence[QAPair],
    archived: Mapping[str, QAPair],
    *,
    mark: str,
    normalized: Callable[[str], str],
    locale: str,
) -> bytes:
    """Return the JSON of `ImportCheckView` in a language."""
    if found.reading is None:
        view = _view(found, None, locale)
    else:
        outcome = outcome_of(found.reading, drafts, archived, normalized)
        view = _view(found, outcome, locale)
        before = {**archived, **{pair.id: pair for pair in drafts}}
        after = {pair.id: pair for pair in found.pairs}
        view.seen = f"{fingerprint(found.reading)}.{clash_print(outcome)}.{mark}"
        view.added = _listed(outcome.added, lambda one: _added(one, after[one.pair_id]))
        view.changed = _listed(
            outcome.changed, lambda one: _changed(one, before[one.pair_id], after[one.pair_id])
        )
        view.duplicates = _listed(outcome.duplicates, _clash)
        view.conflicts = _listed(outcome.conflicts, _clash)
        view.bad = _listed(found.reading.bad, lambda row: _bad(row, locale))
    return view.model_dump_json().encode()


def bad_row_reasons(reading: Reading, locale: str) -> list[tuple[str, str]]:
    """Return for each bad row what is wrong and what to do, in a language."""
    return [(spoken(r.what).spoken(locale), spoken(r.remedy).spoken(locale)) for r in reading.bad]


def _view(found: Told, outcome: Preview | None, locale: str) -> ImportCheckView:
    reading, problem = found.reading, found.problem
    return ImportCheckView(
        file=found.path.name,
        dialect=reading.dialect if reading else "",
        encoding=found.columns.encoding or None,
        sheet=found.columns.sheet,
        sheets=list(found.sheets),
        headed=found.columns.headed,
        columns=[
            ColumnView(heading=one.heading, field=one.field, sample=list(one.sample))
            for one in found.columns.columns
        ],
        fields=_fields(found.columns),
        problem=refusal_words(problem).spoken(locale) if problem else None,
        counts=_counts(reading, outcome),
        added=[],
        changed=[],
        duplicates=[],
        conflicts=[],
        bad=[],
        seen=None,
    )


def _counts(reading: Reading | None, outcome: Preview | None) -> CountsView:
    if reading is None or outcome is None:
        return CountsView(
            added=0, changed=0, unchanged=0, duplicates=0, conflicts=0, clashing=0, bad=0
        )
    told = {one.pair_id for one in (*outcome.added, *outcome.changed)}
    return CountsView(
        added=len(outcome.added),
        changed=len(outcome.changed),
        unchanged=outcome.unchanged,
        duplicates=len(outcome.duplicates),
        conflicts=len(outcome.conflicts),
        clashing=len(outcome.clashing & told),
        bad=len(reading.bad),
    )


def _fields(columns: Columns) -> list[str]:
    """Return every field that a column may be, with those that the file has beyond."""
    translated = [
        f"{language}.{field}"
        for language in _LANGUAGES
        for field in FIELDS
        if field in IN_EACH_LANGUAGE
    ]
    own = [column.field for column in columns.columns if column.field]
    return list(dict.fromkeys((*FIELDS, *translated, *own)))


def _listed(items: Iterable[Item], view: Callable[[Item], View]) -> list[View]:
    listed: list[View] = []
    characters = 0
    for item in items:
        one = view(item)
        characters += len(one.model_dump_json())
        if len(listed) == MOST_LISTED or (listed and characters > MOST_CHARACTERS):
            break
        listed.append(one)
    return listed


def _added(one: Change, pair: QAPair) -> AddedView:
    return AddedView(id=pair.id, line=one.line, question=pair.question, answer=pair.answer)


def _changed(one: Change, before: QAPair, after: QAPair) -> ChangedView:
    names = [name for name in one.fields if name != "archived"]
    return ChangedView(
        id=one.pair_id,
        line=one.line,
        question=before.question,
        restored="archived" in one.fields,
        differences=[view for name in names for view in _differences(name, before, after)],
    )


def _differences(name: str, before: QAPair, after: QAPair) -> Iterator[DifferenceView]:
    """Yield a field before and after; of a translation, each of its fields that differs."""
    if hasattr(before, name):
        values = _text(getattr(before, name)), _text(getattr(after, name))
        yield DifferenceView(field=name, before=values[0], after=values[1])
        return
    old, new = before.translations.get(name), after.translations.get(name)
    for field in ("question", "similar", "answer"):
        values = _text(getattr(old, field, None)), _text(getattr(new, field, None))
        if values[0] != values[1]:
            yield DifferenceView(field=f"{name}.{field}", before=values[0], after=values[1])


def _text(value: object) -> str:
    """Return a value as a person reads it: of a list, one item a line."""
    if isinstance(value, tuple):
        return "\n".join(map(_text, value))
    if is_dataclass(value) and not isinstance(value, type):
        told = ((item.name, getattr(value, item.name)) for item in fields(value))
        return "; ".join(f"{name}: {_text(one)}" for name, one in told if one)
    return "" if value is None else str(value)


def _clash(clash: Clash) -> ClashView:
    return ClashView(asked=_asked(clash.asked), other=_asked(clash.other))


def _asked(asked: Asked) -> AskedView:
    return AskedView(id=asked.pair_id, line=asked.line, question=asked.text, answer=asked.answer)


def _bad(row: BadRow, locale: str) -> BadRowView:
    return BadRowView(
        line=row.line,
        column=row.column,
        problem=spoken(row.what).spoken(locale),
        remedy=spoken(row.remedy).spoken(locale),
        cells=list(row.cells),
    )
