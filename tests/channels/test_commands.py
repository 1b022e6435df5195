"""Choices of one visitor who has two tabs open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from cs_bot.blocks import Button, Buttons
from cs_bot.channels.chat import Chat
from cs_bot.channels.choices import AlreadyChosen
from cs_bot.channels.client_frames import Action, ActionData
from cs_bot.channels.commands import Visit
from cs_bot.stores.protocols import ConversationStore
from cs_bot.testing.store_contract.values import answered, open_for, said

ROW = Buttons((Button("b1", "查物流", "/yes"), Button("b2", "不用了", "/no")))


def pressed(client_id: str, button_id: str) -> Action:
    return Action(
        type="action", id=client_id, data=ActionData(message_id="m_2", button_id=button_id)
    )


@pytest.mark.parametrize("servers", [1, 2])
async def test_of_two_tabs_that_choose_at_once_one_has_chosen(
    new_chat: Callable[[], Chat], conversations: ConversationStore, servers: int
) -> None:
    first = new_chat()
    second = first if servers == 1 else new_chat()
    mine = await open_for(conversations)
    accepted = await conversations.accept(mine.id, said("查一下"))
    await conversations.append(answered(accepted, mine, blocks=[ROW]))
    visit = Visit("v_1", mine, "zh")
    outcomes = await asyncio.gather(
        first.commands.store(visit, pressed("k8", "b1")),
        second.commands.store(visit, pressed("k9", "b2")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(AlreadyChosen) == 1
    messages = [e for e in await conversations.entries(mine.id, after_seq=2) if "sender" in e.data]
    assert [e.data["sender"]["role"] for e in messages].count("visitor") == 1
    await first.turns.close(seconds=5)
    await second.turns.close(seconds=5)
