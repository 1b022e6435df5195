"""`cs-bot knowledge feedback` and `forget-feedback`: what customers voted, and an end to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from cs_bot import settings
from cs_bot.app import opened_stores
from cs_bot.stores.protocols import Feedback, Inbound
from cs_bot.testing.store_contract.values import answered

from .conftest import Run


async def _rated(bot: Path, thumbs: Sequence[int]) -> None:
    async with opened_stores(settings.load(bot)) as stores:
        for n, thumb in enumerate(thumbs):
            mine = await stores.conversations.open(
                None, channel="web", user_id=f"v_{n}", locale="zh"
            )
            accepted = await stores.conversations.accept(mine.id, Inbound("k1", "能退吗", "zh"))
            record = answered(accepted, mine)
            await stores.conversations.append(record)
            await stores.conversations.rate(mine.id, record.turn_id, Feedback(thumb))


def rate(bot: Path, *thumbs: int) -> None:
    """Let one customer after the other ask and judge the answer `ec-017`."""
    asyncio.run(_rated(bot, thumbs))


def test_votes_are_listed_by_pair_and_forgotten_with_name_and_time(run: Run, bot: Path) -> None:
    rate(bot, -1, -1, 1)
    ran = run("knowledge", "feedback", "--bot", bot)
    first, off = ran.out.splitlines()
    assert first.split() == ["ec-017", "1", "for", "2", "against"]
    assert "`feedback = true`" in off
    ran = run("knowledge", "forget-feedback", "ec-017", "--by", "李娜", "--json", "--bot", bot)
    done = json.loads(ran.out)
    assert (done["pair_id"], done["by"]) == ("ec-017", "李娜")
    told = json.loads(run("knowledge", "feedback", "--json", "--bot", bot).out)
    row = {"pair": "ec-017", "for": 0, "against": 0, "forgotten_by": "李娜"}
    assert told == {"counts": False, "pairs": [{**row, "forgotten_at": done["at"]}]}
    said = run("knowledge", "feedback", "--bot", bot).out
    assert f"forgotten until {done['at'][:16]} by 李娜" in said


def test_without_a_name_the_record_says_how_it_was_done(run: Run, bot: Path) -> None:
    ran = run("knowledge", "forget-feedback", "ec-017", "--json", "--bot", bot)
    assert "cs-bot knowledge" in json.loads(ran.out)["by"]


def test_a_pair_that_does_not_exist_is_refused(run: Run, bot: Path) -> None:
    ran = run("knowledge", "forget-feedback", "ec-999", "--bot", bot)
    assert (ran.code, ran.out) == (2, "")
    assert "ec-999" in ran.err


def test_where_feedback_is_on_nothing_is_said_of_it(run: Run, bot: Path) -> None:
    said = (bot / "bot.toml").read_text(encoding="utf-8")
    on = said.replace("[stages.kbqa]\n", "[stages.kbqa]\nfeedback = true\n")
    (bot / "bot.toml").write_text(on, encoding="utf-8")
    rate(bot, 1)
    ran = run("knowledge", "feedback", "--bot", bot)
    assert ran.out.split() == ["ec-017", "1", "for", "0", "against"]
