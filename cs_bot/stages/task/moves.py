"""What happened in a conversation as steps that policies look at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator

from cs_bot.events import (
    ActionTaken,
    DialogueState,
    Event,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageUnderstood,
    Moves,
    SlotRequested,
    SlotSet,
    TaskResumed,
    TaskSuspended,
)
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.situation import Dialogue, PutAside, Seen, TakenUp
from cs_bot.stages.task.story import FILLED, Acted, Filled, Looped, Named, Rejected, Spoke

_REQUESTED = "requested_slot"
_REMEMBERED = 1_000
"""Conversations."""


def dialogue_of(state: DialogueState, features: Features) -> Dialogue:
    """Return the dialogue that led to a state."""
    return Dialogue.begun(features).then(steps(state.moves), features)


class Dialogues:
    """Dialogues of late: of a conversation that goes on only what is new is folded."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._latest: OrderedDict[str, tuple[Moves, Dialogue]] = OrderedDict()

    def of(self, conversation_id: str, state: DialogueState) -> Dialogue:
        """Return the dialogue that led to the state of this conversation."""
        moves, dialogue = self._latest.get(conversation_id, ((), None))
        if dialogue is None or not _goes_on(state.moves, moves):
            dialogue = dialogue_of(state, self._features)
        elif len(state.moves) > len(moves):
            dialogue = dialogue.then(steps(state.moves[len(moves) :]), self._features)
        self._remember(conversation_id, state.moves, dialogue)
        return dialogue

    def _remember(self, conversation_id: str, moves: Moves, dialogue: Dialogue) -> None:
        self._latest[conversation_id] = moves, dialogue
        self._latest.move_to_end(conversation_id)
        if len(self._latest) > _REMEMBERED:
            self._latest.popitem(last=False)


def _goes_on(moves: Moves, known: Moves) -> bool:
    """Return whether moves begin with what is known: the very same events, or nothing is known."""
    if not known:
        return False
    return len(moves) >= len(known) and moves[0] is known[0] and moves[len(known) - 1] is known[-1]


def steps(events: Iterable[Event]) -> Iterator[Seen]:
    """Yield what policies see of these events."""
    for event in events:
        yield from _steps(event)


def _steps(event: Event) -> Iterator[Seen]:
    match event:
        case MessageUnderstood(intent=intent, entities=entities):
            yield Spoke(intent, tuple(Named(name, FILLED) for name in entities))
        case ActionTaken(action=action):
            yield Acted(action)
        case LoopStarted(loop=loop):
            yield Looped(loop)
        case LoopEnded():
            yield Looped(None)
            yield Filled(_REQUESTED, None)
        case LoopRejected(loop=loop):
            yield Rejected(loop)
        case SlotSet(name=name, value=value):
            yield Filled(name, value)
        case SlotRequested(name=name):
            yield Filled(_REQUESTED, name)
        case TaskSuspended(task=task):
            yield PutAside(task)
        case TaskResumed(task=task, slots=slots):
            yield TakenUp(task)
            yield from (Filled(name, value) for name, value in slots.items())
