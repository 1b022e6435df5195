"""Where a conversation stands when the bot decides, as far as policies look at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.story import Acted, Filled, Looped, Rejected, Spoke, Step

LISTEN = "action_listen"
SESSION_START = "action_session_start"
_RESTART = "action_restart"

Slots = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Situation:
    """The latest message and action, the active loop, and the slots that influence decisions."""

    action: str | None = None
    intent: str | None = None
    entities: frozenset[str] = frozenset()
    loop: str | None = None
    slots: Slots = frozenset()

    def forgetting(self, slots: Slots) -> Situation:
        """Return the situation without these slots as long as they are unchanged."""
        return replace(self, slots=self.slots - slots) if slots & self.slots else self


@dataclass(frozen=True, slots=True)
class PutAside:
    """A task waits from now on: what follows is another dialogue."""

    task: str


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A task that waited goes on, as if nothing had been in between but for what slots hold."""

    task: str


Seen = Step | PutAside | TakenUp
"""What a dialogue is made of: the steps that stories have, and changes of the task."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The situations of all decisions so far, oldest first, and the one of the next decision."""

    now: Situation = Situation()
    past: tuple[Situation, ...] = ()
    rejected: bool = False
    """Whether the active loop could not use the latest message."""
    aside: Mapping[str, Dialogue] = field(default_factory=dict)
    """The dialogues of tasks that wait."""

    @classmethod
    def begun(cls, features: Features) -> Dialogue:
        """Return the beginning of a conversation: only initial values are there."""
        return cls(Situation(slots=features.initial))

    @property
    def situations(self) -> tuple[Situation, ...]:
        """The situations of all decisions, the next one last."""
        return (*self.past, self.now)

    def after(self, step: Seen, features: Features) -> Dialogue:
        """Return the dialogue after one more step."""
        match step:
            case Spoke(intent=intent, entities=entities):
                named = features.entities(intent, entities)
                told = replace(self.now, intent=features.intent(intent), entities=named)
                return replace(self, now=told, rejected=False)
            case Acted(action=action, text=text):
                return self._acted(action or f"bot: {text}", features)
            case Looped(loop=loop):
                return replace(self, now=replace(self.now, loop=loop), rejected=False)
            case Filled(slot=slot, value=value):
                others = frozenset(held for held in self.now.slots if held[0] != slot)
                slots = others | features.slot(slot, value)
                return replace(self, now=replace(self.now, slots=slots))
            case Rejected(loop=loop):
                return replace(self, rejected=self.rejected or loop == self.now.loop)
            case PutAside(task=task):
                return replace(self, aside={**self.aside, task: self})
            case TakenUp(task=task):
                return self._taken_up(task)

    def then(self, steps: Iterable[Seen], features: Features) -> Dialogue:
        """Return the dialogue after these steps."""
        dialogue = self
        for step in steps:
            dialogue = dialogue.after(step, features)
        return dialogue

    def _acted(self, action: str, features: Features) -> Dialogue:
        if action == _RESTART:
            return Dialogue.begun(features)
        if action == SESSION_START:
            return self
        if action == self.now.loop and not self.rejected:
            before = self._latest_run_of_loop()
            if before is not None:
                return before
        now = replace(self.now, action=action)
        rejected = self.rejected and action != self.now.loop
        return replace(self, now=now, past=(*self.past, self.now), rejected=rejected)

    def _taken_up(self, task: str) -> Dialogue:
        before = self.aside.get(task)
        if before is None:
            return self
        others = {name: dialogue for name, dialogue in self.aside.items() if name != task}
        return replace(before, now=replace(before.now, slots=self.now.slots), aside=others)

    def _latest_run_of_loop(self) -> Dialogue | None:
        """Return the dialogue as if the loop had not asked and been answered since it last ran.

        How often a form asked must not matter to what follows it. None where it did not run before,
        or something else was done in between.
        """
        taken = [situation.action for situation in (*self.past[1:], self.now)]
        since = 0
        for action in reversed(taken):
            if action == self.now.loop:
                break
            if action != LISTEN:
                return None
            since += 1
        else:
            return None
        if since == 0:
            return self
        at = len(self.past) - since
        ran = self.past[at]
        now = replace(ran, slots=self.now.slots, loop=self.now.loop)
        return Dialogue(now, self.past[:at], aside=self.aside)
