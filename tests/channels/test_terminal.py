"""The conversation of `cs-bot chat`, typed line by line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cs_bot.channels.terminal import chat
from cs_bot.errors import Busy
from cs_bot.stores.protocols import Stores, TurnRecord
from cs_bot.testing.frame_transcripts import transcript_script
from cs_bot.testing.scripted_bot import Script, ScriptedBot
from cs_bot.types import Message, Picked, Pressed, Submitted


@pytest.fixture
def script() -> Script:
    return transcript_script


class Typist:
    """Types these lines, then ends the input; keeps what is written."""

    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)
        self.prompts: list[str] = []
        self.written: list[str] = []

    async def read_line(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        return self._lines.pop(0) if self._lines else None

    @property
    def text(self) -> str:
        return "\n".join(self.written)


async def typed(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str], *lines: str, locale: str = "zh"
) -> Typist:
    typist = Typist(*lines)
    await chat(
        bot,
        stores.conversations,
        read_line=typist.read_line,
        write=typist.written.append,
        ids=ids,
        locale=locale,
    )
    return typist


async def test_a_line_is_answered(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "多久发货?", "", "  ")
    assert typist.written[1:] == ["一般 48 小时内发货。", "再见。"]
    assert len(bot.heard) == 1


async def test_a_number_picks_from_the_list(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "发货", "2", "发货", "3", "2")
    assert typist.written[1] == "您是想问:\n  1. 多久发货?\n  2. 如何修改收货地址?\n  3. 都不是"
    payloads = [message.payload for message in bot.heard]
    assert payloads == [None, Picked("ec-031"), None, Picked(None), None]


async def test_a_number_presses_a_button(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    await typed(bot, stores, ids, "我的包裹", "1")
    assert bot.heard[-1].payload == Pressed("/order_status")


async def test_a_card_and_related_questions_are_numbered_alike(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "双十一", "1", "双十一", "2", "双十一", "3")
    assert typist.written[1] == (
        "双十一当天全场包邮。\n双十一\n满 200 减 30\n  活动规则: https://shop.example/rules\n"
        "  1. 查物流\n您可能还想了解：\n  2. 多久发货?"
    )
    payloads = [message.payload for message in bot.heard]
    assert payloads == [None, Pressed("/order_status"), None, Picked("ec-012"), None, None]


async def test_a_form_is_asked_field_by_field_until_each_fits(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "转人工", "王芳", "soon", "13800000000")
    assert typist.prompts[1:4] == ["称呼: ", "电话: ", "电话: "]
    assert "电话的格式不对，请检查后再提交" in typist.text
    values = {"name": "王芳", "contact": "13800000000"}
    assert bot.heard[-1].payload == Submitted("leave_message", values)


async def test_a_form_can_be_left(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "转人工", "", "多久发货?")
    assert "已放弃填写" in typist.text
    assert bot.heard[-1].text == "多久发货?"


async def test_the_steps_can_be_shown_and_hidden(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> None:
    typist = await typed(bot, stores, ids, "/trace", "hi", "/trace", "hi", locale="en")
    assert "Every answer will now list its steps." in typist.text
    assert typist.text.count("kbqa         below_threshold       1.5 ms") == 1
    assert typist.text.count("0.410  ec-001  多久发货?  (bm25)") == 1
    assert typist.written[-1] == "Goodbye."


async def test_a_locked_store_ends_the_turn_and_not_the_chat(
    stores: Stores, ids: Callable[[str], str]
) -> None:
    class Locked:
        async def reply(self, message: Message) -> TurnRecord:
            raise Busy("the database is locked", remedy="try again")

    typist = Typist("hi")
    await chat(
        Locked(),
        stores.conversations,
        read_line=typist.read_line,
        write=typist.written.append,
        ids=ids,
    )
    assert "the database is locked; try again" in typist.text
