"""The line a turn leaves in the log of the process."""

import logging
from datetime import UTC, datetime

import pytest

from cs_bot.blocks import Text
from cs_bot.stores.protocols import TurnRecord
from cs_bot.turn_log import log_turn
from cs_bot.types import ModelName, Reply, Step, Trace


async def test_a_turn_leaves_one_line_without_the_customers_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    steps = (Step("cache", "miss", 0.1), Step("kbqa", "answered", 4.2))
    reply = Reply((Text("签收后7天内可以申请"),), score=0.93, ref="ec-017")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    record = TurnRecord(
        turn_id="a_1",
        conversation_id="c_1",
        message_id="m_1",
        text="能退吗",
        masked=False,
        query="能退吗",
        locale="zh",
        release="r1",
        channel="web",
        trace=Trace(reply, "kbqa", steps, model=ModelName("m3", "9c1e")),
        sender="小助手",
        at=at,
        ms=5.1,
    )
    with caplog.at_level(logging.INFO, "cs_bot"):
        await log_turn(record)
    (line,) = caplog.messages
    assert line == (
        "c_1 m_1 answered by kbqa ref=ec-017 score=0.93 release=r1 model=m3 in 5.1 ms: "
        "cache=miss kbqa=answered"
    )
