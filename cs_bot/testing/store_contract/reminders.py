"""Contract tests of reminders: set by turns, due once, forgotten when they should be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from cs_bot.events import Event, ReminderCancelled, ReminderSet
from cs_bot.stores.protocols import (
    Accepted,
    ConversationStore,
    ReminderStore,
    TurnRecord,
    Unanswered,
)
from cs_bot.testing.store_contract.values import AT, answered, exchange, open_for

SOON = AT + timedelta(minutes=5)


def reminder(name: str, minutes: int = 5, **fields: object) -> ReminderSet:
    """Return a reminder that is due in so many minutes."""
    made = ReminderSet(name, "call", {"who": "Li"}, (AT + timedelta(minutes=minutes)).isoformat())
    return replace(made, **fields)  # type: ignore[arg-type]  # a test's own names


class ReminderContract:
    """Needs the fixtures `conversations` and `reminders`, empty stores on one truth, and `rival`.

    `rival` is `reminders` as another process sees it.
    """

    async def test_a_reminder_is_due_once_and_then_waits_for_its_turn(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        conversation_id = await _turn(conversations, reminder("a"))

        assert await reminders.due(AT) == ()
        (due,) = await reminders.due(SOON)
        assert await reminders.due(SOON) == ()

        assert (due.conversation.id, due.text) == (conversation_id, "/call")
        assert due.payload == {"triggered": {"intent": "call", "entities": {"who": "Li"}}}
        later = SOON + timedelta(minutes=1)
        assert await conversations.unanswered(before=later) == (due,)

    async def test_no_client_sees_it_but_the_answer(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        conversation_id = await _turn(conversations, reminder("a"))
        (due,) = await reminders.due(SOON)
        assert len(await conversations.entries(conversation_id)) == 2

        (entry,) = await conversations.append(_record(due))

        assert entry.data["reply_to"] == due.message_id
        assert (await conversations.entries(conversation_id))[-1] == entry
        assert await conversations.unanswered(before=SOON + timedelta(minutes=1)) == ()

    async def test_two_processes_make_it_one_message(
        self, conversations: ConversationStore, reminders: ReminderStore, rival: ReminderStore
    ) -> None:
        await _turn(conversations, *(reminder(name) for name in "abc"))
        made = await asyncio.gather(*(store.due(SOON) for store in (reminders, rival) * 3))
        assert sum(map(len, made)) == 3

    async def test_the_soonest_come_first(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        await _turn(
            conversations, reminder("b", 3, intent="second"), reminder("a", 1, intent="first")
        )
        assert [due.text for due in await reminders.due(SOON, limit=1)] == ["/first"]
        assert [due.text for due in await reminders.due(SOON)] == ["/second"]

    async def test_one_of_the_same_name_takes_its_place(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        await _turn(conversations, reminder("a"), reminder("a", 60))
        assert await reminders.due(SOON) == ()

    async def test_what_is_cancelled_is_not_due(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        kept = {"outlives_messages": True}
        await _turn(conversations, *(reminder(name, **kept) for name in ("a", "b")))
        await _turn(conversations, reminder("c", intent="write", **kept))
        await _turn(conversations, ReminderCancelled(name="a"))
        await _turn(conversations, ReminderCancelled(intent="write"))
        await _turn(conversations, ReminderCancelled(entities={"who": "nobody"}))
        assert len(await reminders.due(SOON)) == 1
        await _turn(conversations, reminder("d"), ReminderCancelled())
        assert await reminders.due(SOON) == ()

    async def test_the_customers_next_message_ends_it_unless_it_outlives_that(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        await _turn(conversations, reminder("a"), reminder("b", outlives_messages=True))
        await _turn(conversations)
        assert len(await reminders.due(SOON)) == 1

    async def test_another_reminder_is_no_message_of_the_customer(
        self, conversations: ConversationStore, reminders: ReminderStore
    ) -> None:
        await _turn(conversations, reminder("a", 1), reminder("b", 5))
        for _ in range(2):
            (due,) = await reminders.due(SOON, limit=1)
            await conversations.append(_record(due))
        assert await reminders.due(SOON) == ()


async def _turn(conversations: ConversationStore, *events: Event) -> str:
    """Let the customer write, and the bot answer with these events."""
    conversation = await open_for(conversations)
    await exchange(conversations, conversation, "在吗", events=events)
    return conversation.id


def _record(due: Unanswered) -> TurnRecord:
    """Return the turn that answers a reminder."""
    accepted = Accepted(due.message_id, (), duplicate=False, at=due.at)
    return answered(accepted, due.conversation, text=due.text, by="task")
