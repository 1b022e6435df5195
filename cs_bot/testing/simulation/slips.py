"""What a customer gets wrong and puts right, and how they see what the bot got wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from cs_bot.testing.simulation.goals import REASONS, Goal, Order, named, tax_number

_ASKED = re.compile("请您核对|Please check")
_REASON_WORDS: Mapping[str, tuple[str, str]] = {
    "faulty": ("质量问题", "faulty or damaged"),
    "wrong_item": ("发错商品", "wrong item sent"),
    "not_as_described": ("与描述不符", "not as described"),
    "size": ("尺码不合适", "wrong size"),
    "unwanted": ("不想要了", "no longer wanted"),
}
"""How the bot says back which reason it understood."""


def slips(said: Goal, goal: Goal) -> list[str]:
    """Return the slots of which something else was said than is meant."""
    pairs = {
        "order_id": said.order != goal.order,
        "refund_reason": said.reason != goal.reason,
        "company_name": said.company != goal.company,
        "tax_number": said.tax_number != goal.tax_number,
        "invoice_email": said.email != goal.email,
    }
    return [slot for slot, differs in pairs.items() if differs]


def righted(said: Goal, goal: Goal, slot: str) -> Goal:
    """Return what was said with one slot put right."""
    return {
        "order_id": replace(said, order=goal.order, items=goal.items),
        "refund_reason": replace(said, reason=goal.reason),
        "company_name": replace(said, company=goal.company),
        "tax_number": replace(said, tax_number=goal.tax_number),
        "invoice_email": replace(said, email=goal.email),
    }[slot]


def with_a_slip(goal: Goal, other: Order, dice: Random) -> Goal:
    """Return a goal with one thing wrong in it, as the bot is told it first."""
    wrong = [replace(goal, order=other)]
    if goal.task == "refund":
        others = [reason for reason in REASONS if reason != goal.reason]
        wrong = [
            replace(goal, order=other, items=other.items[:1]),
            replace(goal, reason=dice.choice(others)),
        ]
    if goal.task == "invoice":
        wrong.append(replace(goal, email=f"x{goal.email}"))
        if goal.title == "company":
            wrong.append(replace(goal, tax_number=tax_number(dice)))
    return dice.choice(wrong)


def wrong_in(text: str, goal: Goal, locale: str) -> str | None:
    """Return the slot that the bot has understood otherwise, as what it asks to confirm shows."""
    shown = _ASKED.split(text)[-1].casefold()  # another task may have been told of before
    if goal.order.number.casefold() not in shown:
        return "order_id"
    return (_wrong_return if goal.task == "refund" else _wrong_invoice)(shown, goal, locale)


def _wrong_return(shown: str, goal: Goal, locale: str) -> str | None:
    wanted = {name.casefold() for name in named(goal.items, locale)}
    held = {name.casefold() for name in named(goal.order.items, locale)}
    if any((name in shown) is not (name in wanted) for name in held):
        return "refund_items"
    return None if any(word in shown for word in _REASON_WORDS[goal.reason]) else "refund_reason"


def _wrong_invoice(shown: str, goal: Goal, locale: str) -> str | None:
    if goal.email.casefold() not in shown:
        return "invoice_email"
    if goal.title == "personal":
        words = "个人" if locale == "zh" else "personal"
        return None if words in shown else "invoice_title"
    if (goal.company or "").casefold() not in shown:
        return "company_name"
    return None if (goal.tax_number or "").casefold() in shown else "tax_number"
