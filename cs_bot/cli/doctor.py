"""`cs-bot doctor`: what is wrong, or only worth knowing, about a bot directory and this machine."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.errors import BadInput, CsBotError
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore

if TYPE_CHECKING:
    from cs_bot.app.actions import BotActions
    from cs_bot.app.task_models import TaskModels
    from cs_bot.retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; what a file says has its place, what happens, and what to do."""

    part: str
    state: Literal["ok", "note", "wrong"]
    what: str
    where: str = ""
    effect: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        said = "; ".join(filter(None, (self.what, self.effect, self.remedy)))
        return f"{self.state:<6} {self.part:<10} {place}{said}"


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
            print(finding)
    return 2 if any(finding.state == "wrong" for finding in findings) else 0


def _machine() -> Iterator[Finding]:
    cores = os.cpu_count() or 1
    yield Finding("machine", "ok", f"Python {platform.python_version()}, {cores} cores")


def _content(settings: Settings) -> Iterator[Finding]:
    from cs_bot.app import dialogs, knowledge
    from cs_bot.stores.qa_files import read_pairs

    path = knowledge(settings) / "pairs.jsonl"
    try:
        if path.exists():
            yield Finding("knowledge", "ok", f"{len(read_pairs(path))} pairs in pairs.jsonl")
        else:
            yield Finding("knowledge", "note", "no pairs.jsonl: knowledge comes from the console")
    except CsBotError as error:
        yield Finding("knowledge", "wrong", str(error))
    yield from _tasks(dialogs(settings))


def _tasks(directory: Path) -> Iterator[Finding]:
    """Yield what the files of the tasks hold, then each remark on them."""
    from cs_bot.stages.task.dialogue.policies import disagreements
    from cs_bot.stages.task.rasa.load import load_project

    try:
        project = load_project(directory)
    except BadInput as error:
        yield Finding("tasks", "wrong", error.what, error.where, remedy=error.remedy)
        return
    yield Finding("tasks", "ok", f"tasks: {len(project.tasks)}, examples: {len(project.examples)}")
    for r in project.remarks:
        state: Literal["ok", "note"] = "ok" if r.replaced else "note"
        yield Finding("tasks", state, r.what, r.where, r.effect, r.remedy)
    for one in disagreements(project):
        effect = "the rule counts, or the longer story; the other is never followed there"
        yield Finding("tasks", "note", one.what, one.where, effect, "let one of them say more")


async def _running(settings: Settings) -> list[Finding]:
    from cs_bot.app import opened

    try:
        async with opened(settings, tries="cs-bot doctor") as house:
            release = house.snapshots.release()
            models = "configured" if settings.llm.url else "not configured: small talk only"
            return [
                Finding("store", "ok", settings.store.url.partition("@")[2] or settings.store.url),
                Finding("release", "ok", f"{release} answers" if release else "none published"),
                await _model(house.models),
                *_encoder(settings, house.snapshots.current),
                *await _action_server(house.actions),
                await _drafts(house.stores.knowledge),
                Finding("llm", "ok" if settings.llm.url else "note", models),
            ]
    except CsBotError as error:
        return [Finding("bot", "wrong", str(error))]


async def _model(models: TaskModels) -> Finding:
    name, active = models.name(), await models.store.active()
    if name is None or active is None:
        return Finding("model", "ok", "none: there is no task to learn")
    if active.held_for == models.shelf.files:
        until = "it answers until the tasks' files change or `cs-bot train`"
        return Finding("model", "note", f"{active.id} is held by a roll-back", effect=until)
    if name.id != active.id:
        what = f"{active.id} answers, and learnt from other files than these"
        remedy = "the next start, or `cs-bot train`, lets it answer"
        return Finding("model", "note", what, effect=f"{name.id} has learnt these", remedy=remedy)
    return Finding("model", "ok", f"{active.id} answers")


def _encoder(settings: Settings, current: Snapshot | None) -> Iterator[Finding]:
    if current is not None and not current.has_first:
        down = (
            f"{settings.models.encoder} does not answer: {current.release_id} is searched without"
        )
        yield Finding("encoder", "wrong", f"{down} it")


async def _action_server(actions: BotActions) -> list[Finding]:
    server = actions.server
    if server is None:
        return []
    trouble = await server.trouble()
    what = f"the action server {server.host} {trouble or 'has what is needed'}"
    return [Finding("actions", "note" if trouble else "ok", what)]


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
