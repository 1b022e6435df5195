"""Remembers stories: the next action of the story whose beginning the conversation ends with.

What came before that beginning is forgotten, its slots and its loop too, as Rasa's augmented
memoisation does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue, Situation
from cs_bot.stages.task.story import Acted, Path, Spoke, Step

POLICY = "stories"
Beginning = tuple[Situation, ...]
Latest = tuple[str | None, str | None, str | None, str | None]

_Key = TypeVar("_Key")

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
    """The action and the story."""
    answered: frozenset[Beginning] = frozenset()
    """Beginnings after which the bot listened and the customer answered."""
    lately: Mapping[Latest, str] = field(default_factory=dict)
    """What all stories do after the same answer to the same question."""
    longest: int = 0
    """Decisions in the longest beginning: no longer ending of a conversation can be one."""

    @classmethod
    def of(cls, paths: Iterable[Path], features: Features) -> Memory:
        """Remember the paths that are stories."""
        stories = [path for path in paths if not path.story.is_rule]
        decisions = [
            (beginning, one.action, f"{one.path.story.name} ({one.path.story.where})")
            for one in told(stories, features)
            for beginning in dict.fromkeys((one.situations, _bare(one.situations)))
        ]
        following = _agreed((beginning, (action, why)) for beginning, action, why in decisions)
        answered = (b[:-1] for b in following if len(b) > 1 and b[-1].action == LISTEN)
        lately = _agreed((_latest(b), (action, why)) for b, action, why in decisions)
        return cls(
            following,
            frozenset(answered),
            {latest: action for latest, (action, _) in lately.items()},
            max(map(len, following), default=0),
        )

    def decide(self, dialogue: Dialogue) -> Decision | None:
        """Return what the longest story does that the conversation ends with.

        Where none does, what all stories do after this answer to this question.
        """
        for beginning in self._beginnings(dialogue):
            known = self.following.get(beginning)
            if known is not None:
                return Decision(known[0], POLICY, because=known[1], depth=len(beginning))
        now = dialogue.now
        answers = len(dialogue.past) > 1 and now.intent is not None
        action = self.lately.get(_latest(dialogue.situations)) if answers else None
        if action is None:
            return None
        return Decision(action, POLICY, because="all stories with this question", depth=2)

    def expects(self, dialogue: Dialogue) -> bool:
        """Return whether a story says what follows an answer to what the bot just did."""
        now = dialogue.now
        if now.action is None:
            return False
        if any((loop, asked) == (now.loop, now.action) for loop, asked, _, _ in self.lately):
            return True
        return any(beginning in self.answered for beginning in self._beginnings(dialogue))

    def _beginnings(self, dialogue: Dialogue) -> Iterator[Beginning]:
        """Yield every ending of the conversation that a story may begin with, longest first."""
        situations = dialogue.situations
        first = max(1, len(situations) - min(self.longest, _LONGEST))
        bare = _bare(situations[first:])
        for start in range(first, len(situations)):
            yield from _endings(situations, start)
            yield bare[start - first :]


def _agreed(rows: Iterable[tuple[_Key, tuple[str, str]]]) -> dict[_Key, tuple[str, str]]:
    """Return for each key its action and the first story, where all rows have one action."""
    first: dict[_Key, tuple[str, str]] = {}
    disputed: set[_Key] = set()
    for key, told_so in rows:
        if first.setdefault(key, told_so)[0] != told_so[0]:
            disputed.add(key)
    return {key: told_so for key, told_so in first.items() if key not in disputed}


def _latest(situations: Beginning) -> Latest:
    """Return the loop, what was done before listening, what was done last, and the intent."""
    now = situations[-1]
    before = situations[-2].action if now.action == LISTEN and len(situations) > 1 else None
    return now.loop, before, now.action, now.intent


def _endings(situations: tuple[Situation, ...], start: int) -> Iterator[Beginning]:
    """Yield the end of the conversation as it was, and as if it had begun there."""
    ending = situations[start:]
    yield ending
    before = situations[start - 1]
    if before.slots or before.loop:
        yield tuple(_without(ending, before))


def _bare(beginning: Beginning) -> Beginning:
    """Return it without values: what names none is told as well by a customer who says more."""
    return tuple(Situation(one.action, one.intent, loop=one.loop) for one in beginning)


def _without(ending: Beginning, before: Situation) -> Iterator[Situation]:
    slots, loop = before.slots, before.loop
    for situation in ending:
        slots = slots & situation.slots
        loop = loop if loop == situation.loop else None
        kept = situation.forgetting(slots)
        yield replace(kept, loop=None) if loop is not None else kept
