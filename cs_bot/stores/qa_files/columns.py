"""The columns of a file as it has them: headings, a few cells, and what each is taken for.

Tells them also of a file whose columns cannot be understood, so that a person can.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import delimited
from cs_bot.stores.qa_files.contents import decoded
from cs_bot.stores.qa_files.headings import field_of, is_language
from cs_bot.stores.qa_files.layouts import OWN, Layout
from cs_bot.stores.qa_files.objects import Objects, read_objects
from cs_bot.stores.qa_files.problems import Unusable
from cs_bot.stores.qa_files.reading import ReadOptions, layout_by
from cs_bot.stores.qa_files.records import FASTGPT_NAMES, dialect_of, keys_of
from cs_bot.stores.qa_files.table import Cell, Table, parted
from cs_bot.stores.qa_files.workbook import is_workbook, read_workbook

SAMPLE = 10
"""Rows that are shown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or a key of JSON objects; `field` is "" where it has no meaning."""

    heading: str
    field: str
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file has for columns."""

    columns: tuple[Column, ...]
    headed: bool
    """Whether the first row holds the headings; True for JSON."""
    sheet: str | None = None
    encoding: str = ""


def columns_of(path: Path, content: bytes, options: ReadOptions) -> Columns:
    """Return the columns of a file; raises `BadInput` where it holds no rows at all."""
    if is_workbook(path, content):
        table = read_workbook(path, content, options.sheet, most_rows=SAMPLE)
        return _of_table(path, table, options)
    text, encoding = decoded(path, content)
    if path.suffix.lower() in delimited.SUFFIXES:
        found = _of_table(path, delimited.read_delimited(path, text), options)
    else:
        found = _of_objects(read_objects(path, text), options)
    return replace(found, encoding=encoding)


def _of_table(path: Path, table: Table, options: ReadOptions) -> Columns:
    _, (_, first), below = parted(table.rows)
    try:
        layout = layout_by(options, first, tabs=table.tabs, where=str(path))
    except BadInput:
        layout = _guessed(first)
    rows = [cells for _, cells in islice(below, SAMPLE)]
    if not layout.headed:
        rows = [first, *rows][:SAMPLE]
    widest = max(map(len, rows), default=0) if layout.rest else 0
    width = max(len(layout.fields), widest)
    columns = (_column(layout, index, rows) for index in range(width))
    return Columns(tuple(columns), layout.headed, table.sheet)


def _guessed(first: Sequence[Cell]) -> Layout:
    """Return the layout as far as it can be told: of two columns for one field the first has it."""
    headings = tuple(cell.strip() if isinstance(cell, str) else "" for cell in first)
    return Layout(OWN, _each_once(map(field_of, headings)), headings)


def _each_once(fields: Iterable[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    once = []
    for field in fields:
        once.append("" if field in seen else field)
        seen.add(field)
    return tuple(once)


def _column(layout: Layout, index: int, rows: Sequence[Sequence[Cell]]) -> Column:
    known = index < len(layout.fields)
    cells = (row[index] if index < len(row) else "" for row in rows)
    return Column(
        heading=layout.headings[index] if known and layout.headed else "",
        field=layout.fields[index] if known else layout.rest,
        sample=tuple(cell if isinstance(cell, str) else cell.raw for cell in cells),
    )


def _of_objects(objects: Objects, options: ReadOptions) -> Columns:
    first, keys = keys_of(objects)
    items = [item for _, item in first if not isinstance(item, Unusable)]
    fields = options.fields or _fields_of_keys(keys, items, options)
    columns = (
        Column(key, fields[n] if n < len(fields) else "", _sample(items, key))
        for n, key in enumerate(keys)
    )
    return Columns(tuple(columns), headed=True)


def _fields_of_keys(
    keys: Sequence[str], items: Sequence[object], options: ReadOptions
) -> tuple[str, ...]:
    if (options.dialect or dialect_of(items[0] if items else None)) == "fastgpt":
        own = {key: field for field, key in FASTGPT_NAMES.items()}
        return tuple(own.get(key, "") for key in keys)
    said = {key: field for field, key in options.mapping.items()}
    return _each_once(
        said.get(key) or field_of(key) or (key if is_language(key) else "") for key in keys
    )


def _sample(items: Sequence[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    return tuple(_as_text(item.get(key)) for item in items[:SAMPLE])


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
