"""Turns rows of tables and objects of JSON into values under our own field names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files.formulas import original
from cs_bot.stores.qa_files.headings import (
    LISTS,
    field_of,
    fields_of,
    plain_heading,
    refuse_unknown_fields,
)
from cs_bot.stores.qa_files.layouts import OWN, PREFIX, Layout
from cs_bot.stores.qa_files.objects import Objects
from cs_bot.stores.qa_files.problems import Unusable
from cs_bot.stores.qa_files.table import Cell, Line


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its values by our fields, and its cells as the file has them.

    `wrong` says which column cannot be used, and why.
    """

    line: int
    values: Mapping[str, Any]
    cells: tuple[Any, ...]
    wrong: tuple[str, Unusable] | None = None


def records_of_table(rows: Iterator[Line], layout: Layout, *, is_text: bool) -> Iterator[Record]:
    """Yield a record for each row of a table."""
    ragflow = layout.dialect == "ragflow"
    for line, row in _continued(rows) if ragflow and is_text else rows:
        cells = _trimmed(row, len(layout.fields))
        raw = tuple(cell if isinstance(cell, str) else cell.raw for cell in cells)
        wrong = _wrong_cell(cells, layout)
        values = {} if wrong else _values(cells, layout)
        yield Record(line, _without_prefixes(values) if ragflow else values, raw, wrong)


_KEYS_FROM = 100
"""Objects whose keys count as the columns of the file."""
FASTGPT_NAMES = {"question": "q", "answer": "a", "similar": "indexes"}


def dialect_of(first: object) -> str:
    """Return whose form a JSON file has that begins with this object."""
    return "fastgpt" if isinstance(first, dict) and {"q", "a"} <= first.keys() else OWN


def keys_of(objects: Objects) -> tuple[list[tuple[int, dict[str, Any] | Unusable]], list[str]]:
    """Return the first objects, taken off the rest, and the keys that they have."""
    first = list(islice(objects, _KEYS_FROM))
    items = (item for _, item in first if not isinstance(item, Unusable))
    return first, list(dict.fromkeys(key for item in items for key in item))


def records_of_objects(
    objects: Iterator[tuple[int, dict[str, Any] | Unusable]],
    dialect: str,
    mapping: Mapping[str, str],
    by_hand: Mapping[str, str],
) -> Iterator[Record]:
    """Yield a record for each object of a JSON file; `by_hand` says the field of every key."""
    refuse_unknown_fields(mapping)
    for line, item in objects:
        if isinstance(item, Unusable):
            yield Record(line, {}, (item.raw,), ("", item))
            continue
        raw = (item,)
        try:
            if by_hand:
                values = _chosen(item, by_hand)
            else:
                values = _fastgpt_values(item) if dialect == "fastgpt" else _renamed(item, mapping)
        except BadInput as error:
            yield Record(line, {}, raw, ("", Unusable(error.what, error.remedy)))
        else:
            yield Record(line, values, raw)


def _continued(rows: Iterator[Line]) -> Iterator[Line]:
    """Put a line without a second cell at the end of the answer before it, as RAGFlow does."""
    held: tuple[int, list[Cell]] | None = None
    for line, row in rows:
        cells = list(row)
        if held and len(cells) == 1 and len(held[1]) == 2:
            held[1][1] = f"{held[1][1]}\n{cells[0]}"
            continue
        if held:
            yield held
        held = line, cells
    if held:
        yield held


def _trimmed(row: Sequence[Cell], width: int) -> list[Cell]:
    """Return the cells without the empty ones beyond the last heading, at least `width`."""
    cells = list(row)
    while len(cells) > width and cells[-1] == "":
        cells.pop()
    return cells + [""] * (width - len(cells))


def _wrong_cell(cells: Sequence[Cell], layout: Layout) -> tuple[str, Unusable] | None:
    width = len(layout.fields)
    if len(cells) > width and not layout.rest:
        what = f"{len(cells)} cells under {width} headings"
        return "", Unusable(what, "put text that holds a comma in double quotes")
    for index, cell in enumerate(cells):
        if isinstance(cell, Unusable) and (index >= width or layout.fields[index]):
            return heading_at(layout, index), cell
    return None


def heading_at(layout: Layout, index: int) -> str:
    """Return what the file calls a column, beyond the last heading too."""
    return layout.headings[index] if index < len(layout.headings) else layout.rest


def _values(cells: Sequence[Cell], layout: Layout) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for index, cell in enumerate(cells):
        name = layout.fields[index] if index < len(layout.fields) else layout.rest
        if not name or not isinstance(cell, str) or not cell.strip():
            continue
        language, _, field = name.rpartition(".")
        into = values.setdefault(language, {}) if language else values
        text = original(cell)
        if field in LISTS or field == "questions":
            into.setdefault(field, []).extend(_items(text, bars=layout.bars))
        else:
            into[field] = text
    return values if layout.dialect == OWN else _asked_once(values)


def _items(cell: str, *, bars: bool) -> list[str]:
    """Return the texts of one cell: one a line, or on one line with `|` between them."""
    return cell.split("|" if bars and "\n" not in cell else "\n")


def _asked_once(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of another system with each wording once, the first the question."""
    title, questions = values.pop("title", ""), values.pop("questions", [])
    asked = [values.get("question", ""), *questions, *values.pop("similar", [])]
    once = list(dict.fromkeys(text.strip() for text in asked if text.strip())) or [title]
    return {**values, "question": once[0], "similar": once[1:]}


def _without_prefixes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: PREFIX.sub("", value, count=1) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _fastgpt_values(item: Mapping[str, Any]) -> dict[str, Any]:
    indexes = item.get("indexes") or []
    texts = indexes if isinstance(indexes, list) else [indexes]
    similar = [one.get("text") if isinstance(one, dict) else one for one in texts]
    values = {"question": item.get("q"), "answer": item.get("a"), "similar": similar}
    usable = all(isinstance(text, str) for text in (values["question"], *similar))
    return _asked_once(values) if usable else values


def _chosen(item: Mapping[str, Any], by_hand: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the keys that a person gave a field."""
    values: dict[str, Any] = {}
    for name, field in by_hand.items():
        if field and name in item:
            language, _, inner = field.rpartition(".")
            into = values.setdefault(language, {}) if language else values
            into[inner] = item[name]
    return values


def _renamed(item: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """Return the values under our names; what has none keeps its own."""
    if not mapping and all(field_of(name) in {name, ""} for name in item):
        return dict(item)
    here = {plain_heading(name) for name in item}
    # An object may leave out what others say, as a row of a table cannot.
    said = {field: name for field, name in mapping.items() if plain_heading(name) in here}
    fields = fields_of(list(item), said, where="")
    values: dict[str, Any] = {}
    for name, field in zip(item, fields, strict=True):
        language, _, inner = field.rpartition(".")
        into = values.setdefault(language, {}) if language else values
        into[inner or name] = item[name]
    return values
