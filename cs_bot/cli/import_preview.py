"""`cs-bot knowledge import --dry-run`: what an import would do, for people and for machines."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from cs_bot.admin.import_check import Asked, Change, Clash, Dangling, Preview, preview
from cs_bot.stores.protocols import KnowledgeStore, PairQuery
from cs_bot.stores.qa_files import BadRow, Reading
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair

_MOST_SHOWN = 100
_PAGE = 1000


async def show_preview(
    knowledge: KnowledgeStore, reading: Reading, args: argparse.Namespace
) -> int:
    """Print what would change; returns 2 when the import would be refused for bad rows."""
    rows = [(row.pair, row.line) for row in reading.rows]
    drafts, archived = await knowledge.draft_pairs(), await _archived(knowledge)
    found = preview(rows, drafts, archived, normalized)
    if args.json:
        print(json.dumps(_as_json(found, reading), ensure_ascii=False))
    else:
        for line in _lines(found, reading):
            print(line)
        for said in _shown(reading.bad, _bad):
            print(said, file=sys.stderr)
    return 2 if reading.bad and not args.skip_bad else 0


async def _archived(knowledge: KnowledgeStore) -> dict[str, QAPair]:
    found: dict[str, QAPair] = {}
    number = 1
    while items := (
        await knowledge.pairs(PairQuery(status="archived", page=number, size=_PAGE))
    ).items:
        found |= {item.pair.id: item.pair for item in items}
        number += 1
    return found


def _lines(found: Preview, reading: Reading) -> Iterator[str]:
    yield from _shown(found.added, lambda one: _change("added", one))
    yield from _shown(found.changed, lambda one: _change("changed", one))
    yield from _shown(found.duplicates, lambda one: _clash("duplicate", one))
    yield from _shown(found.conflicts, lambda one: _clash("conflict", one))
    yield from _shown(found.dangling, _dangling)
    counts = {
        "added": len(found.added),
        "changed": len(found.changed),
        "unchanged": found.unchanged,
        "duplicates": len(found.duplicates),
        "conflicts": len(found.conflicts),
        "bad rows": len(reading.bad),
        **({"unknown related": len(found.dangling)} if found.dangling else {}),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    yield f"{said}; read as {_form(reading)}; nothing was imported"


def _form(reading: Reading) -> str:
    sheet = f"sheet {reading.sheet}" if reading.sheet else ""
    return ", ".join(filter(None, (reading.dialect, reading.encoding, sheet)))


def _shown(items: Sequence[Any], line: Any) -> Iterator[str]:
    yield from (line(item) for item in items[:_MOST_SHOWN])
    if len(items) > _MOST_SHOWN:
        yield f"... and {len(items) - _MOST_SHOWN} more, all of them with --json"


def _change(word: str, one: Change) -> str:
    named = f"  ({', '.join(one.fields)})" if one.fields else ""
    return f"{word:<9} {one.pair_id:<12} line {one.line:<5} {one.question}{named}"


def _clash(word: str, one: Clash) -> str:
    answers = "another answer" if one.is_conflict else "the same answer"
    asked, other = _place(one.asked), _place(one.other)
    return f"{word:<9} {asked}: {one.asked.text!r} equals {one.other.text!r} of {other}, {answers}"


def _dangling(one: Dangling) -> str:
    return f"related   {one.pair_id} (line {one.line}): there is no pair {one.related!r}"


def _place(asked: Asked) -> str:
    return f"{asked.pair_id} (line {asked.line})" if asked.line else f"{asked.pair_id} (draft)"


def _bad(row: BadRow) -> str:
    return f"bad row   {row}"


def _as_json(found: Preview, reading: Reading) -> dict[str, Any]:
    return {
        "added": [_change_row(one) for one in found.added],
        "changed": [{**_change_row(one), "fields": list(one.fields)} for one in found.changed],
        "unchanged": found.unchanged,
        "duplicates": [_clash_row(one) for one in found.duplicates],
        "conflicts": [_clash_row(one) for one in found.conflicts],
        "unknown_related": [
            {"id": one.pair_id, "line": one.line, "related": one.related} for one in found.dangling
        ],
        "bad": [_bad_row(row) for row in reading.bad],
        "dialect": reading.dialect,
        "encoding": reading.encoding or None,
        "sheet": reading.sheet,
    }


def _change_row(one: Change) -> dict[str, Any]:
    return {"id": one.pair_id, "line": one.line, "question": one.question}


def _clash_row(one: Clash) -> dict[str, Any]:
    return {
        "id": one.asked.pair_id,
        "line": one.asked.line,
        "question": one.asked.text,
        "other": {"id": one.other.pair_id, "line": one.other.line, "question": one.other.text},
    }


def _bad_row(row: BadRow) -> dict[str, Any]:
    return {
        "where": row.where,
        "line": row.line,
        "column": row.column,
        "problem": row.what,
        "remedy": row.remedy,
    }
