"""`cs-bot train`: all that learns from a bot's own content, so that a server starts with it."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.scored import measure_row, model_row, scores_line
from cs_bot.errors import BadInput
from cs_bot.settings import Settings

if TYPE_CHECKING:
    from cs_bot.app import House
    from cs_bot.app.training import Trial

_BY = "cs-bot train"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    add_json(parser)
    parser.add_argument(
        "--only", choices=("nlu",), help="train how messages are read, and nothing else"
    )
    parser.add_argument(
        "--force", action="store_true", help="let the new model answer even where it is worse"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, keep what was learnt, and say what came of it."""
    _refuse_contradictions(bot_settings(args))
    train = _train_nlu if args.only == "nlu" else _train
    trained, trial = asyncio.run(train(bot_settings(args), force=args.force))
    if args.json:
        print(json.dumps({**trained, "model": trial and _as_dict(trial)}, ensure_ascii=False))
        return 0
    for line in _lines(trained):
        print(line)
    for line in _told(trial) if trial is not None else ["there is no task to learn"]:
        print(line)
    print(f"trained in {trained['seconds']} s")
    return 0


def _lines(trained: Mapping[str, Any]) -> Iterator[str]:
    if "examples" in trained:
        taught = f"{trained['intents']} intents and {trained['entities']} entities"
        yield f"release {trained['release']}: {taught} from {trained['examples']} examples"
        return
    read = f"{trained['wordings']} wordings of {trained['pairs']} pairs"
    yield f"release {trained['release']}: {read}"
    yield f"answers: {trained['contract']}"


def _told(trial: Trial) -> Iterator[str]:
    model, before = trial.model, trial.before
    yield f"model {model.id}: {scores_line(model.scores)}"
    if before is None:
        yield f"model {model.id} answers"
        return
    yield from (f"  {measure}" for measure in trial.measures)
    if model.active:
        worse = ", although it is worse" if trial.worse else ""
        yield f"model {model.id} answers now, instead of {before.id}{worse}"
    else:
        yield f"model {before.id} goes on answering: {model.id} is worse; `--force` takes it"


def _as_dict(trial: Trial) -> dict[str, Any]:
    return {
        **model_row(trial.model),
        "before": None if trial.before is None else trial.before.id,
        "measures": [measure_row(one) for one in trial.measures],
        "worse": bool(trial.worse),
    }


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


async def _train_nlu(settings: Settings, *, force: bool) -> tuple[dict[str, Any], Trial | None]:
    """Train the task model, and leave the encoders' reading undone."""
    from cs_bot.app import opened

    started = time.perf_counter()
    async with opened(settings, tries=_BY) as house:
        snapshot, project = house.snapshots.current, house.models.shelf.project
        trial = await _tried(house, force=force)
    trained = {
        "release": None if snapshot is None else snapshot.release_id,
        "examples": len(project.examples),
        "intents": len(project.used_intents()),
        "entities": len(project.entities),
        "seconds": round(time.perf_counter() - started, 1),
    }
    return trained, trial


async def _train(settings: Settings, *, force: bool) -> tuple[dict[str, Any], Trial | None]:
    from cs_bot.app import opened

    started = time.perf_counter()
    async with opened(settings, tries=_BY) as house:
        await house.complete()
        snapshot, judged = house.snapshots.current, house.contracts.judged
        trial = await _tried(house, force=force)
    trained = {
        "release": None if snapshot is None else snapshot.release_id,
        "pairs": 0 if snapshot is None else len(snapshot.pairs),
        "wordings": 0 if snapshot is None else len(snapshot.texts),
        "contract": "nothing is published" if judged is None else str(judged.terms.choice),
        "labelled": 0 if judged is None else judged.terms.choice.labelled,
        "cut": None if judged is None else judged.terms.choice.cut,
        "seconds": round(time.perf_counter() - started, 1),
    }
    return trained, trial


async def _tried(house: House, *, force: bool) -> Trial | None:
    """Train and evaluate the task model; it answers from now on unless it is worse."""
    from cs_bot.app.training import trained
    from cs_bot.cli.progress import progress_bar
    from cs_bot.stages.task.rasa.test_stories import stories_to_test
    from cs_bot.stages.task.trials import PARTS

    stories = stories_to_test(house.models.shelf.project.directory, house.settings.directory)
    with progress_bar("evaluating", PARTS) as tell:
        return await trained(
            house.models.shelf,
            stories,
            by=_BY,
            force=force,
            progress=lambda done, total: tell(done * PARTS // total),
        )
