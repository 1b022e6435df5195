"""`cs-bot doctor`: what is wrong, or only worth knowing, about a bot directory and this machine."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.errors import CsBotError
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore

if TYPE_CHECKING:
    from cs_bot.retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    part: str
    state: Literal["ok", "note", "wrong"]
    what: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings; 2 when something is wrong."""
    settings = bot_settings(args)
    findings = [*_machine(), *_content(settings), *asyncio.run(_running(settings))]
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.state:<6} {finding.part:<10} {finding.what}")
    return 2 if any(finding.state == "wrong" for finding in findings) else 0


def _machine() -> Iterator[Finding]:
    cores = os.cpu_count() or 1
    yield Finding("machine", "ok", f"Python {platform.python_version()}, {cores} cores")


def _content(settings: Settings) -> Iterator[Finding]:
    from cs_bot.app import dialogs, knowledge
    from cs_bot.stages.task.rasa.load import load_project
    from cs_bot.stores.qa_files import read_pairs

    path = knowledge(settings) / "pairs.jsonl"
    try:
        if path.exists():
            yield Finding("knowledge", "ok", f"{len(read_pairs(path))} pairs in pairs.jsonl")
        else:
            yield Finding("knowledge", "note", "no pairs.jsonl: knowledge comes from the console")
    except CsBotError as error:
        yield Finding("knowledge", "wrong", str(error))
    try:
        project = load_project(dialogs(settings))
    except CsBotError as error:
        yield Finding("tasks", "wrong", str(error))
        return
    yield Finding("tasks", "ok", f"tasks: {len(project.tasks)}, examples: {len(project.examples)}")
    for note in project.remarks:
        yield Finding("tasks", "note", str(note))


async def _running(settings: Settings) -> list[Finding]:
    from cs_bot.app import opened

    try:
        async with opened(settings) as house:
            release = house.snapshots.release()
            models = "configured" if settings.llm.url else "not configured: small talk only"
            return [
                Finding("store", "ok", settings.store.url.partition("@")[2] or settings.store.url),
                Finding("release", "ok", f"{release} answers" if release else "none published"),
                *_encoder(settings, house.snapshots.current),
                await _drafts(house.stores.knowledge),
                Finding("llm", "ok" if settings.llm.url else "note", models),
            ]
    except CsBotError as error:
        return [Finding("bot", "wrong", str(error))]


def _encoder(settings: Settings, current: Snapshot | None) -> Iterator[Finding]:
    if current is not None and not current.has_first:
        down = (
            f"{settings.models.encoder} does not answer: {current.release_id} is searched without"
        )
        yield Finding("encoder", "wrong", f"{down} it")


async def _drafts(knowledge: KnowledgeStore) -> Finding:
    from cs_bot.admin.draft_check import problems
    from cs_bot.text.normalize import normalized

    found = problems(await knowledge.draft_pairs(), normalized)
    if found:
        pairs = ", ".join(dict.fromkeys(problem.pair_id for problem in found))
        return Finding("drafts", "wrong", f"cannot be published, see the console: {pairs}")
    diff = await knowledge.draft_diff()
    waiting = len(diff.added) + len(diff.changed) + len(diff.removed)
    return Finding("drafts", "note" if waiting else "ok", f"changes to publish: {waiting}")
