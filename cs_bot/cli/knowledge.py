"""`cs-bot knowledge ...`: import, export, undo, publish, roll back, list and compare."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from cs_bot.cli import draft_check
from cs_bot.cli.importing import add_import_arguments, import_file, list_imports, undo_import
from cs_bot.cli.labels import run_label, run_labels
from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.releasing import BY, answering, index, refuse_problems, release_row
from cs_bot.cli.voting import add_forget_arguments, forget_votes, list_votes
from cs_bot.errors import BadInput, NotFound
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore, Release
from cs_bot.stores.qa_files import DIALECTS, write_pairs

Work = Callable[[Settings, KnowledgeStore, argparse.Namespace], Awaitable[int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verbs and their arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _verb(verbs, "import", "read QA pairs from a file and publish them", import_file)
    add_import_arguments(verbs.choices["import"])
    _verb(verbs, "imports", "list the imports", list_imports)
    _verb(
        verbs, "undo", "put the drafts back to what they were before the last import", undo_import
    )
    _verb(verbs, "export", "write all pairs to a file", _export)
    export = verbs.choices["export"]
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--dialect", choices=DIALECTS, default="cs-bot", help="whose form to write")
    _verb(verbs, "publish", "publish the drafts as a new release", _publish)
    verbs.choices["publish"].add_argument("--note", default="", help="what changed and why")
    _verb(verbs, "rollback", "let an earlier release answer again", _rollback)
    verbs.choices["rollback"].add_argument("release", metavar="RELEASE", help="its id, such as r3")
    _verb(verbs, "releases", "list the releases", _releases)
    _verb(verbs, "diff", "show what publishing now would change", _diff)
    _plain(verbs, "check", "show which answers publishing now would change", draft_check.run)
    label = _plain(verbs, "label", "store labelled questions from a file", run_label)
    label.add_argument("file", type=Path, metavar="FILE", help="rows of qid, query, faq_id or null")
    labels = _plain(verbs, "labels", "count the labelled questions, or write them", run_labels)
    labels.add_argument("--file", type=Path, metavar="FILE", help="write them to this file")
    _plain(verbs, "feedback", "list the pairs that customers voted on", list_votes)
    about = "let the votes on a pair count no longer"
    add_forget_arguments(_plain(verbs, "forget-feedback", about, forget_votes))


def run(args: argparse.Namespace) -> int:
    """Open the stores and do what the verb says."""
    return asyncio.run(_run(bot_settings(args), args))


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    about: str,
    work: Work,
) -> None:
    _plain(verbs, name, about, run).set_defaults(work=work)


def _plain(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    about: str,
    ran: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    add_bot(verb)
    add_json(verb)
    verb.set_defaults(run=ran)
    return verb


async def _run(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores

    async with opened_stores(settings) as stores:
        work: Work = args.work
        return await work(settings, stores.knowledge, args)


async def _export(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    pairs = await knowledge.draft_pairs()
    write_pairs(args.file, pairs, dialect=args.dialect)
    if args.json:
        print(json.dumps({"pairs": len(pairs), "file": str(args.file)}, ensure_ascii=False))
    else:
        print(f"{len(pairs)} pairs written to {args.file}")
    return 0


async def _publish(settings: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    drafts = await knowledge.draft_pairs()
    refuse_problems(
        settings,
        drafts,
        where="the drafts",
        remedy="nothing was published; correct them in the console or import a corrected file",
    )
    index(settings, drafts)
    _say_release(await knowledge.publish(note=args.note, by=BY), args)
    return 0


async def _rollback(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    try:
        release = await knowledge.rollback(args.release, by=BY)
    except NotFound as error:
        raise BadInput(str(error), remedy="see `cs-bot knowledge releases`") from None
    _say_release(release, args)
    return 0


def _say_release(release: Release, args: argparse.Namespace) -> None:
    print(json.dumps(release_row(release), ensure_ascii=False) if args.json else answering(release))


async def _releases(_: Settings, knowledge: KnowledgeStore, args: argparse.Namespace) -> int:
    releases = await knowledge.releases()
    if args.json:
        print(json.dumps([release_row(release) for release in releases], ensure_ascii=False))
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
