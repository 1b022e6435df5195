"""`cs-bot knowledge ...`: import, export, publish, roll back, list and compare."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.errors import BadInput, Conflict, NotFound
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore, Release
from cs_bot.types import QAPair

_BY = "cs-bot knowledge"

Work = Callable[[Settings, KnowledgeStore, argparse.Namespace], Awaitable[int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verbs and their arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _verb(verbs, "import", "read QA pairs from a .jsonl or .csv file and publish them", _import)
    verb = verbs.choices["import"]
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--draft", action="store_true", help="leave them as drafts, unpublished")
    _verb(verbs, "export", "write all pairs to a .jsonl or .csv file", _export)
    verbs.choices["export"].add_argument("file", type=Path, metavar="FILE")
    _verb(verbs, "publish", "publish the drafts as a new release", _publish)
    verbs.choices["publish"].add_argument("--note", default="", help="what changed and why")
    _verb(verbs, "rollback", "let an earlier release answer again", _rollback)
    verbs.choices["rollback"].add_argument("release", metavar="RELEASE", help="its id, such as r3")
    _verb(verbs, "releases", "list the releases", _releases)
    _verb(verbs, "diff", "show what publishing now would change", _diff)


def run(args: argparse.Namespace) -> int:
    """Open the stores and do what the verb says."""
    return asyncio.run(_run(bot_settings(args), args))


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, work: Work
) -> None:
    verb = verbs.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    add_bot(verb)
    add_json(verb)
    verb.set_defaults(run=run, work=work)


async def _run(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores

    async with opened_stores(settings) as stores:
        work: Work = args.work
        return await work(settings, stores.knowledge, args)


async def _import(settings: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    from cs_bot.cli.progress import progress_bar
    from cs_bot.stores.qa_files import read_pairs

    pairs = read_pairs(args.file)
    publishes = not args.draft and await _prepared(settings, knowledge, pairs, args.file)
    with progress_bar("importing", len(pairs)) as progress:
        counts = await knowledge.import_pairs(pairs, by=_BY, progress=progress)
    release = None
    with suppress(Conflict):  # the file may hold what is published already
        if publishes:
            release = await knowledge.publish(note=f"import of {args.file.name}", by=_BY)
    if args.json:
        answer = _row(release) if release else None
        print(json.dumps({**asdict(counts), "release": answer}, ensure_ascii=False))
        return 0
    said = f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged"
    print(f"{said}; {_answering(release) if release else await _waiting(knowledge)}")
    return 0


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
    _refuse_problems(
        merged,
        where=str(file),
        remedy="nothing was imported; correct the file, or import it with --draft",
    )
    _index(settings, merged)
    await asyncio.sleep(0)  # where an interrupt that came meanwhile takes effect
    return True


async def _waiting(knowledge: KnowledgeStore) -> str:
    diff = await knowledge.draft_diff()
    changes = len(diff.added) + len(diff.changed) + len(diff.removed)
    wait = f"; waiting for `cs-bot knowledge publish`: {changes}" if changes else ""
    return f"nothing published{wait}"


def _refuse_problems(pairs: Sequence[QAPair], *, where: str, remedy: str) -> None:
    from cs_bot.admin.draft_check import refuse_problems
    from cs_bot.text.normalize import normalized

    refuse_problems(pairs, normalized, where=where, remedy=remedy)


def _index(settings: Settings, pairs: Sequence[QAPair]) -> None:
    """Encode what will be published, so that servers only have to read it; raises `BadInput`."""
    from cs_bot.app import encoder, synonyms, vector_files
    from cs_bot.cli.progress import progress_bar
    from cs_bot.retrieval.snapshot import Snapshot

    wordings = sum(len(pair.questions()) for pair in pairs)
    with progress_bar("indexing ", wordings) as progress:
        Snapshot.build(
            "drafts",
            pairs,
            encoder(settings),
            synonyms=synonyms(settings),
            files=vector_files(settings),
            progress=lambda done, _: progress(done),
        )
        progress(wordings)


async def _export(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    from cs_bot.stores.qa_files import write_pairs

    pairs = await knowledge.draft_pairs()
    write_pairs(args.file, pairs)
    if args.json:
        print(json.dumps({"pairs": len(pairs), "file": str(args.file)}, ensure_ascii=False))
    else:
        print(f"{len(pairs)} pairs written to {args.file}")
    return 0


async def _publish(settings: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    drafts = await knowledge.draft_pairs()
    _refuse_problems(
        drafts,
        where="the drafts",
        remedy="nothing was published; correct them in the console or import a corrected file",
    )
    _index(settings, drafts)
    _say_release(await knowledge.publish(note=args.note, by=_BY), args)
    return 0


async def _rollback(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    try:
        release = await knowledge.rollback(args.release, by=_BY)
    except NotFound as error:
        raise BadInput(str(error), remedy="see `cs-bot knowledge releases`") from None
    _say_release(release, args)
    return 0


def _say_release(release: Release, args: argparse.Namespace) -> None:
    print(json.dumps(_row(release), ensure_ascii=False) if args.json else _answering(release))


def _answering(release: Release) -> str:
    return f"release {release.id} with {release.pairs} pairs answers now"


def _row(release: Release) -> dict[str, Any]:
    return {**asdict(release), "created_at": release.created_at.isoformat()}


async def _releases(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    releases = await knowledge.releases()
    if args.json:
        print(json.dumps([_row(release) for release in releases], ensure_ascii=False))
        return 0
    for r in releases:
        mark = "*" if r.current else " "
        print(f"{mark} {r.id:<6} {r.created_at:%Y-%m-%d %H:%M} {r.pairs:>6} pairs  {r.note}")
    return 0


async def _diff(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    diff = await knowledge.draft_diff()
    parts = {"added": diff.added, "changed": diff.changed, "removed": diff.removed}
    if args.json:
        print(json.dumps({name: dict(pairs) for name, pairs in parts.items()}, ensure_ascii=False))
        return 0
    for name, pairs in parts.items():
        for pair_id, question in pairs:
            print(f"{name:<8} {pair_id:<12} {question}")
    if not any(parts.values()):
        print("The drafts are what is published.")
    return 0
