"""All stores of one bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cs_bot.stores.protocols.conversations import ConversationStore
from cs_bot.stores.protocols.feedback import FeedbackStore
from cs_bot.stores.protocols.knowledge import KnowledgeStore
from cs_bot.stores.protocols.labels import LabelStore
from cs_bot.stores.protocols.left_messages import LeftMessageStore
from cs_bot.stores.protocols.models import ModelStore
from cs_bot.stores.protocols.operators import OperatorStore, SecretStore
from cs_bot.stores.protocols.reminders import ReminderStore


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one bot, opened together and closed together."""

    conversations: ConversationStore
    feedback: FeedbackStore
    left_messages: LeftMessageStore
    knowledge: KnowledgeStore
    labels: LabelStore
    models: ModelStore
    operators: OperatorStore
    reminders: ReminderStore
    secrets: SecretStore
    close: Callable[[], Awaitable[None]]
