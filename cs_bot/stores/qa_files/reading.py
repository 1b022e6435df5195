"""Reads a file of QA pairs whatever its form, and reports every row that is none."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stores.qa_files import delimited, objects
from cs_bot.stores.qa_files.collecting import Collected, collected
from cs_bot.stores.qa_files.contents import Limits, decoded, read_bytes
from cs_bot.stores.qa_files.layouts import DIALECTS, MERGING, OWN, Layout, layout_of
from cs_bot.stores.qa_files.problems import BadRow, BadRows
from cs_bot.stores.qa_files.records import (
    FASTGPT_NAMES,
    dialect_of,
    keys_of,
    records_of_objects,
    records_of_table,
)
from cs_bot.stores.qa_files.source import Source
from cs_bot.stores.qa_files.table import Cell, Table, parted
from cs_bot.stores.qa_files.workbook import is_workbook, read_workbook
from cs_bot.types import QAPair

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file where it does not tell by itself."""

    answers_required: bool = True
    """Whether an answer must be there; without, it is empty: enough to evaluate, not to serve."""
    dialect: str | None = None
    """Whose form it is; None finds out."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Which column or key is which of our fields, where the names do not tell."""
    fields: tuple[str, ...] = ()
    """Which of our fields each column or key is, in the order of `columns_of`, "" for none.

    Said by a person who saw all of them: then no column is guessed.
    """
    headed: bool = True
    """Whether the first row holds headings, where `fields` says what the columns are."""
    sheet: str | None = None
    """The sheet of a workbook; None takes the first that holds anything."""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class ReadPair:
    """A pair and the line it stands on."""

    pair: QAPair
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: pairs, and the rows that are none."""

    path: Path
    sheet: str | None
    dialect: str
    encoding: str
    headings: tuple[str, ...]
    rows: tuple[ReadPair, ...]
    bad: tuple[BadRow, ...]

    @property
    def pairs(self) -> list[QAPair]:
        """The pairs in the order of the file."""
        return [row.pair for row in self.rows]

    def refuse_bad(self, remedy: str = "correct them") -> None:
        """Raise `BadInput` when any row is no pair."""
        if len(self.bad) == 1:
            (row,) = self.bad
            raise BadInput(row.what, where=row.where, remedy=row.remedy)
        if self.bad:
            of = len(self.rows) + len(self.bad)
            raise BadRows(self.bad, of=of, where=str(self.path), remedy=remedy)

    def refuse_empty(self) -> None:
        """Raise `BadInput` when there is no pair."""
        if not self.rows:
            raise BadInput(
                "there are no pairs", where=str(self.path), remedy="write one pair a line"
            )


def read_pairs(path: Path, *, answers_required: bool = True) -> list[QAPair]:
    """Return the pairs of a file in its order, all or nothing; raises `BadInput`.

    Without `answers_required` an answer may lack or be null and is then empty: enough to
    evaluate with, not to serve.
    """
    reading = read_file(path, ReadOptions(answers_required=answers_required))
    reading.refuse_bad()
    reading.refuse_empty()
    return reading.pairs


def read_file(path: Path, options: ReadOptions | None = None) -> Reading:
    """Return what a file holds; raises `BadInput` when the file as a whole cannot be read."""
    options = options or ReadOptions()
    return read_content(path, read_bytes(path, options.limits), options)


def read_content(path: Path, content: bytes, options: ReadOptions) -> Reading:
    """Return what the content of a file holds; the path only gives it its name and ending."""
    if options.dialect is not None and options.dialect not in DIALECTS:
        raise UnknownName("dialect", options.dialect, DIALECTS, where="--dialect")
    source = _source(path, content, options)
    found = collected(source, answers_required=options.answers_required, limits=options.limits)
    if found.unused:
        log.warning("%s: fields not used: %s", path, ", ".join(sorted(found.unused)))
    return _reading(source, found)


def _reading(source: Source, found: Collected) -> Reading:
    return Reading(
        path=source.path,
        sheet=source.sheet,
        dialect=source.dialect,
        encoding=source.encoding,
        headings=source.headings,
        rows=tuple(ReadPair(pair, line) for line, pair in found.pairs.values()),
        bad=tuple(found.bad),
    )


def _source(path: Path, content: bytes, options: ReadOptions) -> Source:
    if is_workbook(path, content):
        most = options.limits.rows if options.limits else None
        table = read_workbook(path, content, options.sheet, most_rows=most)
        return _of_table(path, table, "", options)
    text, encoding = decoded(path, content)
    if path.suffix.lower() in delimited.SUFFIXES:
        return _of_table(path, delimited.read_delimited(path, text), encoding, options)
    return _of_objects(path, text, encoding, options)


def layout_by(options: ReadOptions, first: Sequence[Cell], *, tabs: bool, where: str) -> Layout:
    """Return what the columns under a first row are by these options; raises `BadInput`."""
    return layout_of(
        first,
        dialect=options.dialect,
        mapping=options.mapping,
        by_hand=options.fields,
        headed=options.headed,
        tabs=tabs,
        where=where,
    )


def _of_table(path: Path, table: Table, encoding: str, options: ReadOptions) -> Source:
    above, (line, first), below = parted(table.rows)
    where = f"{path}, sheet {table.sheet}" if table.sheet else f"{path}:{line}"
    layout = layout_by(options, first, tabs=table.tabs, where=where)
    body = below if layout.headed else chain(above, [(line, first)], below)
    return Source(
        path=path,
        sheet=table.sheet,
        dialect=layout.dialect,
        encoding=encoding,
        headings=layout.headings,
        names=_names(layout),
        unused=_unused(layout),
        records=records_of_table(body, layout, is_text=table.sheet is None),
        merges=_merges(layout.dialect, options),
    )


def _merges(dialect: str, options: ReadOptions) -> bool:
    return dialect in MERGING and dialect == options.dialect


def _names(layout: Layout) -> Mapping[str, str]:
    named = zip(layout.fields, layout.headings, strict=True)
    # The other way round, so that of several columns the first gives its name.
    names = {field: heading for field, heading in reversed(list(named)) if field and heading}
    return {"question": names["questions"], **names} if "questions" in names else names


def _unused(layout: Layout) -> frozenset[str]:
    named = zip(layout.fields, layout.headings, strict=True)
    return frozenset(heading for field, heading in named if heading and not field)


def _of_objects(path: Path, text: str, encoding: str, options: ReadOptions) -> Source:
    found = objects.read_objects(path, text)
    first, keys = keys_of(found)
    by_hand = dict(zip(keys, options.fields, strict=False))
    said = options.mapping or by_hand
    dialect = OWN if said else options.dialect or dialect_of(first[0][1] if first else None)
    return Source(
        path=path,
        sheet=None,
        dialect=dialect,
        encoding=encoding,
        headings=("row",),
        names=FASTGPT_NAMES if dialect == "fastgpt" else {},
        unused=frozenset(),
        records=records_of_objects(chain(first, found), dialect, options.mapping, by_hand),
        merges=_merges(dialect, options),
    )
