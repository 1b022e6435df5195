"""What customers choose and judge, and what the next one sees, through the log and the bot."""

from __future__ import annotations

import pytest

from cs_bot.stores.protocols import TurnRecord

from .conftest import Shop, lines

ASKED = "卡券怎么换"
DIRECT = "退货"


async def asks(shop: Shop, name: str, text: str = ASKED) -> TurnRecord:
    """Return what a fresh customer gets."""
    return await shop.customer(name).say(text)


async def pick(shop: Shop, name: str, pair_id: str | None, text: str = ASKED) -> None:
    """Let a customer ask and choose from the list."""
    customer = shop.customer(name)
    await customer.say(text)
    await customer.pick(pair_id)


async def judge(shop: Shop, name: str, value: int, text: str = DIRECT) -> None:
    """Let a customer ask and judge the answer."""
    customer = shop.customer(name)
    await customer.say(text)
    await customer.rate(value)


async def test_five_customers_choose_the_second_line_and_the_sixth_sees_it_first(
    shop: Shop,
) -> None:
    for n in range(5):
        assert lines(await asks(shop, f"v_{n}")) == ["paper", "electronic"]
        await pick(shop, f"v_{n}", "electronic")
    await shop.votes.refresh()
    sixth = await asks(shop, "v_6")
    assert lines(sixth) == ["electronic", "paper"]
    best = next(step for step in sixth.trace.steps if step.stage == "kbqa").candidates[0]
    assert best.id == "electronic"
    assert best.features["feedback"] == pytest.approx(0.6931)


async def test_a_customer_who_asks_nearly_the_same_sees_some_of_it(shop: Shop) -> None:
    for n in range(6):
        await pick(shop, f"v_{n}", "electronic")
    await shop.votes.refresh()
    near = await asks(shop, "v_21", "卡券怎么换的")
    (moved,) = (c for c in near.trace.reply.candidates if c.id == "electronic")
    assert 0 < moved.features["feedback"] < 0.8


async def test_one_customer_who_chooses_again_and_again_changes_nothing(shop: Shop) -> None:
    customer = shop.customer("v_1")
    for _ in range(100):
        await customer.say(ASKED)
        await customer.pick("electronic")
    await shop.votes.refresh()
    assert lines(await asks(shop, "v_2")) == ["paper", "electronic"]


async def test_thirty_fresh_visitors_cannot_make_their_line_an_answer(shop: Shop) -> None:
    for n in range(30):
        await pick(shop, f"fresh_{n}", "electronic")
    await shop.votes.refresh()
    after = await asks(shop, "v_1")
    assert (after.trace.answered_by, lines(after)) == ("suggest", ["electronic", "paper"])
    best = after.trace.reply.candidates[0]
    assert best.features["feedback"] == 1.0
    assert best.score == pytest.approx(0.625, abs=0.01)


async def test_thirty_fresh_visitors_cannot_turn_a_sure_answer(shop: Shop) -> None:
    for n in range(30):
        await judge(shop, f"fresh_{n}", -1, "怎么退货")
        await judge(shop, f"fresh_{n}", -1, "怎么去退货")
    await shop.votes.refresh()
    for text in ("怎么退货", "怎么去退货"):
        after = await asks(shop, "v_1", text)
        assert (after.trace.answered_by, after.trace.reply.ref) == ("kbqa", "return")


async def test_an_answer_that_many_judge_wrong_becomes_a_list_in_the_cache_too(
    shop: Shop,
) -> None:
    assert (await asks(shop, "v_0", DIRECT)).trace.answered_by == "kbqa"
    for n in range(9):
        await judge(shop, f"v_{n}", -1)
    assert (await asks(shop, "v_10", DIRECT)).trace.answered_by == "cache"
    await shop.votes.refresh()
    after = await asks(shop, "v_11", DIRECT)
    assert after.trace.answered_by == "suggest"
    assert lines(after)[0] == "return"


async def test_a_thumb_up_weighs_against_a_thumb_down(shop: Shop) -> None:
    for n in range(18):
        await judge(shop, f"v_{n}", 1 if n % 2 else -1)
    await shop.votes.refresh()
    assert (await asks(shop, "v_20", DIRECT)).trace.reply.ref == "return"


async def test_a_list_that_many_refuse_is_shown_no_longer(shop: Shop) -> None:
    asked = "如何去开发票呢"
    assert lines(await asks(shop, "v_0", asked))[0] == "invoice"
    for n in range(9):
        await pick(shop, f"v_{n}", None, asked)
    await shop.votes.refresh()
    assert (await asks(shop, "v_10", asked)).trace.answered_by == "fallback"


async def test_switched_off_the_ranking_is_exactly_what_it_was(shop: Shop) -> None:
    before = await asks(shop, "v_0")
    for n in range(30):
        await pick(shop, f"v_{n}", "electronic")
    await shop.votes.refresh()
    shop.switch.on = False
    after = await asks(shop, "v_31")
    assert after.trace.reply == before.trace.reply
    assert [step.candidates for step in after.trace.steps] == [
        step.candidates for step in before.trace.steps
    ]


async def test_forgotten_votes_no_longer_count_and_the_log_keeps_them(shop: Shop) -> None:
    for n in range(5):
        await pick(shop, f"v_{n}", "electronic")
    await shop.votes.refresh()
    await shop.stores.feedback.forget("electronic", by="li")
    await shop.votes.refresh()
    assert lines(await asks(shop, "v_6")) == ["paper", "electronic"]
    assert len(await shop.stores.feedback.votes(since=shop.clock())) == 5


async def test_votes_fade_where_no_new_ones_come(shop: Shop) -> None:
    for n in range(5):
        await pick(shop, f"v_{n}", "electronic")
    await shop.votes.refresh()
    shop.clock.forward(days=90)
    await shop.votes.refresh()
    assert lines(await asks(shop, "v_6")) == ["paper", "electronic"]
