"""The contract of all stores on SQLite and on PostgreSQL."""

import sqlite3
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.exc import IntegrityError

from cs_bot.errors import Busy
from cs_bot.events import MessageLeft
from cs_bot.stores.protocols import (
    ConversationStore,
    FeedbackStore,
    KnowledgeStore,
    LabelStore,
    LeftMessageStore,
    ModelStore,
    OperatorStore,
    ReminderStore,
    SecretStore,
    Stores,
)
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract import (
    AdditionContract,
    ConsoleContract,
    ConversationStoreContract,
    FeedbackContract,
    ImportContract,
    KnowledgeStoreContract,
    LabelContract,
    LeftMessageContract,
    ModelStoreContract,
    OperatorStoreContract,
    ReleaseContract,
    ReminderContract,
    SecretStoreContract,
    TurnContract,
)
from cs_bot.testing.store_contract.values import AT, answered, open_for, pair, said

Ids = Callable[[str], str]
Two = tuple[Stores, Stores]


@pytest.fixture
async def two(url: str, clock: FakeClock, ids: Ids) -> AsyncIterator[Two]:
    """The stores of one bot as two processes open them."""
    own = await open_stores(url, clock=clock, ids=ids)
    rival = await open_stores(url, clock=clock, ids=ids)
    yield own, rival
    await own.close()
    await rival.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(AT)


class Conversations:
    @pytest.fixture
    def conversations(self, two: Two) -> ConversationStore:
        return two[0].conversations

    @pytest.fixture
    def rival(self, two: Two) -> ConversationStore:
        return two[1].conversations


class TestConversations(Conversations, ConversationStoreContract):
    pass


class TestTurns(Conversations, TurnContract):
    pass


class TestAdditions(Conversations, AdditionContract):
    pass


class TestConsole(Conversations, ConsoleContract):
    pass


class TestFeedback(FeedbackContract):
    @pytest.fixture
    def conversations(self, two: Two) -> ConversationStore:
        return two[0].conversations

    @pytest.fixture
    def feedback(self, two: Two) -> FeedbackStore:
        return two[0].feedback

    @pytest.fixture
    def rival(self, two: Two) -> FeedbackStore:
        return two[1].feedback


class TestLeftMessages(Conversations, LeftMessageContract):
    @pytest.fixture
    def left_messages(self, two: Two) -> LeftMessageStore:
        return two[0].left_messages


class TestReminders(ReminderContract):
    @pytest.fixture
    def conversations(self, two: Two) -> ConversationStore:
        return two[0].conversations

    @pytest.fixture
    def reminders(self, two: Two) -> ReminderStore:
        return two[0].reminders

    @pytest.fixture
    def rival(self, two: Two) -> ReminderStore:
        return two[1].reminders


class Knowledge:
    @pytest.fixture
    def knowledge(self, two: Two) -> KnowledgeStore:
        return two[0].knowledge

    @pytest.fixture
    def rival(self, two: Two) -> KnowledgeStore:
        return two[1].knowledge


class TestKnowledge(Knowledge, KnowledgeStoreContract):
    pass


class TestImports(Knowledge, ImportContract):
    pass


class TestReleases(Knowledge, ReleaseContract):
    pass


class TestLabels(LabelContract):
    @pytest.fixture
    def conversations(self, two: Two) -> ConversationStore:
        return two[0].conversations

    @pytest.fixture
    def labels(self, two: Two) -> LabelStore:
        return two[0].labels

    @pytest.fixture
    def rival(self, two: Two) -> LabelStore:
        return two[1].labels


class TestModels(ModelStoreContract):
    @pytest.fixture
    def models(self, two: Two) -> ModelStore:
        return two[0].models

    @pytest.fixture
    def rival(self, two: Two) -> ModelStore:
        return two[1].models


class TestOperators(OperatorStoreContract):
    @pytest.fixture
    def operators(self, two: Two) -> OperatorStore:
        return two[0].operators

    @pytest.fixture
    def rival(self, two: Two) -> OperatorStore:
        return two[1].operators


class TestSecrets(SecretStoreContract):
    @pytest.fixture
    def secrets(self, two: Two) -> SecretStore:
        return two[0].secrets

    @pytest.fixture
    def rival(self, two: Two) -> SecretStore:
        return two[1].secrets


async def test_a_turn_that_fails_in_the_middle_leaves_nothing(
    url: str, clock: FakeClock, ids: Ids
) -> None:
    def failing(prefix: str) -> str:
        # Left messages get their ids after turn and entry are written.
        if prefix == "l":
            raise Busy("no more ids")
        return ids(prefix)

    stores = await open_stores(url, clock=clock, ids=failing)
    sound = await open_stores(url, clock=clock, ids=ids)
    mine = await open_for(stores.conversations)
    accepted = await stores.conversations.accept(mine.id, said("留言"))
    left = MessageLeft("小明", "xm@example.org", "请回电")
    record = answered(accepted, mine, events=[left], masked=True, text="[留言]")
    with pytest.raises(Busy):
        await stores.conversations.append(record)
    assert await sound.conversations.entries(mine.id, after_seq=0) == accepted.entries
    assert await sound.conversations.turn_of(mine.id, "m_1") is None
    clock.forward(seconds=1)
    assert len(await sound.conversations.unanswered(before=clock())) == 1
    (entry,) = await sound.conversations.append(record)
    assert entry.seq == 2
    assert await sound.left_messages.open_left_messages() == 1
    await stores.close()
    await sound.close()


async def test_an_import_that_fails_in_the_middle_leaves_nothing(two: Two) -> None:
    broken = [pair(f"p-{n:04}") for n in range(1200)]
    broken[-1] = pair("p-1199", similar=[{"not": "text"}])  # type: ignore[list-item]  # on purpose
    with pytest.raises(TypeError):
        await two[0].knowledge.import_pairs(broken, by="li")
    assert await two[1].knowledge.draft_pairs() == ()


async def test_an_error_of_the_database_does_not_repeat_what_a_customer_said(
    url: str, clock: FakeClock, ids: Ids
) -> None:
    stores = await open_stores(url, clock=clock, ids=ids)
    mine = await open_for(stores.conversations)
    first = await stores.conversations.accept(mine.id, said("你好"))
    second = await stores.conversations.accept(mine.id, said("密码 123", client_id="k2"))
    await stores.conversations.append(answered(first, mine, turn_id="a_1"))
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)) as refused:
        await stores.conversations.append(answered(second, mine, turn_id="a_1", text="密码 123"))
    assert "密码" not in str(refused.value)
    await stores.close()
