"""Contract tests of opening conversations, accepting messages and reading the log."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cs_bot.blocks import Button, Buttons
from cs_bot.errors import Conflict, NotFound
from cs_bot.stores.protocols import BlocksReplaced, Conversation, ConversationStore, Inbound
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, answered, exchange, open_for, said

CHOICE = Buttons((Button("b1", "查物流", payload="/order_status"), Button("b2", "别的")))
CHOSEN = Buttons(CHOICE.buttons, chosen="b1")


class ConversationStoreContract:
    """Needs the fixtures `conversations`, an empty store on the clock `clock`, and `rival`.

    `rival` is the same store as another process sees it: a second one on the same truth, or the
    same object where there can be no second.
    """

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_opening_again_finds_the_same_conversation(
        self, conversations: ConversationStore
    ) -> None:
        first = await open_for(conversations)
        assert await open_for(conversations) == first
        assert (first.channel, first.user_id, first.locale) == ("web", "v_1", "zh")
        assert (first.top_seq, first.created_at) == (0, AT)

    async def test_users_and_channels_have_conversations_of_their_own(
        self, conversations: ConversationStore
    ) -> None:
        opened = [
            await open_for(conversations, user, channel)
            for user, channel in [("v_1", "web"), ("v_2", "web"), ("v_1", "rest")]
        ]
        assert len({conversation.id for conversation in opened}) == 3

    async def test_without_an_id_the_newest_conversation_is_opened(
        self, conversations: ConversationStore, clock: FakeClock
    ) -> None:
        await open_for(conversations)
        clock.forward(hours=1)
        newer = await conversations.open("c_new", channel="web", user_id="v_1", locale="en")
        assert await open_for(conversations) == newer

    async def test_an_id_nobody_has_is_taken(self, conversations: ConversationStore) -> None:
        made = await conversations.open("c_mine", channel="web", user_id="v_1", locale="zh")
        assert made.id == "c_mine"
        assert await conversations.conversation("c_mine") == made

    @pytest.mark.parametrize(("channel", "user"), [("web", "v_2"), ("rest", "v_1")])
    async def test_a_conversation_of_somebody_else_is_not_found(
        self, conversations: ConversationStore, channel: str, user: str
    ) -> None:
        mine = await open_for(conversations)
        with pytest.raises(NotFound):
            await conversations.open(mine.id, channel=channel, user_id=user, locale="zh")

    async def test_an_unknown_conversation_is_not_found(
        self, conversations: ConversationStore
    ) -> None:
        with pytest.raises(NotFound):
            await conversations.conversation("c_none")
        with pytest.raises(NotFound):
            await conversations.accept("c_none", said("在吗"))

    async def test_a_message_is_received_in_the_newest_conversation_of_its_sender(
        self, conversations: ConversationStore, clock: FakeClock
    ) -> None:
        first = await conversations.receive("rest", "v_1", "en", said("hi", "k1"))
        assert (first.conversation.top_seq, first.accepted.message_id) == (0, "m_1")
        assert first.conversation.locale == "en"
        assert (await conversations.entries(first.conversation.id)) == first.accepted.entries
        second = await conversations.receive("rest", "v_1", "zh", said("在吗", "k2"))
        assert second.conversation == replace(first.conversation, top_seq=1)
        assert second.accepted.message_id == "m_2"
        clock.forward(hours=1)
        newer = await conversations.open("c_new", channel="rest", user_id="v_1", locale="en")
        third = await conversations.receive("rest", "v_1", "zh", said("还在吗", "k3"))
        assert third.conversation == newer

    async def test_first_messages_at_once_are_received_in_one_conversation(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        received = await asyncio.gather(
            *(
                (conversations, rival)[n % 2].receive("rest", "v_1", "zh", said("在吗", f"k{n}"))
                for n in range(20)
            )
        )
        assert len({one.conversation.id for one in received}) == 1
        assert {one.accepted.message_id for one in received} == {f"m_{n}" for n in range(1, 21)}

    async def test_opening_at_once_makes_one_conversation(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        opened = await asyncio.gather(*(open_for(store) for store in [conversations, rival] * 10))
        assert len({conversation.id for conversation in opened}) == 1

    async def test_a_message_gets_its_place_in_the_log(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("多久发货?", "01J9"))
        (entry,) = accepted.entries
        assert (accepted.message_id, accepted.duplicate, accepted.at) == ("m_1", False, AT)
        assert (entry.seq, entry.type, entry.at) == (1, "message", AT)
        assert entry.data == {
            "message_id": "m_1",
            "client_id": "01J9",
            "sender": {"role": "visitor"},
            "blocks": [{"kind": "text", "text": "多久发货?"}],
        }
        assert await conversations.entries(mine.id, after_seq=0) == (entry,)
        assert (await conversations.conversation(mine.id)).top_seq == 1

    async def test_a_resent_message_keeps_its_place(
        self, conversations: ConversationStore, clock: FakeClock
    ) -> None:
        mine = await open_for(conversations)
        first = await conversations.accept(mine.id, said("在吗", "k1"))
        await conversations.accept(mine.id, said("多久发货", "k2"))
        clock.forward(seconds=30)
        again = await conversations.accept(mine.id, said("在吗", "k1"))
        assert again.duplicate
        assert (again.message_id, again.entries, again.at) == ("m_1", first.entries, AT)
        assert (await conversations.conversation(mine.id)).top_seq == 2

    async def test_resends_at_once_store_one_message(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await asyncio.gather(
            *(store.accept(mine.id, said("在吗")) for store in [conversations, rival] * 10)
        )
        assert [one.duplicate for one in accepted].count(False) == 1
        assert {one.message_id for one in accepted} == {"m_1"}
        assert len(await conversations.entries(mine.id, after_seq=0)) == 1

    async def test_the_same_client_id_counts_in_each_conversation(
        self, conversations: ConversationStore
    ) -> None:
        for user in ("v_1", "v_2"):
            mine = await open_for(conversations, user)
            assert not (await conversations.accept(mine.id, said("在吗", "k1"))).duplicate

    async def test_fifty_messages_at_once_leave_no_gap(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await asyncio.gather(
            *(
                (conversations, rival)[n % 2].accept(mine.id, said(f"第 {n} 句", f"k{n}"))
                for n in range(50)
            )
        )
        entries = await rival.entries(mine.id, after_seq=0)
        assert [entry.seq for entry in entries] == list(range(1, 51))
        assert sorted(one.entries[0].seq for one in accepted) == list(range(1, 51))

    async def test_text_that_databases_refuse_is_kept_readable(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations, "v\x00\ud800")
        await conversations.accept(mine.id, said("a\x00b\ud800c", "k\x00"))
        again = await conversations.accept(mine.id, said("a\x00b\ud800c", "k\x00"))
        assert again.duplicate
        (entry,) = await conversations.entries(mine.id, after_seq=0)
        text = entry.data["blocks"][0]["text"]
        assert (text[0], text[2], text[4]) == ("a", "b", "c")
        assert await open_for(conversations, "v\x00\ud800") == await conversations.conversation(
            mine.id
        )

    async def test_a_choice_replaces_its_row_in_the_same_step(
        self, conversations: ConversationStore
    ) -> None:
        mine = await _with_choice(conversations)
        pressed = await conversations.accept(mine.id, _pressed("m_2"))
        assert [(entry.seq, entry.type) for entry in pressed.entries] == [
            (3, "message.update"),
            (4, "message"),
        ]
        assert pressed.entries[0].data["message_id"] == "m_2"
        assert pressed.message_id == "m_4"
        assert await conversations.message_blocks(mine.id, "m_2") == (CHOSEN,)
        again = await conversations.accept(mine.id, _pressed("m_2"))
        assert (again.duplicate, again.entries) == (True, pressed.entries)

    async def test_a_choice_in_a_message_that_is_not_there_stores_nothing(
        self, conversations: ConversationStore
    ) -> None:
        mine = await _with_choice(conversations)
        with pytest.raises(NotFound):
            await conversations.accept(mine.id, _pressed("m_77"))
        assert (await conversations.conversation(mine.id)).top_seq == 2

    async def test_blocks_keep_what_the_server_knows_of_buttons(
        self, conversations: ConversationStore
    ) -> None:
        mine = await _with_choice(conversations)
        assert await conversations.message_blocks(mine.id, "m_2") == (CHOICE,)
        with pytest.raises(NotFound):
            await conversations.message_blocks(mine.id, "m_3")

    async def test_entries_are_read_forwards_and_backwards(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        for n in range(1, 8):
            await conversations.accept(mine.id, said(f"第 {n} 句", f"k{n}"))

        async def seqs(after: int | None, before: int | None, limit: int) -> list[int]:
            entries = await conversations.entries(
                mine.id, after_seq=after, before_seq=before, limit=limit
            )
            return [entry.seq for entry in entries]

        assert await seqs(2, None, 3) == [3, 4, 5]
        assert await seqs(None, 6, 2) == [4, 5]
        assert await seqs(None, None, 2) == [6, 7]
        assert await seqs(7, None, 5) == []
        assert await conversations.entries("c_none", after_seq=0) == ()

    async def test_of_two_choices_in_the_same_message_the_second_stores_nothing(
        self, conversations: ConversationStore
    ) -> None:
        mine = await _with_choice(conversations)
        update = BlocksReplaced("m_2", (CHOSEN,), before=(CHOICE,))
        await conversations.accept(mine.id, Inbound("k8", "查物流", "zh", update=update))
        with pytest.raises(Conflict):
            await conversations.accept(mine.id, Inbound("k9", "查物流", "zh", update=update))
        assert (await conversations.conversation(mine.id)).top_seq == 4
        resent = await conversations.accept(mine.id, Inbound("k8", "查物流", "zh", update=update))
        assert resent.duplicate

    async def test_messages_without_a_turn_wait_for_one(
        self, conversations: ConversationStore, clock: FakeClock
    ) -> None:
        mine = await open_for(conversations)
        await exchange(conversations, mine, "在吗")
        form = {"submitted": {"form_id": "f_1", "values": {"order": "12345"}}}
        beside = {"page": "/cart"}
        await conversations.accept(mine.id, Inbound("k8", "已提交", "en", form, metadata=beside))
        clock.forward(seconds=10)
        await conversations.accept(mine.id, said("多久发货", "k9"))
        (waiting,) = await conversations.unanswered(before=clock())
        assert waiting.conversation == await conversations.conversation(mine.id)
        assert (waiting.message_id, waiting.text, waiting.locale) == ("m_3", "已提交", "en")
        assert (waiting.payload, waiting.metadata, waiting.at) == (form, beside, AT)
        clock.forward(seconds=1)
        assert len(await conversations.unanswered(before=clock())) == 2
        assert len(await conversations.unanswered(before=clock(), limit=1)) == 1

    async def test_what_waits_in_one_conversation_is_found_behind_older_ones(
        self, conversations: ConversationStore, clock: FakeClock
    ) -> None:
        for number in range(3):
            other = await open_for(conversations, f"v_other{number}")
            await conversations.accept(other.id, said("在吗"))
        clock.forward(seconds=1)
        mine = await open_for(conversations)
        await conversations.accept(mine.id, said("多久发货"))
        clock.forward(seconds=1)
        (waiting,) = await conversations.unanswered(
            before=clock(), limit=2, conversation_id=mine.id
        )
        assert (waiting.conversation.id, waiting.text) == (mine.id, "多久发货")


async def _with_choice(conversations: ConversationStore) -> Conversation:
    """Return a conversation whose second message is a row of buttons."""
    mine = await open_for(conversations)
    accepted = await conversations.accept(mine.id, said("查一下"))
    await conversations.append(answered(accepted, mine, blocks=[CHOICE], by="task"))
    return mine


def _pressed(message_id: str) -> Inbound:
    return Inbound(
        "k2",
        "查物流",
        "zh",
        payload={"pressed": "/order_status"},
        update=BlocksReplaced(message_id, (CHOSEN,)),
    )
