"""What happened in a conversation, as events, and the dialogue state they fold into.

The log of events is the truth; a state is never edited, only derived: `state.apply(events)`.
"""

from cs_bot.events.conversation import (
    ConversationPaused,
    ConversationResumed,
    HandoffOffered,
    LocaleSet,
    MemorySet,
    MessageLeft,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    Suggested,
)
from cs_bot.events.kinds import (
    Event,
    Kept,
    Move,
    Moves,
    Undoing,
    event_as_dict,
    event_from_dict,
)
from cs_bot.events.moves import (
    NEVER_RAN_ON,
)
from cs_bot.events.state import (
    DialogueState,
    Suspended,
    fold,
)
from cs_bot.events.tasks import (
    ActionReverted,
    ActionTaken,
    DialogueRestarted,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
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

__all__ = [
    "NEVER_RAN_ON",
    "ActionReverted",
    "ActionTaken",
    "ConversationPaused",
    "ConversationResumed",
    "DialogueRestarted",
    "DialogueState",
    "Event",
    "HandoffOffered",
    "Kept",
    "LocaleSet",
    "LoopEnded",
    "LoopRejected",
    "LoopStarted",
    "MemorySet",
    "MessageLeft",
    "MessageReverted",
    "MessageUnderstood",
    "Move",
    "Moves",
    "ReminderCancelled",
    "ReminderSet",
    "SessionStarted",
    "SlotRejected",
    "SlotRequested",
    "SlotSet",
    "Suggested",
    "Suspended",
    "TaskEnded",
    "TaskPostponed",
    "TaskResumed",
    "TaskStarted",
    "TaskSuspended",
    "TasksOffered",
    "Undoing",
    "event_as_dict",
    "event_from_dict",
    "fold",
]
