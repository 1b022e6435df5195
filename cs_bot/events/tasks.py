"""What happened to tasks: what was understood, done, asked and filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A task began."""

    event: ClassVar[str] = "task_started"
    task: str


@dataclass(frozen=True, slots=True)
class SlotSet:
    """A slot has a value now; None empties it."""

    event: ClassVar[str] = "slot_set"
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class SlotRequested:
    """The active task waits for this slot; None when it waits for nothing."""

    event: ClassVar[str] = "slot_requested"
    name: str | None


@dataclass(frozen=True, slots=True)
class SlotRejected:
    """The customer's answer for a slot could not be used."""

    event: ClassVar[str] = "slot_rejected"
    name: str


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """The active task is over: `completed`, `cancelled` or `failed`.

    Or one that waits is: `dropped` or `expired`.
    """

    event: ClassVar[str] = "task_ended"
    task: str
    outcome: str


@dataclass(frozen=True, slots=True)
class MessageUnderstood:
    """The task bot took the message to mean this; None where no intent was likely enough."""

    event: ClassVar[str] = "message_understood"
    intent: str | None
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionTaken:
    """The task bot ran an action: said a response, asked through a form, listened."""

    event: ClassVar[str] = "action_taken"
    action: str


@dataclass(frozen=True, slots=True)
class LoopStarted:
    """A form asks until it has what it needs."""

    event: ClassVar[str] = "loop_started"
    loop: str


@dataclass(frozen=True, slots=True)
class LoopEnded:
    """A form is full, or was left."""

    event: ClassVar[str] = "loop_ended"
    loop: str


@dataclass(frozen=True, slots=True)
class LoopRejected:
    """The form could not use the message, which is answered otherwise."""

    event: ClassVar[str] = "loop_rejected"
    loop: str


@dataclass(frozen=True, slots=True)
class DialogueRestarted:
    """Slots, task and all that was done are forgotten."""

    event: ClassVar[str] = "dialogue_restarted"


@dataclass(frozen=True, slots=True)
class TaskSuspended:
    """The active task was put aside for another one; what it had collected is kept.

    `keeps` are the slots that are its own: when it goes on they have the values they had, or none.
    """

    event: ClassVar[str] = "task_suspended"
    task: str
    awaits: str | None = None
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskPostponed:
    """A task that was asked for together with another one waits for its turn.

    `told` are the entities of its part of the message, each with name, value, role and group.
    """

    event: ClassVar[str] = "task_postponed"
    task: str
    intent: str
    told: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskResumed:
    """A task that was put aside or postponed is the active one now.

    `slots` are its own ones with the values they had, None for one that had none.
    """

    event: ClassVar[str] = "task_resumed"
    task: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TasksOffered:
    """The customer was asked which of these tasks is meant, or whether to go on with the only one.

    `told` are the entities of the message that led to the question.
    """

    event: ClassVar[str] = "tasks_offered"
    tasks: tuple[str, ...]
    intents: tuple[str, ...] = ()
    told: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageReverted:
    """The latest message that the task bot understood is as if it had never been said."""

    event: ClassVar[str] = "message_reverted"


@dataclass(frozen=True, slots=True)
class ActionReverted:
    """The latest action of the task bot is as if it had never been run."""

    event: ClassVar[str] = "action_reverted"
