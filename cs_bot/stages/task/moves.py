"""What happened in a conversation as steps that policies look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cs_bot.events import (
    ActionTaken,
    DialogueState,
    Event,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageUnderstood,
    SlotRequested,
    SlotSet,
)
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.situation import Dialogue
from cs_bot.stages.task.story import FILLED, Acted, Filled, Looped, Named, Rejected, Spoke, Step

_REQUESTED = "requested_slot"


def dialogue_of(state: DialogueState, features: Features) -> Dialogue:
    """Return the dialogue that led to a state."""
    return Dialogue.begun(features).then(steps(state.moves), features)


def steps(events: Iterable[Event]) -> Iterator[Step]:
    """Yield what policies see of these events."""
    for event in events:
        yield from _steps(event)


def _steps(event: Event) -> Iterator[Step]:
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
