"""Plays test stories: what the bot reads in each message and does after it, against what is told.

As in Rasa's own test the told action is then taken as done, slots and loops are set as told, no
action is run, and a loop whose message the story answers otherwise counts as having rejected it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cs_bot.stages.task.dialogue.memory import with_listening
from cs_bot.stages.task.dialogue.paths import filling
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.project import Mention
from cs_bot.stages.task.slots import told_intent
from cs_bot.stages.task.story import UNLIKELY, Acted, Named, Path, Rejected, Spoke, Step
from cs_bot.types import Reading

Read = Callable[[str], Reading]
Annotated = Callable[[Spoke], tuple[str, tuple[Mention, ...]]]
"""The words of a message without its annotations, and what these mark."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One step at which the bot differs from the story."""

    where: str
    what: str
    """`intent`, `entities` or `action`."""
    told: str
    got: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.told!r} was told, the bot has {self.got!r}"


@dataclass(frozen=True, slots=True)
class Played:
    """One test story and where the bot left it."""

    path: Path
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the bot followed the story to its end."""
        return not self.mismatches


class StoryPlayer:
    """Plays stories against policies and, where a message has words, a reader."""

    def __init__(self, policies: Policies, annotated: Annotated, read: Read | None = None) -> None:
        self._policies = policies
        self._annotated = annotated
        self._read = read

    def play(self, path: Path) -> Played:
        """Return how the story went."""
        return Played(path, tuple(self._mismatches(path)))

    def _mismatches(self, path: Path) -> Iterator[Mismatch]:
        features = self._policies.features
        dialogue = self._policies.begun()
        for written in with_listening(path.steps):
            step: Step = written
            if isinstance(step, Acted) and step.action == UNLIKELY:
                continue
            if isinstance(step, Spoke) and step.text is not None:
                words, mentions = self._annotated(step)
                step = replace(step, entities=(*step.entities, *map(_named, mentions)))
                yield from self._misread(step, words, mentions)
            if isinstance(step, Acted) and step.action is not None and dialogue.past:
                dialogue, mismatch = self._decided(dialogue, step)
                if mismatch is not None:
                    yield mismatch
            dialogue = dialogue.then(filling((step,), self._policies.fills), features)

    def _decided(self, dialogue: Dialogue, told: Acted) -> tuple[Dialogue, Mismatch | None]:
        decision = self._policies.decide(dialogue)
        loop = dialogue.now.loop
        if loop is not None and decision.action == loop != told.action:
            dialogue = dialogue.after(Rejected(loop), self._policies.features)
            decision = self._policies.decide(dialogue)
        if decision.action == told.action:
            return dialogue, None
        got = f"{decision.action} ({decision.policy}: {decision.because or decision.probability})"
        where = told.where or ("the end of a turn" if told.action == LISTEN else "")
        return dialogue, Mismatch(where, "action", str(told.action), got)

    def _misread(
        self, step: Spoke, words: str, mentions: tuple[Mention, ...]
    ) -> Iterator[Mismatch]:
        if self._read is None or step.intent is None:
            return
        reading = self._read(words)
        got = told_intent(reading)
        if got != self._policies.features.intent(step.intent):
            yield Mismatch(step.where, "intent", step.intent, got or "none")
        marked = sorted(_shown(m.entity, m.value, (m.start, m.end)) for m in mentions)
        found = sorted(_shown(e.name, e.value, (e.start, e.end)) for e in reading.entities)
        if marked != found:
            told = ", ".join(marked) or "none"
            yield Mismatch(step.where, "entities", told, ", ".join(found) or "none")


def _named(mention: Mention) -> Named:
    return Named(mention.entity, mention.value, mention.role, mention.group)


def _shown(name: str, value: Any, span: tuple[int, int]) -> str:
    """Return an entity to compare; a time by its place, for `tomorrow` is another day tomorrow."""
    return f"{name} at {span[0]}-{span[1]}" if name == "time" else f"{name}={value}"
