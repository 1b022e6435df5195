"""Finds the test stories of a project and plays them with one model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from cs_bot.stages.task.dialogue.paths import paths
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.project import Mention
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, read_yaml
from cs_bot.stages.task.rasa.stories import read_stories
from cs_bot.stages.task.rasa.training import annotated
from cs_bot.stages.task.story import Path as StoryPath
from cs_bot.stages.task.story import Spoke, Story
from cs_bot.stages.task.story_tests import StoryPlayer
from cs_bot.types import Reading

ReadAll = Callable[[Sequence[str]], Sequence[Reading]]


def stories_to_test(directory: Path, bot: Path) -> list[StoryPath]:
    """Return the test stories below a project and in the bot's folder `tests`.

    Raises `BadInput` where one cannot be read.
    """
    found: dict[str, Story] = {}
    for file in _files((directory, bot)):
        root = read_yaml(file)
        for key, node in root.items() if isinstance(root.value, dict) else ():
            if key in ("stories", "rules"):
                found.update((story.where, story) for story in read_stories(node, key))
    return list(paths(list(found.values())))


def passed(found: Sequence[StoryPath], policies: Policies, read: ReadAll) -> dict[str, bool]:
    """Return for each test story, by its name, whether the bot follows it to its end."""
    texts = list(dict.fromkeys(_words(step)[0] for step in _worded(found)))
    readings = dict(zip(texts, read(texts), strict=True)) if texts else {}
    player = StoryPlayer(policies, _words, readings.__getitem__)
    told: dict[str, bool] = {}
    for path in found:
        told[path.story.name] = told.get(path.story.name, True) and player.play(path).passed
    return told


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    places = {folder: folder / "tests" for folder in dict.fromkeys(folders)}
    below = (path for tests in places.values() for path in own_files(tests))
    beside = sorted(next(iter(places)).rglob("test_*.y*ml"))
    yield from dict.fromkeys((*below, *beside))


def own_files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files below a folder, without those of other bots that lie in it."""
    for path in sorted(folder.rglob("*.y*ml")):
        within = path.parents[: path.parents.index(folder)]
        if not any((parent / "bot.toml").exists() for parent in within):
            yield path


def _worded(found: Sequence[StoryPath]) -> Iterator[Spoke]:
    steps = (step for path in found for step in path.steps)
    yield from (step for step in steps if isinstance(step, Spoke) and step.text is not None)


def _words(step: Spoke) -> tuple[str, tuple[Mention, ...]]:
    file, _, line = step.where.rpartition(":")
    words = step.text or ""
    return annotated(words, Node(words, file, int(line)), Draft())
