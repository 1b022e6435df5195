"""What the rest of the house may ask of a store; the docstring of each method is its contract.

`cs_bot/testing/store_contract` holds the contract as tests: a new backend writes one fixture and
inherits them all. Times are aware datetimes in UTC.
"""

from cs_bot.stores.protocols.conversations import (
    Accepted,
    Addition,
    BlocksReplaced,
    Conversation,
    ConversationQuery,
    ConversationStore,
    ConversationSummary,
    Feedback,
    History,
    Inbound,
    LogEntry,
    LoggedTurn,
    Past,
    PlacedTurn,
    Received,
    Shown,
    Standing,
    TurnRecord,
    Unanswered,
)
from cs_bot.stores.protocols.feedback import MOST_VOTES, FeedbackStore, Forgetting, Vote
from cs_bot.stores.protocols.knowledge import (
    DraftDiff,
    DraftPair,
    Import,
    ImportCounts,
    KnowledgeStore,
    PairPage,
    PairQuery,
    PairStatus,
    Release,
)
from cs_bot.stores.protocols.labels import (
    Label,
    LabelCounts,
    LabelPage,
    LabelQuery,
    LabelStore,
)
from cs_bot.stores.protocols.left_messages import LeftMessage, LeftMessageStore
from cs_bot.stores.protocols.models import ActiveModel, ModelStore, StoredModel, Trained
from cs_bot.stores.protocols.operators import Operator, OperatorStore, SecretStore
from cs_bot.stores.protocols.reminders import ReminderStore
from cs_bot.stores.protocols.shared import AnswerCache, CachedAnswer, ConversationLocks, WakeUps
from cs_bot.stores.protocols.slices import Slice
from cs_bot.stores.protocols.stores import Stores

__all__ = [
    "MOST_VOTES",
    "Accepted",
    "ActiveModel",
    "Addition",
    "AnswerCache",
    "BlocksReplaced",
    "CachedAnswer",
    "Conversation",
    "ConversationLocks",
    "ConversationQuery",
    "ConversationStore",
    "ConversationSummary",
    "DraftDiff",
    "DraftPair",
    "Feedback",
    "FeedbackStore",
    "Forgetting",
    "History",
    "Import",
    "ImportCounts",
    "Inbound",
    "KnowledgeStore",
    "Label",
    "LabelCounts",
    "LabelPage",
    "LabelQuery",
    "LabelStore",
    "LeftMessage",
    "LeftMessageStore",
    "LogEntry",
    "LoggedTurn",
    "ModelStore",
    "Operator",
    "OperatorStore",
    "PairPage",
    "PairQuery",
    "PairStatus",
    "Past",
    "PlacedTurn",
    "Received",
    "Release",
    "ReminderStore",
    "SecretStore",
    "Shown",
    "Slice",
    "Standing",
    "StoredModel",
    "Stores",
    "Trained",
    "TurnRecord",
    "Unanswered",
    "Vote",
    "WakeUps",
]
