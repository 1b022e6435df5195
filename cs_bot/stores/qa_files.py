"""Reads and writes QA pairs as files: JSON Lines or CSV. Every problem names file, line and field.

Must not know the database: what it returns is checked pairs, all or nothing.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.text.language import language_of
from cs_bot.types import QAPair, Wording

log = logging.getLogger(__name__)

Rows = Iterator[tuple[int, Mapping[str, Any]]]

_FIELDS = ("id", "question", "similar", "answer", "category", "tags", "task", "locale")
_LIST_MARK = "|"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_pairs(path: Path, *, answers_required: bool = True) -> list[QAPair]:
    """Return the pairs of a `.jsonl` or `.csv` file in its order; raises `BadInput`.

    Without `answers_required` an answer may lack or be null and is then empty: enough to
    evaluate with, not to serve.
    """
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path)
    pairs: dict[str, QAPair] = {}
    lines: dict[str, int] = {}
    unused: set[str] = set()
    for line, values in rows:
        row = _Row(values, f"{path}:{line}")
        pair = row.pair(answers_required=answers_required)
        if pair.id in pairs:
            raise BadInput(
                f"the id {pair.id!r} stands on line {lines[pair.id]} already",
                where=row.where,
                remedy="give one of the two another id, or remove it",
            )
        pairs[pair.id], lines[pair.id] = pair, line
        unused |= row.unused()
    if not pairs:
        raise BadInput("there are no pairs", where=str(path), remedy="write one pair a line")
    if unused:
        log.warning("%s: fields not used: %s", path, ", ".join(sorted(unused)))
    return list(pairs.values())


def write_pairs(path: Path, pairs: Sequence[QAPair]) -> None:
    """Write the pairs as `.jsonl` or `.csv`, whole or not at all; `read_pairs` reads them back.

    Raises `BadInput` when the file cannot be written.
    """
    write = _csv_text if path.suffix.lower() == ".csv" else _json_text
    part = path.parent / f"{path.name}.part"
    try:
        part.write_text(write(pairs), encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise BadInput(
            f"cannot be written: {error.strerror}", where=str(path), remedy="name another file"
        ) from None


class _Row:
    """One row of a file, read field by field."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values = values
        self.where = where

    def pair(self, *, answers_required: bool) -> QAPair:
        question = self.text("question")
        return QAPair(
            id=self.text("id"),
            question=question,
            similar=self.texts("similar"),
            answer=self.text("answer", required=answers_required),
            locale=self.text("locale", required=False) or language_of(question) or "zh",
            translations={language: self._translation(language) for language in self._languages()},
            category=self.text("category", required=False),
            tags=self.texts("tags"),
            task=self.text("task", required=False) or None,
        )

    def text(self, field: str, *, required: bool = True) -> str:
        value = self._values.get(field)
        if value is not None and not isinstance(value, str):
            raise self._wrong(field, "text in quotes", value)
        if required and not (value or "").strip():
            raise BadInput(f"{field!r} is missing or empty", where=self.where, remedy="write it")
        return self._storable(field, value or "")

    def texts(self, field: str) -> tuple[str, ...]:
        value = self._values.get(field)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(field, "a list of texts", value)
        return tuple(self._storable(field, item) for item in value if item.strip())

    def unused(self) -> set[str]:
        return {name for name in self._values if name not in {*_FIELDS, *self._languages()}}

    def _languages(self) -> list[str]:
        return [
            name
            for name, value in self._values.items()
            if len(name) == 2 and name.isalpha() and name not in _FIELDS and value is not None
        ]

    def _translation(self, language: str) -> Wording:
        value = self._values[language]
        if not isinstance(value, dict):
            raise self._wrong(language, "an object with question and answer", value)
        inner = _Row(value, f"{self.where}: {language}")
        return Wording(inner.text("question"), inner.texts("similar"), inner.text("answer"))

    def _storable(self, field: str, text: str) -> str:
        """Return the text without space around it; no database keeps NUL or half a character."""
        unstorable = _UNSTORABLE.search(text)
        if unstorable:
            raise BadInput(
                f"{field!r} holds the character U+{ord(unstorable[0]):04X}, which cannot be stored",
                where=self.where,
                remedy="take it out",
            )
        return text.strip()

    def _wrong(self, field: str, wanted: str, value: Any) -> BadInput:
        shown = json.dumps(value, ensure_ascii=False)[:40]
        return BadInput(
            f"{field!r} must be {wanted}, not {shown}",
            where=self.where,
            remedy="correct the value",
        )


def _json_rows(path: Path) -> Rows:
    text = _decoded(path, _bytes(path), ("utf-8-sig",))
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"not valid JSON: {error}", where=f"{path}:{number}", remedy="correct the line"
            ) from None
        if not isinstance(values, dict):
            raise BadInput(
                "not a JSON object",
                where=f"{path}:{number}",
                remedy='write {"id": ..., "question": ..., "answer": ...}',
            )
        yield number, values


def _csv_rows(path: Path) -> Rows:
    text = _decoded(path, _bytes(path), ("utf-8-sig", "gb18030"))
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(table, [])]
    except csv.Error as error:
        raise BadInput(
            f"not valid CSV: {error}", where=f"{path}:1", remedy="correct the line"
        ) from None
    lacking = [name for name in ("question", "answer") if name not in header]
    if lacking:
        raise BadInput(
            f"the header lacks {', '.join(lacking)}",
            where=f"{path}:1",
            remedy="begin the file with: question,answer,similar",
        )
    line = table.line_num + 1
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield line, _csv_values(header, cells, f"{path}:{line}")
            line = table.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"not valid CSV: {error}", where=f"{path}:{table.line_num}", remedy="correct the line"
        ) from None


def _csv_values(header: Sequence[str], cells: Sequence[str], where: str) -> Mapping[str, Any]:
    if len(cells) > len(header):
        raise BadInput(
            f"{len(cells)} cells under {len(header)} headings",
            where=where,
            remedy="put text that holds a comma in double quotes",
        )
    values: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        language, _, field = name.rpartition(".")
        if not cell.strip():
            continue
        into = values.setdefault(language, {}) if language else values
        into[field] = _items(cell) if field in {"similar", "tags"} else cell
    values.setdefault("id", _made_id(str(values.get("question", ""))))
    return values


def _items(cell: str) -> list[str]:
    """Return the texts of one cell: one a line, or on one line with `|` between them."""
    return cell.split("\n" if "\n" in cell else _LIST_MARK)


def _cell(items: Sequence[str]) -> str:
    if any(_LIST_MARK in item for item in items):
        return "".join(f"{item}\n" for item in items)
    return _LIST_MARK.join(items)


def _made_id(question: str) -> str:
    """Return an id for a row without one: the same question gets the same id every time."""
    return "q-" + blake2b(question.strip().encode(), digest_size=5).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None


def _decoded(path: Path, content: bytes, encodings: Sequence[str]) -> str:
    problem: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            problem = problem or error
    at = problem.start if problem else 0
    line = content.count(b"\n", 0, at) + 1
    raise BadInput(
        f"not UTF-8: byte {at} is 0x{content[at]:02x}",
        where=f"{path}:{line}",
        remedy="save the file as UTF-8",
    )


def _json_text(pairs: Sequence[QAPair]) -> str:
    return "".join(json.dumps(_plain(pair), ensure_ascii=False) + "\n" for pair in pairs)


def _csv_text(pairs: Sequence[QAPair]) -> str:
    rows = [_flat(_plain(pair)) for pair in pairs]
    names = dict.fromkeys((*_FIELDS[:4], *(name for row in rows for name in row)))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(names), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{name}.")
        else:
            cells[prefix + name] = value if isinstance(value, str) else _cell(value)
    return cells


def _plain(pair: QAPair) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": pair.id,
        "question": pair.question,
        "similar": list(pair.similar),
        "answer": pair.answer,
        "category": pair.category,
        "tags": list(pair.tags),
        "task": pair.task,
        "locale": pair.locale,
    }
    kept = {name: value for name, value in values.items() if value or name == "similar"}
    translated = {
        language: {"question": w.question, "similar": list(w.similar), "answer": w.answer}
        for language, w in pair.translations.items()
    }
    return {**kept, **translated}
