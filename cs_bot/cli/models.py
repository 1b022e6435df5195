"""`cs-bot models ...`: list the versions of the task model, compare, roll back, remove old ones."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.scored import measure_row, model_row, scores_line
from cs_bot.errors import BadInput, NotFound
from cs_bot.settings import Settings
from cs_bot.stores.protocols import ModelStore, StoredModel, Stores

if TYPE_CHECKING:
    from cs_bot.stages.task.changes import Change
    from cs_bot.stages.task.project import Project
    from cs_bot.stages.task.task_model import TaskModel

BY = "cs-bot models"
_LIST = "see `cs-bot models list`"
_KEPT = 10
_LATEST_QUESTIONS = 500
_SHOWN = 20

Work = Callable[[Settings, Stores, argparse.Namespace], Awaitable[int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verbs and their arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _verb(verbs, "list", "list the versions, with their scores", _list)
    compare = _verb(verbs, "compare", "compare the scores and readings of two versions", _compare)
    compare.add_argument("before", metavar="MODEL", help="its id, such as m3")
    compare.add_argument("after", metavar="MODEL", help="the id of the other one")
    about = "let an earlier version answer again"
    rollback = _verb(verbs, "rollback", about, _rollback)
    rollback.add_argument("model", metavar="MODEL", help="its id, such as m3")
    prune = _verb(verbs, "prune", "remove old versions", _prune)
    prune.add_argument(
        "--keep",
        type=_count,
        default=_KEPT,
        metavar="N",
        help=f"how many of the newest stay, the active one aside (default: {_KEPT})",
    )


def run(args: argparse.Namespace) -> int:
    """Open the stores and do what the verb says."""
    return asyncio.run(_run(bot_settings(args), args))


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, work: Work
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    add_bot(verb)
    add_json(verb)
    verb.set_defaults(run=run, work=work)
    return verb


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no number from 1")
    return int(written)


async def _run(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores

    async with opened_stores(settings) as stores:
        work: Work = args.work
        return await work(settings, stores, args)


async def _list(_: Settings, stores: Stores, args: argparse.Namespace) -> int:
    models = await stores.models.models()
    if args.json:
        print(json.dumps([model_row(model) for model in models], ensure_ascii=False))
        return 0
    for one in models:
        mark, size = "*" if one.active else " ", f"{max(1, round(one.size / 1000))} kB"
        made = f"{one.trained_at:%Y-%m-%d %H:%M} {one.trained_by:<14} {size:>9}"
        print(f"{mark} {one.id:<5} {made}  {scores_line(one.scores)}")
    if not models:
        print("No model is stored: `cs-bot train` makes the first.")
    return 0


async def _compare(settings: Settings, stores: Stores, args: argparse.Namespace) -> int:
    from cs_bot.stages.task.comparing import compared

    before, after = [await _found(stores.models, name) for name in (args.before, args.after)]
    judged = await stores.models.judged(before.id), await stores.models.judged(after.id)
    measures = compared(*judged)
    questions = await stores.labels.last_questions(_LATEST_QUESTIONS)
    changes, asked = await _changes(settings, stores.models, before, after, questions)
    if args.json:
        told = {
            "before": model_row(before),
            "after": model_row(after),
            "scores": [measure_row(one) for one in measures],
            "asked": asked,
            "changes": [{"text": c.text, "before": c.before, "after": c.after} for c in changes],
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for one in (before, after):
        print(f"{one.id:<5} {scores_line(one.scores)}")
    for measure in measures:
        print(f"{measure}{' (worse)' if measure.is_worse else ''}")
    if not measures:
        print("There is nothing that both were judged on: `cs-bot train` evaluates.")
    print(f"{len(changes)} of {asked} wordings have another intent")
    for change in changes[:_SHOWN]:
        print(f"  {change.text}: {change.before or 'none'} -> {change.after or 'none'}")
    if len(changes) > _SHOWN:
        print(f"  ... and {len(changes) - _SHOWN} more, in `--json`")
    return 0


async def _changes(
    settings: Settings,
    store: ModelStore,
    before: StoredModel,
    after: StoredModel,
    questions: Sequence[str],
) -> tuple[Sequence[Change], int]:
    """Return the wordings of which two versions read another intent, and how many were asked."""
    from cs_bot.app import encoder
    from cs_bot.stages.task.changes import changes

    project = _project(settings)
    first = encoder(settings)
    models = [await _whole(store, one, first.name) for one in (before, after)]
    texts = list(dict.fromkeys((*(one.text for one in project.examples), *questions)))
    return changes(project, models[0], models[1], texts, first), len(texts)


async def _rollback(settings: Settings, stores: Stores, args: argparse.Namespace) -> int:
    from cs_bot.app import encoder
    from cs_bot.stages.task.task_model import files_digest, unfit

    project, stored = _project(settings), await _found(stores.models, args.model)
    why = unfit(await _whole(stores.models, stored, encoder(settings).name), project)
    if why is not None:
        remedy = "put the files back that it was trained on, or choose another version"
        raise BadInput(f"model {stored.id} cannot answer for this project: {why}", remedy=remedy)
    model = await stores.models.roll_back(stored.id, held_for=files_digest(project), by=BY)
    if args.json:
        print(json.dumps(model_row(model), ensure_ascii=False))
        return 0
    print(f"model {model.id} answers now, until the project's files change or `cs-bot train`")
    return 0


async def _prune(_: Settings, stores: Stores, args: argparse.Namespace) -> int:
    gone = await stores.models.prune(keep=args.keep)
    if args.json:
        print(json.dumps({"removed": list(gone)}))
    else:
        print(f"{len(gone)} versions removed{': ' if gone else ''}{', '.join(gone)}")
    return 0


def _project(settings: Settings) -> Project:
    from cs_bot.app import dialogs
    from cs_bot.stages.task.rasa.load import load_project

    return load_project(dialogs(settings))


async def _found(store: ModelStore, model_id: str) -> StoredModel:
    try:
        return await store.model(model_id)
    except NotFound as error:
        raise BadInput(str(error), remedy=_LIST) from None


async def _whole(store: ModelStore, stored: StoredModel, encoder: str) -> TaskModel:
    """Return a version as it was trained; raises `BadInput` where it cannot be used here."""
    from cs_bot.stages.task.model_file import unpacked
    from cs_bot.stages.task.task_model import Unfit
    from cs_bot.stores.codec import weights_digest

    why = Unfit("damaged")
    if stored.about.get("encoder") != encoder:
        why = Unfit("encoder", str(stored.about.get("encoder")))
    else:
        weights = await store.weights(stored.id)
        if weights_digest(weights) == stored.digest:
            with suppress(ValueError):
                return unpacked(weights)
    raise BadInput(f"model {stored.id}: {why}", remedy="choose another version")
