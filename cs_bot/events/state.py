"""The dialogue state that events fold into; never edited, only derived: `state.apply(events)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cs_bot.events.conversation import (
    ConversationPaused,
    ConversationResumed,
    HandoffOffered,
    LocaleSet,
    MemorySet,
    SessionStarted,
    Suggested,
)
from cs_bot.events.kinds import Event, Kept, Moves
from cs_bot.events.moves import before_action, before_message, bounded, held_moves
from cs_bot.events.tasks import (
    ActionReverted,
    DialogueRestarted,
    MessageReverted,
    SlotRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskPostponed,
    TaskResumed,
    TasksOffered,
    TaskStarted,
    TaskSuspended,
)

_MOST_SUSPENDED = 5
"""Tasks that wait at once; of more the oldest is forgotten."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """A task that waits: put aside in its middle, or not begun yet."""

    task: str
    awaits: str | None = None
    """The slot or confirmation it waited for."""
    own: Mapping[str, Any] = field(default_factory=dict)
    """The values of its own slots, None of one that had none."""
    intent: str | None = None
    """Of a task that is not begun, what the customer asked for."""
    told: tuple[Mapping[str, Any], ...] = ()
    turns: int = 0
    """How many turns ago it was put aside."""
    asked: bool = False
    """Whether the customer was asked to go on with it: then it is not gone back to unasked."""
    collected: frozenset[str] = frozenset()
    """The slots that got their value since it began."""

    @property
    def is_begun(self) -> bool:
        """Whether it was put aside in its middle."""
        return self.intent is None


_NOTHING_ASKED: Mapping[str, Any] = {
    "requested_slot": None,
    "rejections": 0,
    "collected": frozenset(),
}
"""What holds when a task begins or ends."""


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where a conversation stands: language, active task, slots, what small talk remembers."""

    locale: str | None = None
    task: str | None = None
    requested_slot: str | None = None
    rejections: int = 0
    """How many answers for the requested slot could not be used, in a row."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    collected: frozenset[str] = frozenset()
    """Slots that got their value since the active task began: others have theirs from elsewhere."""
    suggested: tuple[str, ...] = ()
    memory: Mapping[str, str] = field(default_factory=dict)
    fallbacks: int = 0
    """How many turns in a row ended in an offer of a human."""
    failures: int = 0
    """How many tasks in a row failed."""
    suspended: tuple[Suspended, ...] = ()
    """Tasks that wait, the one put aside last at the end."""
    offered: TasksOffered | None = None
    """What the customer was asked with the latest answer."""
    paused: bool = False
    """Whether the bot keeps silent."""
    moves: Moves = field(default=(), compare=False)
    """The latest of what policies look at, oldest first: how it came to this, not where it stands.
    What slots hold, which task runs and which form asks is in them however long ago it was said."""

    def apply(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after one more turn with these events."""
        waiting = tuple(replace(one, turns=one.turns + 1) for one in self.suspended)
        happened = tuple(events)
        begun = replace(self, suggested=(), offered=None, suspended=waiting)
        offered = any(isinstance(event, HandoffOffered) for event in happened)
        state = begun.within_turn(happened)
        return replace(state, fallbacks=self.fallbacks + 1 if offered else 0)

    def within_turn(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after these events, the turn not being over yet."""
        state = self
        for event in events:
            state = state._after(event)._having_moved(event)
        return state

    def _after(self, event: Event) -> DialogueState:
        match event:
            case LocaleSet(locale=locale):
                return replace(self, locale=locale)
            case TaskStarted(task=task):
                return replace(self._without(task), task=task, **_NOTHING_ASKED)
            case SlotSet(name=name, value=value):
                collected = self.collected | {name} if self.task is not None else self.collected
                slots = _with(self.slots, name, value)
                return replace(self, slots=slots, collected=collected)
            case SlotRequested(name=requested):
                same = requested == self.requested_slot
                rejections = self.rejections if same else 0
                return replace(self, requested_slot=requested, rejections=rejections)
            case SlotRejected():
                return replace(self, rejections=self.rejections + 1)
            case TaskEnded(task=task) if task != self.task and self.waiting(task):
                return self._without(task)
            case TaskEnded(outcome=outcome):
                failures = {"failed": self.failures + 1, "completed": 0}
                return replace(
                    self,
                    task=None,
                    **_NOTHING_ASKED,
                    failures=failures.get(outcome, self.failures),
                )
            case Suggested(pair_ids=pair_ids):
                return replace(self, suggested=pair_ids)
            case MemorySet(name=name, value=value):
                return replace(self, memory=_with(self.memory, name, value))
            case TaskSuspended() | TaskPostponed():
                return self._put_aside(event)
            case TaskResumed():
                return self._resumed(event)
            case TasksOffered(tasks=tasks):
                waiting = tuple(
                    replace(one, asked=True) if tasks == (one.task,) else one
                    for one in self.suspended
                )
                return replace(self, offered=event, suspended=waiting)
            case DialogueRestarted():
                return DialogueState(locale=self.locale, memory=self.memory)
            case SessionStarted(carries_slots=carries):
                kept = [
                    move for move in held_moves(self.moves) if carries and isinstance(move, SlotSet)
                ]
                return replace(self._having_only(kept), failures=0, paused=False, offered=None)
            case MessageReverted():
                return self._having_only(before_message(self.moves))
            case ActionReverted():
                return self._having_only(before_action(self.moves))
            case ConversationPaused() | ConversationResumed():
                return replace(self, paused=isinstance(event, ConversationPaused))
            case _:
                return self

    def waiting(self, task: str) -> Suspended | None:
        """Return how a task waits, None where it does not."""
        return next((one for one in self.suspended if one.task == task), None)

    def _without(self, task: str) -> DialogueState:
        kept = tuple(one for one in self.suspended if one.task != task)
        return replace(self, suspended=kept) if len(kept) < len(self.suspended) else self

    def _put_aside(self, event: TaskSuspended | TaskPostponed) -> DialogueState:
        """Return the state with one more task that waits, and of a suspended one no active task."""
        others = self._without(event.task).suspended
        if isinstance(event, TaskPostponed):
            one = Suspended(event.task, intent=event.intent, told=event.told)
            return replace(self, suspended=(*others, one)[-_MOST_SUSPENDED:])
        own = {name: self.slots.get(name) for name in event.keeps}
        one = Suspended(event.task, event.awaits, own, collected=self.collected)
        waiting = (*others, one)[-_MOST_SUSPENDED:]
        return replace(self, task=None, suspended=waiting, **_NOTHING_ASKED)

    def _resumed(self, event: TaskResumed) -> DialogueState:
        """Return the state in which a task that waited goes on, with its own values."""
        one = self.waiting(event.task)
        slots = {n: v for n, v in {**self.slots, **event.slots}.items() if v is not None}
        active = replace(self._without(event.task), task=event.task, slots=slots, **_NOTHING_ASKED)
        return active if one is None else replace(active, collected=one.collected)

    def _having_only(self, moves: Sequence[Kept]) -> DialogueState:
        """Return the state to which these moves alone lead."""
        state = replace(self, task=None, slots={}, suspended=(), moves=(), **_NOTHING_ASKED)
        return replace(state.within_turn(moves), failures=self.failures)

    def _having_moved(self, event: Event) -> DialogueState:
        if not isinstance(event, Kept):
            return self
        return replace(self, moves=bounded((*self.moves, event)))


def fold(turns: Iterable[Iterable[Event]]) -> DialogueState:
    """Return the state after all turns, oldest first."""
    state = DialogueState()
    for events in turns:
        state = state.apply(events)
    return state


def _with(mapping: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    kept = {key: item for key, item in mapping.items() if key != name}
    return kept if value is None else {**kept, name: value}
