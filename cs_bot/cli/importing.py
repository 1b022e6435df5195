"""`cs-bot knowledge import | imports | undo`: pairs from a file, and back."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cs_bot.cli.releasing import BY, answering, index, refuse_problems, release_row, waiting
from cs_bot.errors import BadInput, Conflict
from cs_bot.settings import Settings
from cs_bot.stores.protocols import Import, ImportCounts, KnowledgeStore, Release
from cs_bot.stores.qa_files import (
    DIALECTS,
    IMPORT_LIMITS,
    Reading,
    ReadOptions,
    read_file,
    write_bad_rows,
)
from cs_bot.types import QAPair


def add_import_arguments(verb: argparse.ArgumentParser) -> None:
    """Add what `import` takes."""
    add = verb.add_argument
    add("file", type=Path, metavar="FILE")
    add("--draft", action="store_true", help="leave them as drafts, unpublished")
    add("--dry-run", action="store_true", help="show what would change, and import nothing")
    add(
        "--skip-bad", type=Path, metavar="ERRORS", help="import without bad rows, which go to a CSV"
    )
    add("--dialect", choices=DIALECTS, help="whose form it is (default: found from the file)")
    add("--sheet", help="the sheet of a workbook (default: the first that is not empty)")
    add(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column is which field, such as question=标题; may be given several times",
    )


async def import_file(
    settings: Settings, knowledge: KnowledgeStore, args: argparse.Namespace
) -> int:
    """Import a file, or show what that would do."""
    reading = read_file(args.file, _options(args))
    if not reading.bad:
        reading.refuse_empty()
    if args.dry_run:
        from cs_bot.cli.import_preview import show_preview

        return await show_preview(knowledge, reading, args)
    _set_bad_rows_aside(reading, args.skip_bad)
    publishes = not args.draft and await _prepared(settings, knowledge, reading.pairs, args.file)
    unknown = await _unknown_related(knowledge, reading)
    counts = await _imported(knowledge, reading.pairs, args.file.name)
    release = await _published(knowledge, args.file.name) if publishes else None
    if args.json:
        remarks = {"unknown_related": unknown} if unknown else {}
        answer = {**_answer(counts, release, reading, args), **remarks}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        then = answering(release) if release else await waiting(knowledge)
        print(f"{_said(counts, reading, args)}; {then}")
        if unknown:
            print(f"related ids without a pair: {unknown}; --dry-run names them", file=sys.stderr)
    return 0


async def _unknown_related(knowledge: KnowledgeStore, reading: Reading) -> int:
    """Return how many related ids name no pair of the file or of the drafts."""
    if not any(pair.related for pair in reading.pairs):
        return 0
    from cs_bot.admin.import_check import dangling

    rows = [(row.pair, row.line) for row in reading.rows]
    return len(dangling(rows, {pair.id for pair in await knowledge.draft_pairs()}))


async def list_imports(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    """List the imports, newest first."""
    imports = await knowledge.imports()
    if args.json:
        print(json.dumps([_row(one) for one in imports], ensure_ascii=False))
        return 0
    for one in imports:
        undone = f"  undone {one.undone_at:%Y-%m-%d %H:%M}" if one.undone_at else ""
        counts = f"{one.added:>6} added {one.changed:>6} changed"
        print(f"{one.id:<6} {one.imported_at:%Y-%m-%d %H:%M} {counts}  {one.file}{undone}")
    return 0


async def undo_import(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    """Put the drafts back to what they were before the last import."""
    undone = await knowledge.undo_import(by=BY)
    if args.json:
        print(json.dumps(_row(undone), ensure_ascii=False))
        return 0
    said = f"{undone.added} removed, {undone.changed} put back"
    print(f"import {undone.id} of {undone.file} undone: {said}; {await _still(knowledge)}")
    return 0


def _options(args: argparse.Namespace) -> ReadOptions:
    return ReadOptions(
        dialect=args.dialect,
        mapping=_mapping(args.map),
        sheet=args.sheet,
        limits=IMPORT_LIMITS,
    )


def _mapping(said: Sequence[str]) -> Mapping[str, str]:
    mapping: dict[str, str] = {}
    for words in said:
        field, equals, column = words.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(
                f"{words!r} maps nothing", where="--map", remedy="write it as question=标题"
            )
        mapping[field.strip()] = column.strip()
    return mapping


def _set_bad_rows_aside(reading: Reading, errors: Path | None) -> None:
    if errors is None:
        reading.refuse_bad(
            "nothing was imported; correct them, or leave them out with --skip-bad ERRORS.csv"
        )
    elif reading.bad:
        if errors.resolve() == reading.path.resolve():
            raise BadInput(
                "this is the file to import", where="--skip-bad", remedy="name another file"
            )
        write_bad_rows(errors, reading)
    reading.refuse_empty()


def _answer(
    counts: ImportCounts, release: Release | None, reading: Reading, args: argparse.Namespace
) -> dict[str, Any]:
    skipped = {"skipped": len(reading.bad)} if args.skip_bad else {}
    return {**asdict(counts), "release": release and release_row(release), **skipped}


def _said(counts: ImportCounts, reading: Reading, args: argparse.Namespace) -> str:
    said = f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged"
    left_out = f", {len(reading.bad)} left out (see {args.skip_bad})" if reading.bad else ""
    return said + left_out


async def _imported(knowledge: KnowledgeStore, pairs: Sequence[QAPair], file: str) -> ImportCounts:
    from cs_bot.cli.progress import progress_bar

    with progress_bar("importing", len(pairs)) as progress:
        return await knowledge.import_pairs(pairs, by=BY, file=file, progress=progress)


async def _published(knowledge: KnowledgeStore, file: str) -> Release | None:
    with suppress(Conflict):  # the file may hold what is published already
        return await knowledge.publish(note=f"import of {file}", by=BY)
    return None


async def _prepared(
    settings: Settings, knowledge: KnowledgeStore, pairs: Sequence[QAPair], file: Path
) -> bool:
    """Check and encode what an import would publish, so that an interrupt leaves nothing half done.

    Returns False when it would change nothing.
    """
    drafts = {pair.id: pair for pair in await knowledge.draft_pairs()}
    new = {pair.id: pair for pair in pairs if drafts.get(pair.id) != pair}
    if not new:
        return False
    merged = tuple((drafts | new).values())
    refuse_problems(
        settings,
        merged,
        where=str(file),
        remedy="nothing was imported; correct the file, or import it with --draft",
    )
    index(settings, merged)
    await asyncio.sleep(0)  # where an interrupt that came meanwhile takes effect
    return True


async def _still(knowledge: KnowledgeStore) -> str:
    """Return the sentence of what visitors get after an undo."""
    current, diff = await knowledge.current_release(), await knowledge.draft_diff()
    if current is None or not (diff.added or diff.changed or diff.removed):
        return "the drafts are what is published" if current else "nothing is published"
    return (
        f"release {current} still answers: run `cs-bot knowledge publish` to publish the drafts, "
        "or `cs-bot knowledge rollback` to let an earlier release answer"
    )


def _row(one: Import) -> dict[str, Any]:
    times = {"imported_at": one.imported_at, "undone_at": one.undone_at}
    return {**asdict(one), **{name: at and at.isoformat() for name, at in times.items()}}
