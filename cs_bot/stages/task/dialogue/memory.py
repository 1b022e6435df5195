"""Remembers stories: the next action of the story whose beginning the conversation ends with.

What came before that beginning is forgotten, its slots and its loop too, as Rasa's augmented
memoisation does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue, Situation
from cs_bot.stages.task.story import Acted, Path, Spoke, Step

POLICY = "stories"
Beginning = tuple[Situation, ...]

_LONGEST = 60
"""Decisions back from now at which a story may have begun."""


@dataclass(frozen=True, slots=True)
class Told:
    """One decision of a story: the situations since its beginning, and what was done."""

    situations: Beginning
    action: str
    path: Path


def told(paths: Iterable[Path], features: Features) -> Iterator[Told]:
    """Yield all decisions of the paths; the first of a conversation, before a word, is none."""
    for path in paths:
        dialogue = Dialogue.begun(features)
        for step in with_listening(path.steps):
            if isinstance(step, Acted) and dialogue.past and step.action is not None:
                yield Told(dialogue.situations[1:], step.action, path)
            dialogue = dialogue.after(step, features)


def with_listening(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps with the listening that stories leave out, before messages and at the end."""
    latest: Step | None = None
    for step in steps:
        if isinstance(step, Spoke) and not (isinstance(latest, Acted) and latest.action == LISTEN):
            yield Acted(LISTEN)
        yield step
        latest = step
    if not isinstance(latest, Spoke):
        yield Acted(LISTEN)


@dataclass(frozen=True, slots=True)
class Memory:
    """For each beginning of a story what follows, where all stories with it agree."""

    following: Mapping[Beginning, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[Path], features: Features) -> Memory:
        """Remember the paths that are stories."""
        found: dict[Beginning, set[str]] = {}
        why: dict[Beginning, str] = {}
        stories = (path for path in paths if not path.story.is_rule)
        for one in told(stories, features):
            found.setdefault(one.situations, set()).add(one.action)
            story = one.path.story
            why.setdefault(one.situations, f"{story.name} ({story.where})")
        return cls({b: (min(a), why[b]) for b, a in found.items() if len(a) == 1})

    def decide(self, dialogue: Dialogue) -> Decision | None:
        """Return what the longest story does that the conversation ends with."""
        situations = dialogue.situations
        for start in range(max(1, len(situations) - _LONGEST), len(situations)):
            for beginning in _forgetting(situations, start):
                known = self.following.get(beginning)
                if known is not None:
                    return Decision(known[0], POLICY, because=known[1])
        return None


def _forgetting(situations: tuple[Situation, ...], start: int) -> Iterator[Beginning]:
    """Yield the end of the conversation as it was, and as if it had begun there."""
    ending = situations[start:]
    yield ending
    before = situations[start - 1]
    if before.slots or before.loop:
        yield tuple(_without(ending, before))


def _without(ending: Beginning, before: Situation) -> Iterator[Situation]:
    slots, loop = before.slots, before.loop
    for situation in ending:
        slots = slots & situation.slots
        loop = loop if loop == situation.loop else None
        kept = situation.forgetting(slots)
        yield replace(kept, loop=None) if loop is not None else kept
