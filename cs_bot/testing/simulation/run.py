"""Runs many simulated dialogues against the starter bot in this process, and counts their ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cs_bot import settings
from cs_bot.app import House, opened
from cs_bot.starter import starter_directory
from cs_bot.testing.served import copy_bot
from cs_bot.testing.shop import Shop, find_shop, shop_served
from cs_bot.testing.simulation.ablations import SETTINGS, Ablation, take_away
from cs_bot.testing.simulation.customer import BEHAVIOURS, Behaviour, SimulatedCustomer
from cs_bot.testing.simulation.dialogue import Entries, Played, play
from cs_bot.testing.simulation.failing import TROUBLES, Trouble, script
from cs_bot.testing.simulation.goals import TASKS, Goal, Order, Warehouse, goal_of
from cs_bot.testing.simulation.judging import Verdict, judged
from cs_bot.testing.transcripts import Customer

LOCALES = ("zh", "en")
_AT_ONCE = 12
_INDEX = Path("var") / "index"
_ORDERS_URL = "CS_BOT_ORDERS_URL"


@dataclass(frozen=True, slots=True)
class Case:
    """One dialogue before it is played; its number and the seed of the run make all of it."""

    number: int
    goal: Goal
    locale: str
    behaviour: Behaviour
    trouble: Trouble
    other: Order
    transit: Order
    seed: str


@dataclass(frozen=True, slots=True)
class Result:
    """A dialogue and what is to be said of it."""

    case: Case
    played: Played
    verdict: Verdict


def cases(count: int, seed: int, warehouse: Warehouse) -> Iterator[Case]:
    """Yield dialogues in which every task, language, behaviour and trouble has its share."""
    for number in range(count):
        name = f"{seed}-{number}"
        dice = Random(name)  # noqa: S311 - it plays customers
        task = TASKS[number % len(TASKS)]
        locale = LOCALES[number // len(TASKS) % len(LOCALES)]
        behaviour = dice.choice(BEHAVIOURS)
        trouble = dice.choice(TROUBLES) if dice.random() < 0.7 else "none"
        target = warehouse.order(is_delivered=True, items=dice.choice((1, 1, 2, 3)))
        other = warehouse.order(is_delivered=True, items=dice.choice((1, 2)))
        transit = warehouse.order(is_delivered=False)
        goal = goal_of(task, target, locale, dice)
        yield Case(number, goal, locale, behaviour, trouble, other, transit, name)


def simulate(
    count: int,
    seed: int,
    *,
    without: Ablation | None = None,
    slow_seconds: float = 4.0,
    progress: Callable[[int], None] = lambda _: None,
    only: Callable[[Case], bool] = lambda _: True,
    indexes: Path | None = None,
) -> list[Result]:
    """Play dialogues and judge them; minutes for a thousand of them.

    `only` chooses among them; those that are left are the same ones as ever. `indexes` is a folder
    that keeps what one run has read of the knowledge base for the next.
    """
    dialogs = find_shop()
    from shop.failures import Scripted

    plan = Scripted()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        bot = _prepared(Path(folder) / "bot", without)
        if indexes is not None and indexes.is_dir():
            shutil.copytree(indexes, bot / _INDEX)
        warehouse = Warehouse(dialogs, Random(f"{seed}"))  # noqa: S311 - it plays customers
        planned = [case for case in cases(count, seed, warehouse) if only(case)]
        orders = Path(folder) / "orders.json"
        warehouse.write(orders)
        for case in planned:
            changes = case.goal.task != "order_status"
            dice = Random(f"{case.seed}-trouble")  # noqa: S311 - it plays a service
            script(plan, case.trouble, case.goal.order.number, changes=changes, dice=dice)
        with (
            shop_served(orders, failures=plan, slow_seconds=slow_seconds) as shop,
            _environment(_ORDERS_URL, shop.url),
        ):
            results = asyncio.run(_played(bot, planned, shop, slow_seconds, progress))
        if indexes is not None:
            shutil.copytree(bot / _INDEX, indexes, dirs_exist_ok=True)
        return results


def _prepared(bot: Path, without: Ablation | None) -> Path:
    """Return a copy of the starter bot, whole or without something."""
    copy_bot(starter_directory(), bot)
    with (bot / "bot.toml").open("a", encoding="utf-8") as written:
        written.write(SETTINGS)
    if without is not None:
        take_away(bot, without)
    return bot


async def _played(
    bot: Path,
    planned: Sequence[Case],
    shop: Shop,
    slow_seconds: float,
    progress: Callable[[int], None],
) -> list[Result]:
    done = 0
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(case: Case, house: House) -> tuple[Case, Played]:
        nonlocal done
        async with at_once:
            played = await _dialogue(case, house, shop)
        done += 1
        progress(done)
        return case, played

    async with opened(settings.load(bot)) as house:
        await house.complete()
        results = await asyncio.gather(*(one(case, house) for case in planned))
    await asyncio.sleep(slow_seconds if any(c.trouble == "slow" for c in planned) else 0.0)
    return [_judged(case, played, shop) for case, played in results]


async def _dialogue(case: Case, house: House, shop: Shop) -> Played:
    dice = Random(f"{case.seed}-customer")  # noqa: S311 - it plays customers
    simulated = SimulatedCustomer(
        case.goal, case.behaviour, case.locale, dice, case.other, case.transit
    )
    visitor = Customer(
        house.bot, house.stores.conversations, case.locale, name=f"simulated-{case.seed}"
    )
    redelivers = case.behaviour == "impatient"
    return await play(simulated, visitor, lambda: _entries(case, shop), redelivers=redelivers)


def _judged(case: Case, played: Played, shop: Shop) -> Result:
    """Judge by the ledger as it stands when the slowest request has been done."""
    played.entries = _entries(case, shop)
    return Result(case, played, judged(played, case.trouble))


def _entries(case: Case, shop: Shop) -> Entries:
    orders = (case.goal.order, case.other, case.transit)
    return [entry for order in orders for entry in shop.desk.of_order(order.number)]


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def faults(results: Sequence[Result]) -> Counter[str]:
    """Return how often which fault was found."""
    return Counter(fault for result in results for fault in result.verdict.faults)
