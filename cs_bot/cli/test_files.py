"""Finds the stories and test cases that `cs-bot test` is to play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cs_bot.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from cs_bot.settings import Settings
    from cs_bot.stages.task.case import Case
    from cs_bot.stages.task.project import Project
    from cs_bot.stages.task.rasa.cases import Shared
    from cs_bot.stages.task.rasa.nodes import Node
    from cs_bot.stages.task.story import Story

_FOLDERS = ("tests", "e2e_tests")
_SHARED = ("conftest.yml", "conftest.yaml")


@dataclass(slots=True)
class Tests:
    """All that is to be played."""

    stories: dict[str, Story] = field(default_factory=dict)
    """By their places: a file that is named twice is played once."""
    cases: dict[str, Case] = field(default_factory=dict)


def found_tests(settings: Settings, project: Project, named: Sequence[str]) -> Tests:
    """Return the tests in files and folders, `FILE::NAME` for a single one; raises `BadInput`."""
    tests = Tests()
    for word in named or tuple(map(str, _defaults(settings, project))):
        place, _, name = word.partition("::")
        of_place = Tests()
        for file in _yaml(Path(place)):
            _read(file, settings.directory, of_place)
        _choose(of_place, name, place)
        tests.stories.update(of_place.stories)
        tests.cases.update(of_place.cases)
    if not tests.stories and not tests.cases:
        raise BadInput(
            "there is no test story and no test case",
            where=", ".join(named) or str(settings.directory),
            remedy="write `stories:` or `test_cases:` in a file of the folder tests, or name one",
        )
    return tests


def _defaults(settings: Settings, project: Project) -> Iterator[Path]:
    for folder in dict.fromkeys((project.directory, settings.directory)):
        yield from (folder / name for name in _FOLDERS if (folder / name).is_dir())
    yield from sorted(project.directory.rglob("test_*.y*ml"))


def _yaml(place: Path) -> Iterator[Path]:
    from cs_bot.stages.task.rasa.test_stories import own_files

    if not place.exists():
        raise BadInput("there is no such file", where=str(place), remedy="name a file or folder")
    if not place.is_dir():
        yield place
        return
    yield from own_files(place)


def _read(file: Path, bot: Path, tests: Tests) -> None:
    from cs_bot.stages.task.rasa.cases import CASES, read_cases
    from cs_bot.stages.task.rasa.nodes import read_yaml
    from cs_bot.stages.task.rasa.stories import read_stories

    root = read_yaml(file)
    if not isinstance(root.value, dict) or file.name in _SHARED:
        return
    for key, node in root.items():
        if key in ("stories", "rules"):
            tests.stories.update((story.where, story) for story in read_stories(node, key))
        elif key == CASES:
            cases = read_cases(root, _shared_by(file, bot))
            tests.cases.update((case.where, case) for case in cases)


def _shared_by(file: Path, bot: Path) -> Shared:
    """Return what the files `conftest.yml` above a test file give names to; the nearest counts."""
    from cs_bot.stages.task.rasa.cases import Shared
    from cs_bot.stages.task.rasa.nodes import read_yaml

    shared, own = Shared(), file.resolve().parent
    within = own.is_relative_to(bot.resolve())
    above = [folder for folder in own.parents if folder.is_relative_to(bot.resolve())]
    for folder in [*reversed(above), own] if within else [own]:
        for name in _SHARED:
            if (folder / name).is_file():
                root: Node = read_yaml(folder / name)
                shared = shared.under(root)
    return shared


def _choose(tests: Tests, name: str, place: str) -> None:
    """Leave only what has this name, where one is given; raises `UnknownName`."""
    if not name:
        return
    known = {story.name for story in tests.stories.values()}
    known |= {case.name for case in tests.cases.values()}
    if name not in known:
        raise UnknownName("test", name, known, where=place)
    tests.stories = {at: story for at, story in tests.stories.items() if story.name == name}
    tests.cases = {at: case for at, case in tests.cases.items() if case.name == name}
