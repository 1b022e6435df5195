"""Contract tests of events that are added to a conversation between two turns."""

from __future__ import annotations

import pytest

from cs_bot.blocks import Text
from cs_bot.errors import NotFound
from cs_bot.events import MessageUnderstood, SlotRequested, SlotSet, Suggested, TaskStarted
from cs_bot.stores.protocols import ConversationStore, History, Shown
from cs_bot.testing.store_contract.values import answered, exchange, open_for, said

TOLD = {"event": "slot", "name": "city", "value": "Rome"}


class AdditionContract:
    """Needs the fixtures of `ConversationStoreContract`."""

    async def test_an_addition_counts_for_the_next_turn_and_customers_see_nothing_of_it(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await exchange(conversations, mine, "hi")
        before = await conversations.entries(mine.id)
        added = await conversations.add(mine.id, [SlotSet("city", "Rome")], [TOLD])
        assert (added.number, added.seq) == (1, 2)
        assert (await conversations.past(mine.id)).state.slots == {"city": "Rome"}
        assert await conversations.entries(mine.id) == before
        assert (await conversations.conversation(mine.id)).top_seq == 2

    async def test_a_conversation_may_begin_with_an_addition(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await conversations.add(mine.id, [SlotSet("city", "Rome")], [TOLD])
        past = await conversations.past(mine.id)
        assert (past.state.slots, past.history) == ({"city": "Rome"}, ())

    async def test_turns_and_additions_are_folded_in_the_order_in_which_they_happened(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        first = await conversations.accept(mine.id, said("one", "k1"))
        await conversations.add(mine.id, [SlotSet("city", "Rome")], [TOLD])
        await conversations.append(answered(first, mine, events=[SlotSet("city", "Oslo")]))
        assert (await conversations.past(mine.id)).state.slots == {"city": "Oslo"}
        second = await conversations.accept(mine.id, said("two", "k2"))
        await conversations.append(answered(second, mine, events=[SlotSet("city", "Bonn")]))
        await conversations.add(mine.id, [SlotSet("city", "Rome")], [TOLD])
        await conversations.add(mine.id, [SlotSet("city", "Kyiv")], [TOLD])
        assert (await conversations.past(mine.id)).state.slots == {"city": "Kyiv"}

    async def test_history_tells_turns_and_additions_with_their_places(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await exchange(conversations, mine, "hi")
        meant = MessageUnderstood("greet", ("city",))
        added = await conversations.add(mine.id, [meant], [TOLD])
        history = await conversations.history(mine.id)
        assert [(turn.seq, turn.record.text) for turn in history.turns] == [(2, "hi")]
        assert history.additions == (added,) == await conversations.additions(mine.id)
        assert (added.events, added.told) == ((meant,), (TOLD,))

    async def test_an_addition_takes_nothing_away_that_was_offered(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("发货"))
        events = (TaskStarted("t"), SlotRequested("city"), Suggested(("ec-1",)))
        await conversations.append(answered(accepted, mine, events=events))
        await conversations.add(mine.id, [SlotSet("city", "Rome")], [TOLD])
        state = (await conversations.past(mine.id)).state
        assert (state.suggested, state.requested_slot) == (("ec-1",), "city")

    async def test_what_is_shown_stands_in_the_log_as_a_message_of_the_bot(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await exchange(conversations, mine, "hi")
        messages = ((Text("It has been sent."),), (Text("Bye."),))
        added = await conversations.add(mine.id, [], [TOLD], Shown("Assistant", messages))
        sent, bye = await conversations.entries(mine.id, after_seq=2)
        assert sent.data == {
            "message_id": "m_3",
            "sender": {"role": "bot", "name": "Assistant"},
            "blocks": [{"kind": "text", "text": "It has been sent.", "format": "plain"}],
        }
        assert (bye.seq, added.seq) == (4, 4)
        assert await conversations.message_blocks(mine.id, "m_4") == (Text("Bye."),)
        accepted = await conversations.accept(mine.id, said("thanks", "k9"))
        assert accepted.message_id == "m_5"

    async def test_nothing_is_added_to_a_conversation_that_does_not_exist(
        self, conversations: ConversationStore
    ) -> None:
        with pytest.raises(NotFound):
            await conversations.add("c_none", [SlotSet("city", "Rome")], [TOLD])
        assert await conversations.history("c_none") == History()

    async def test_the_newest_conversation_of_a_user_is_found_and_never_made(
        self, conversations: ConversationStore
    ) -> None:
        assert await conversations.newest(channel="web", user_id="v_1") is None
        assert await conversations.newest(channel="web", user_id="v_1") is None
        mine = await open_for(conversations)
        assert await conversations.newest(channel="web", user_id="v_1") == mine
        assert await conversations.newest(channel="rest", user_id="v_1") is None
