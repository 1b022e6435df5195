"""Plays stories against policies and reader alone, and test cases against the whole bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cs_bot.cli.progress import progress_bar

if TYPE_CHECKING:
    from cs_bot.app.cases import PlayedCase
    from cs_bot.settings import Settings
    from cs_bot.stages.task.case import Case
    from cs_bot.stages.task.project import Mention, Project
    from cs_bot.stages.task.story import Path as StoryPath
    from cs_bot.stages.task.story import Spoke
    from cs_bot.stages.task.story_tests import Played
    from cs_bot.types import Reading


def played_stories(
    settings: Settings, project: Project, found: Sequence[StoryPath], *, fail_fast: bool
) -> list[Played]:
    """Return how the stories went, up to the first that failed with `fail_fast`."""
    from cs_bot.stages.task.dialogue.policies import Policies
    from cs_bot.stages.task.story_tests import StoryPlayer

    if not found:
        return []
    texts = [_annotated(step)[0] for step in _worded(found)]
    read = asyncio.run(_readings(settings, project, texts)).__getitem__ if texts else None
    player = StoryPlayer(Policies.of(project), _annotated, read)
    with progress_bar("stories", len(found)) as tell:
        played: list[Played] = []
        for number, path in enumerate(found, 1):
            played.append(player.play(path))
            tell(number)
            if fail_fast and not played[-1].passed:
                break
    return played


def played_cases(settings: Settings, cases: Sequence[Case], *, fail_fast: bool) -> list[PlayedCase]:
    """Return how the test cases went, up to the first that failed with `fail_fast`."""
    return asyncio.run(_play(settings, cases, fail_fast=fail_fast))


async def _play(settings: Settings, cases: Sequence[Case], *, fail_fast: bool) -> list[PlayedCase]:
    from cs_bot.app import opened
    from cs_bot.app.cases import CasePlayer
    from cs_bot.app.throwaway import thrown_away
    from cs_bot.cli.companions import companions
    from cs_bot.stages.task.rehearsal import Rehearsal

    rehearsal = Rehearsal()
    beside = companions(settings.companions, settings.directory, shared=True)
    async with thrown_away(settings) as bot, beside, opened(bot, rehearsal) as house:
        await house.complete()
        player = CasePlayer(house, rehearsal)
        with progress_bar("test cases", len(cases)) as tell:
            played: list[PlayedCase] = []
            for number, case in enumerate(cases, 1):
                played.append(await player.play(case))
                tell(number)
                if fail_fast and not played[-1].passed:
                    break
    return played


def _worded(found: Sequence[StoryPath]) -> Iterator[Spoke]:
    """Yield the messages that have words, for which a reader is needed."""
    from cs_bot.stages.task.story import Spoke

    steps = (step for path in found for step in path.steps)
    yield from (step for step in steps if isinstance(step, Spoke) and step.text is not None)


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
