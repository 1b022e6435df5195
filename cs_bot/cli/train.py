"""`cs-bot train`: all that learns from a bot's own content, so that a server starts with it."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.errors import BadInput
from cs_bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    add_json(parser)
    parser.add_argument(
        "--only", choices=("nlu",), help="train how messages are read, and nothing else"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, keep what was learnt, and say what came of it."""
    _refuse_contradictions(bot_settings(args))
    if args.only == "nlu":
        return _print_nlu(asyncio.run(_train_nlu(bot_settings(args))), as_json=args.json)
    trained = asyncio.run(_train(bot_settings(args)))
    if args.json:
        print(json.dumps(trained, ensure_ascii=False))
        return 0
    read = f"{trained['wordings']} wordings of {trained['pairs']} pairs"
    print(f"release {trained['release']}: {read}")
    print(f"answers: {trained['contract']}")
    print(f"trained in {trained['seconds']} s")
    return 0


def _refuse_contradictions(settings: Settings) -> None:
    """Raise `BadInput` where a rule is broken by another rule or a story."""
    from cs_bot.app import dialogs
    from cs_bot.stages.task.dialogue.policies import disagreements
    from cs_bot.stages.task.rasa.load import load_project

    directory = dialogs(settings)
    if not directory.is_dir():
        return
    found = disagreements(load_project(directory))
    broken = [one for one in found if one.one.is_rule or one.other.is_rule]
    if broken:
        more = f"; {len(broken) - 1} more such places: `cs-bot doctor`" if len(broken) > 1 else ""
        remedy = "let both go on alike, or give one a condition the other has not"
        raise BadInput(broken[0].what, where=broken[0].where, remedy=f"{remedy}{more}")


def _print_nlu(trained: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(trained, ensure_ascii=False))
    else:
        taught = f"{trained['intents']} intents and {trained['entities']} entities"
        print(f"release {trained['release']}: {taught} from {trained['examples']} examples")
        print(f"trained in {trained['seconds']} s")
    return 0


async def _train_nlu(settings: Settings) -> dict[str, Any]:
    """Open the bot, which trains what reads messages, and leave the encoders' reading undone."""
    from cs_bot.app import dialogs, opened
    from cs_bot.stages.task.rasa.load import load_project

    started = time.perf_counter()
    project = load_project(dialogs(settings))
    async with opened(settings, tries="cs-bot train") as house:
        snapshot = house.snapshots.current
    return {
        "release": None if snapshot is None else snapshot.release_id,
        "examples": len(project.examples),
        "intents": len(project.used_intents()),
        "entities": len(project.entities),
        "seconds": round(time.perf_counter() - started, 1),
    }


async def _train(settings: Settings) -> dict[str, Any]:
    from cs_bot.app import opened

    started = time.perf_counter()
    async with opened(settings, tries="cs-bot train") as house:
        await house.complete()
        snapshot, judged = house.snapshots.current, house.contracts.judged
    return {
        "release": None if snapshot is None else snapshot.release_id,
        "pairs": 0 if snapshot is None else len(snapshot.pairs),
        "wordings": 0 if snapshot is None else len(snapshot.texts),
        "contract": "nothing is published" if judged is None else str(judged.terms.choice),
        "labelled": 0 if judged is None else judged.terms.choice.labelled,
        "cut": None if judged is None else judged.terms.choice.cut,
        "seconds": round(time.perf_counter() - started, 1),
    }
