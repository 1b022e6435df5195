"""Contract tests of left messages, operators, sessions, the set-up token and secrets."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from cs_bot.errors import Conflict, NotFound
from cs_bot.events import MessageLeft
from cs_bot.stores.protocols import (
    ConversationStore,
    LeftMessageStore,
    Operator,
    OperatorStore,
    SecretStore,
)
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, exchange, open_for

HOUR = timedelta(hours=1)


class LeftMessageContract:
    """Needs the fixtures `conversations` and `left_messages`, of one empty bot on `clock`."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_what_a_customer_leaves_waits_for_the_staff(
        self, conversations: ConversationStore, left_messages: LeftMessageStore
    ) -> None:
        mine = await open_for(conversations)
        left = MessageLeft("小明", "xm@example.org", "请回电")
        await exchange(conversations, mine, "留言", events=[left])
        (waiting,) = (await left_messages.left_messages()).items
        assert (waiting.name, waiting.contact, waiting.text) == ("小明", "xm@example.org", "请回电")
        assert (waiting.conversation_id, waiting.created_at) == (mine.id, AT)
        assert (waiting.status, waiting.note, waiting.handled_by) == ("open", "", None)
        assert await left_messages.open_left_messages() == 1

    async def test_a_handled_message_says_by_whom(
        self, conversations: ConversationStore, left_messages: LeftMessageStore, clock: FakeClock
    ) -> None:
        await _leave(conversations, 1)
        (waiting,) = (await left_messages.left_messages(status="open")).items
        clock.forward(hours=1)
        done = await left_messages.handle_left_message(
            waiting.id, status="done", note="已回电", by="li"
        )
        assert (done.status, done.note, done.handled_by) == ("done", "已回电", "li")
        assert done.handled_at == clock()
        assert (await left_messages.left_messages(status="done")).items == (done,)
        assert await left_messages.open_left_messages() == 0
        again = await left_messages.handle_left_message(waiting.id, status="open", note="", by="li")
        assert (again.status, again.handled_by, again.handled_at) == ("open", None, None)

    async def test_an_unknown_message_is_not_found(self, left_messages: LeftMessageStore) -> None:
        with pytest.raises(NotFound):
            await left_messages.handle_left_message("l_none", status="done", note="", by="li")

    async def test_pages_hold_every_message_once_newest_first(
        self, conversations: ConversationStore, left_messages: LeftMessageStore
    ) -> None:
        await _leave(conversations, 7)
        pages, cursor = [], None
        for _ in range(3):
            page = await left_messages.left_messages(status="open", cursor=cursor, size=3)
            pages.append([message.text for message in page.items])
            cursor = page.next
        assert pages == [
            ["第 6 条", "第 5 条", "第 4 条"],
            ["第 3 条", "第 2 条", "第 1 条"],
            ["第 0 条"],
        ]
        assert cursor is None


async def _leave(conversations: ConversationStore, count: int) -> None:
    mine = await open_for(conversations)
    for n in range(count):
        left = MessageLeft("小明", "xm@example.org", f"第 {n} 条")
        await exchange(conversations, mine, "留言", events=[left], at=AT + n * HOUR)


class OperatorStoreContract:
    """Needs the fixtures `operators`, an empty store, and `rival`, as another process sees it."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_the_first_operator_is_somebody(self, operators: OperatorStore) -> None:
        assert not await operators.has_operators()
        made = await operators.create_operator("Li Lei", "hash", "owner")
        assert made == Operator(made.id, "Li Lei", "owner", "hash")
        assert await operators.has_operators()

    async def test_names_are_found_and_taken_whatever_their_case(
        self, operators: OperatorStore
    ) -> None:
        made = await operators.create_operator("Straße", "hash", "owner")
        for name in ("Straße", "STRASSE", "ｓｔｒａｓｓｅ"):
            assert await operators.operator_by_name(name) == made
            with pytest.raises(Conflict):
                await operators.create_operator(name, "other", "editor")
        assert await operators.operator_by_name("nobody") is None

    async def test_a_session_lasts_until_it_expires_or_is_closed(
        self, operators: OperatorStore
    ) -> None:
        li = await operators.create_operator("li", "hash", "owner")
        await operators.open_session("t1", li.id, AT + HOUR)
        await operators.open_session("t2", li.id, AT + HOUR)
        assert await operators.session_operator("t1", now=AT) == li
        assert await operators.session_operator("t1", now=AT + HOUR) is None
        await operators.close_session("t1")
        assert await operators.session_operator("t1", now=AT) is None
        assert await operators.session_operator("t2", now=AT) == li
        assert await operators.session_operator("t3", now=AT) is None

    async def test_the_set_up_token_works_once(
        self, operators: OperatorStore, rival: OperatorStore
    ) -> None:
        await operators.offer_setup("t1", AT + HOUR)
        assert not await operators.take_setup("other", now=AT)
        taken = await asyncio.gather(
            *(store.take_setup("t1", now=AT) for store in [operators, rival] * 5)
        )
        assert taken.count(True) == 1

    async def test_an_expired_set_up_token_does_not_work(self, operators: OperatorStore) -> None:
        await operators.offer_setup("t1", AT + HOUR)
        assert not await operators.take_setup("t1", now=AT + HOUR)

    async def test_only_the_last_set_up_token_works(
        self, operators: OperatorStore, rival: OperatorStore
    ) -> None:
        await asyncio.gather(
            *(
                store.offer_setup(f"t{n}", AT + HOUR)
                for n, store in enumerate([operators, rival] * 4)
            )
        )
        await operators.offer_setup("last", AT + HOUR)
        tokens = [*(f"t{n}" for n in range(8)), "last"]
        assert [await operators.take_setup(token, now=AT) for token in tokens] == [
            *[False] * 8,
            True,
        ]


class SecretStoreContract:
    """Needs the fixtures `secrets`, an empty store, and `rival`, as another process sees it."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_secret_is_made_once(self, secrets: SecretStore) -> None:
        assert await secrets.secret("jwt", lambda: b"\x00first") == b"\x00first"
        assert await secrets.secret("jwt", lambda: b"second") == b"\x00first"
        assert await secrets.secret("other", lambda: b"third") == b"third"

    async def test_all_who_ask_at_once_get_the_same_secret(
        self, secrets: SecretStore, rival: SecretStore
    ) -> None:
        made = itertools.count()
        known = await asyncio.gather(
            *(store.secret("jwt", lambda: bytes([next(made)])) for store in [secrets, rival] * 5)
        )
        assert len(set(known)) == 1
