"""The contract of `cs_bot/stores/protocols.py` as tests, for the authors of store backends.

Inherit a class, name it `Test...`, and write the fixtures that its docstring asks for. Call
`pytest.register_assert_rewrite("cs_bot.testing.store_contract")` in a conftest first.
"""

from cs_bot.testing.store_contract.additions import AdditionContract
from cs_bot.testing.store_contract.console import ConsoleContract
from cs_bot.testing.store_contract.conversations import ConversationStoreContract
from cs_bot.testing.store_contract.feedback import FeedbackContract
from cs_bot.testing.store_contract.imports import ImportContract
from cs_bot.testing.store_contract.knowledge import KnowledgeStoreContract
from cs_bot.testing.store_contract.labels import LabelContract
from cs_bot.testing.store_contract.models import ModelStoreContract
from cs_bot.testing.store_contract.releases import ReleaseContract
from cs_bot.testing.store_contract.reminders import ReminderContract
from cs_bot.testing.store_contract.shared import (
    AnswerCacheContract,
    LocksContract,
    WakeUpsContract,
)
from cs_bot.testing.store_contract.staff import (
    LeftMessageContract,
    OperatorStoreContract,
    SecretStoreContract,
)
from cs_bot.testing.store_contract.turns import TurnContract

__all__ = [
    "AdditionContract",
    "AnswerCacheContract",
    "ConsoleContract",
    "ConversationStoreContract",
    "FeedbackContract",
    "ImportContract",
    "KnowledgeStoreContract",
    "LabelContract",
    "LeftMessageContract",
    "LocksContract",
    "ModelStoreContract",
    "OperatorStoreContract",
    "ReleaseContract",
    "ReminderContract",
    "SecretStoreContract",
    "TurnContract",
    "WakeUpsContract",
]
