"""What happened in a conversation as a whole, whichever stage answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class LocaleSet:
    """The customer speaks this language now (`zh`, `en`)."""

    event: ClassVar[str] = "locale_set"
    locale: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A "did you mean" list was shown."""

    event: ClassVar[str] = "suggested"
    pair_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandoffOffered:
    """The customer was offered a human (`fallback`, `asked`, `task_failed`, ...)."""

    event: ClassVar[str] = "handoff_offered"
    reason: str


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The customer left a message for the staff."""

    event: ClassVar[str] = "message_left"
    name: str
    contact: str
    text: str


@dataclass(frozen=True, slots=True)
class MemorySet:
    """Small talk remembers something about this conversation (an AIML predicate)."""

    event: ClassVar[str] = "memory_set"
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The customer is back after a long silence: the running task is put away.

    Slots stay where the project carries them over.
    """

    event: ClassVar[str] = "session_started"
    carries_slots: bool = True


@dataclass(frozen=True, slots=True)
class ConversationPaused:
    """The bot says nothing until it is resumed, restarted, or a new session begins."""

    event: ClassVar[str] = "conversation_paused"


@dataclass(frozen=True, slots=True)
class ConversationResumed:
    """The bot answers again."""

    event: ClassVar[str] = "conversation_resumed"


@dataclass(frozen=True, slots=True)
class ReminderSet:
    """The bot means to come back to something, as if the customer had said the intent then."""

    event: ClassVar[str] = "reminder_set"
    name: str
    """A later one of the same name takes its place."""
    intent: str
    entities: Mapping[str, Any]
    due: str
    """ISO 8601 with its zone."""
    outlives_messages: bool = False
    """Whether it stays when the customer says something before that."""


@dataclass(frozen=True, slots=True)
class ReminderCancelled:
    """Reminders to which all of this applies are forgotten; nothing said means all."""

    event: ClassVar[str] = "reminder_cancelled"
    name: str | None = None
    intent: str | None = None
    entities: Mapping[str, Any] | None = None
