"""Votes in the starter bot as it is put together from its settings, with the real encoders."""

from pathlib import Path

import pytest

from cs_bot import settings
from cs_bot.app import opened
from cs_bot.blocks import Suggest
from cs_bot.stores.protocols import TurnRecord
from cs_bot.testing.served import copy_bot
from cs_bot.testing.transcripts import Customer

ROOT = Path(__file__).parents[2]
ASKED = "漏了"

pytestmark = pytest.mark.slow


def lines(record: TurnRecord) -> list[str]:
    shown = [block for block in record.trace.reply.blocks if isinstance(block, Suggest)]
    return [item.item_id for block in shown for item in block.items]


@pytest.fixture
def bot(tmp_path: Path, learnt_starter: Path) -> Path:
    copy_bot(ROOT, tmp_path, learnt=learnt_starter)
    return tmp_path


async def vote(bot: Path) -> tuple[list[str], list[str]]:
    """Let five customers choose the second line; return the list before and after."""
    async with opened(settings.load(bot)) as house:
        await house.complete()
        customers = [
            Customer(house.bot, house.stores.conversations, name=f"v_{n}") for n in range(6)
        ]
        before = lines(await customers[0].say(ASKED))
        await customers[0].pick(before[1])
        for customer in customers[1:5]:
            await customer.say(ASKED)
            await customer.pick(before[1])
        if house.votes is not None:
            await house.votes.refresh()
        return before, lines(await customers[5].say(ASKED))


async def test_switched_on_the_sixth_customer_sees_first_what_five_chose(bot: Path) -> None:
    said = (bot / "bot.toml").read_text(encoding="utf-8")
    on = said.replace("[stages.kbqa]\n", "[stages.kbqa]\nfeedback = true\n")
    (bot / "bot.toml").write_text(on, encoding="utf-8")
    before, after = await vote(bot)
    assert after[:2] == [before[1], before[0]]


async def test_without_the_setting_nothing_changes(bot: Path) -> None:
    before, after = await vote(bot)
    assert len(before) > 1
    assert after == before
