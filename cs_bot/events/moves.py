"""What a state remembers of how it came to be: kept within bounds, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cs_bot.events.kinds import Kept, Moves
from cs_bot.events.tasks import (
    ActionTaken,
    LoopEnded,
    LoopStarted,
    MessageUnderstood,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskPostponed,
    TaskResumed,
    TaskStarted,
    TaskSuspended,
)

_MOST_MOVES = 300
_MOVES_KEPT = 150
"""Some thirty turns: no story looks further back."""
_LISTENED = ActionTaken("action_listen")
NEVER_RAN_ON = frozenset({"dropped", "expired"})
"""Outcomes of tasks that ended while they waited."""


def bounded(moves: Moves) -> Moves:
    """Return the latest moves, and of the earlier ones what still holds."""
    if len(moves) <= _MOST_MOVES:
        return moves
    return (*held_moves(moves[:-_MOVES_KEPT]), *moves[-_MOVES_KEPT:])


def held_moves(moves: Iterable[Kept]) -> Moves:
    """Return the last word on each slot, on the task, the loop and what is awaited."""
    held: dict[str, Kept] = {}
    for move in moves:
        about = _about(move)
        if about is not None:
            held.pop(about, None)  # its place is that of the last word: a task asks after it began
            held[about] = move
    return tuple(held.values())


def _about(move: Kept) -> str | None:
    match move:
        case SlotSet(name=name):
            return f"slot {name}"
        case LoopStarted() | LoopEnded():
            return "loop"
        case SlotRequested():
            return "requested"
        case TaskSuspended(task=task) | TaskPostponed(task=task):
            return f"waits {task}"
        case TaskEnded(task=task, outcome=outcome) if outcome in NEVER_RAN_ON:
            return f"waits {task}"
        case TaskStarted() | TaskResumed() | TaskEnded():
            return "task"
        case _:
            return None


def before_message(moves: Moves) -> Moves:
    """Return the moves before the bot listened to the latest message; all where there was none."""
    at = _last(moves, MessageUnderstood)
    if at is None:
        return moves
    if at and moves[at - 1] == _LISTENED:
        at -= 1
    while at and isinstance(moves[at - 1], TaskSuspended):  # for the task that the message began
        at -= 1
    return moves[:at]


def before_action(moves: Moves) -> Moves:
    at = _last(moves, ActionTaken)
    return moves if at is None else moves[:at]


def _last(moves: Sequence[Kept], kind: type[Kept]) -> int | None:
    return next((at for at in reversed(range(len(moves))) if isinstance(moves[at], kind)), None)
