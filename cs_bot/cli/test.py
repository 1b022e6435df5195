"""`cs-bot test`: plays test stories and says where the bot leaves them."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.progress import progress_bar
from cs_bot.errors import BadInput

if TYPE_CHECKING:
    from cs_bot.settings import Settings
    from cs_bot.stages.task.project import Mention, Project
    from cs_bot.stages.task.story import Path as StoryPath
    from cs_bot.stages.task.story import Spoke, Story
    from cs_bot.stages.task.story_tests import Played
    from cs_bot.types import Reading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="test stories, or folders of them (default: the bot's folder tests and test_*.yml)",
    )
    add_bot(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play all test stories; returns 1 when one of them failed."""
    played = _played(bot_settings(args), args.files)
    failed = [one for one in played if not one.passed]
    if args.json:
        told = [_as_dict(one) for one in failed]
        report = {"stories": len(played), "passed": len(played) - len(failed), "failed": told}
        print(json.dumps(report, ensure_ascii=False))
    else:
        for one in failed:
            print(f"{one.path.story.name} ({one.path.story.where})")
            for mismatch in one.mismatches:
                print(f"  {mismatch}")
        print(f"{len(played) - len(failed)} of {len(played)} stories passed")
    return 1 if failed else 0


def _as_dict(played: Played) -> dict[str, Any]:
    story = played.path.story
    what = [
        {"where": m.where, "what": m.what, "told": m.told, "got": m.got} for m in played.mismatches
    ]
    return {"story": story.name, "where": story.where, "mismatches": what}


def _played(settings: Settings, files: Sequence[Path]) -> list[Played]:
    from cs_bot.app.makers import dialogs
    from cs_bot.stages.task.dialogue.paths import paths
    from cs_bot.stages.task.dialogue.policies import Policies
    from cs_bot.stages.task.rasa.load import load_project
    from cs_bot.stages.task.story_tests import StoryPlayer

    project = load_project(dialogs(settings))
    found = paths(_stories(files or _defaults(settings, project)))
    if not found:
        raise BadInput(
            "there is no test story",
            where=", ".join(map(str, files)) or str(settings.directory),
            remedy="write `stories:` in tests/test_stories.yml, or name a file",
        )
    policies = Policies.of(project)
    texts = [_annotated(step)[0] for step in _worded(found)]
    read = asyncio.run(_readings(settings, project, texts)).__getitem__ if texts else None
    player = StoryPlayer(policies, _annotated, read)
    with progress_bar("stories", len(found)) as tell:
        played = []
        for number, path in enumerate(found, 1):
            played.append(player.play(path))
            tell(number)
    return played


def _worded(found: Sequence[StoryPath]) -> Iterator[Spoke]:
    """Yield the messages that have words, for which a reader is needed."""
    from cs_bot.stages.task.story import Spoke

    steps = (step for path in found for step in path.steps)
    yield from (step for step in steps if isinstance(step, Spoke) and step.text is not None)


def _defaults(settings: Settings, project: Project) -> list[Path]:
    folders = dict.fromkeys((project.directory, settings.directory))
    places = [folder / "tests" for folder in folders if (folder / "tests").is_dir()]
    return [*places, *sorted(project.directory.rglob("test_*.y*ml"))]


def _stories(places: Sequence[Path]) -> list[Story]:
    from cs_bot.stages.task.rasa.nodes import read_yaml
    from cs_bot.stages.task.rasa.stories import read_stories

    found: dict[str, Story] = {}
    for file in dict.fromkeys(file for place in places for file in _yaml(place)):
        root = read_yaml(file)
        for key, node in root.items() if isinstance(root.value, dict) else ():
            if key in ("stories", "rules"):
                found.update((story.where, story) for story in read_stories(node, key))
    return list(found.values())


def _yaml(place: Path) -> Iterator[Path]:
    if not place.exists():
        raise BadInput("there is no such file", where=str(place), remedy="name a file or folder")
    if not place.is_dir():
        yield place
        return
    yield from (path for path in sorted(place.rglob("*")) if path.suffix in (".yml", ".yaml"))


def _annotated(step: Spoke) -> tuple[str, tuple[Mention, ...]]:
    from cs_bot.stages.task.rasa.draft import Draft
    from cs_bot.stages.task.rasa.nodes import Node
    from cs_bot.stages.task.rasa.training import annotated

    file, _, line = step.where.rpartition(":")
    words = step.text or ""
    return annotated(words, Node(words, file, int(line)), Draft())


async def _readings(
    settings: Settings, project: Project, texts: Sequence[str]
) -> dict[str, Reading]:
    """Return what the bot reads in each text, trained on the project alone."""
    from cs_bot.app.makers import encoder
    from cs_bot.events import DialogueState
    from cs_bot.models.encoders import QueryVectors
    from cs_bot.models.lane import Lane
    from cs_bot.stages.task.nlu import Background, TaskReader, train
    from cs_bot.text.normalize import normalized
    from cs_bot.types import Message, User

    first, lane = encoder(settings), Lane("encode")
    try:
        model = await lane.run(train, project, Background(), first)
        reader = TaskReader(project, model, QueryVectors(first, lane))
        read = {}
        for text in texts:
            now = datetime.now(UTC)
            message = Message("test", "test", text, "terminal", User("test"), "en", now)
            read[text] = await reader.read(message, normalized(text), DialogueState())
        return read
    finally:
        lane.close()
