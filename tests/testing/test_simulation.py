"""Simulated customers of the starter: a small part of `cs-bot simulate`, and what it must catch."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stores.qa_files import read_pairs
from cs_bot.testing.shop import find_shop
from cs_bot.testing.simulation import wordings
from cs_bot.testing.simulation.ablations import ABLATIONS
from cs_bot.testing.simulation.customer import BEHAVIOURS, SimulatedCustomer
from cs_bot.testing.simulation.dialogue import Played, Said
from cs_bot.testing.simulation.failing import TROUBLES
from cs_bot.testing.simulation.goals import Goal, Item, Order, Warehouse, mistyped, tax_number
from cs_bot.testing.simulation.judging import judged
from cs_bot.testing.simulation.run import Case, cases, faults, simulate
from cs_bot.text.normalize import normalized

ROOT = Path(__file__).parents[2]
ORDER = Order("20240003", (Item("K401", {"zh": "电热水壶", "en": "electric kettle"}),))
OTHER = Order("20240009", ORDER.items)
GOAL = Goal("refund", ORDER, ORDER.items, reason="faulty")
RETURN = {"kind": "return", "id": "RT1", "order": "20240003", "items": ["K401"], "reason": "faulty"}


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run has read of the knowledge base, for the next."""
    return tmp_path_factory.mktemp("kept") / "index"


@pytest.mark.slow
@pytest.mark.soak
def test_every_dialogue_ends_as_it_may(indexes: Path) -> None:
    count = 1_000 if os.environ.get("CS_BOT_SOAK") == "1" else 30
    results = simulate(count, 1, slow_seconds=3.2, indexes=indexes)

    wrong = [result for result in results if result.verdict.ending == "wrong"]
    assert not wrong, f"{wrong[0].verdict.faults}\n{wrong[0].played.transcript}"
    finished = [result for result in results if result.verdict.ending == "finished"]
    assert len(finished) >= len(results) / 2


NEEDED: Mapping[str, tuple[frozenset[str], str]] = {
    "key": (frozenset({"after", "twice"}), "done twice"),
    "retry": (frozenset({"before", "after"}), "gave up although the service had recovered"),
    "confirmation": (frozenset({"none"}), "done without a yes"),
}


@pytest.mark.slow
@pytest.mark.parametrize("without", ABLATIONS)
def test_a_run_without_key_retry_or_confirmation_fails(without: Any, indexes: Path) -> None:
    troubles, fault = NEEDED[without]

    def shows(case: Case) -> bool:
        return case.goal.task != "order_status" and case.trouble in troubles

    results = simulate(15, 1, without=without, only=shows, indexes=indexes)

    assert faults(results)[fault] > 0


def told(words: object) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for part in words.values():
            yield from told(part)
    elif isinstance(words, tuple):
        for part in words:
            yield from told(part)


def test_no_wording_is_one_that_the_bot_was_taught() -> None:
    project = load_project(ROOT / "dialogs")
    pairs = read_pairs(ROOT / "knowledge" / "pairs.jsonl")
    taught = {normalized(example.text) for example in project.examples}
    taught |= {normalized(question) for pair in pairs for question in pair.questions()}
    long = {text for text in told(wordings.EVERY) if len(text) > 3 and "{" not in text}

    assert len(long) >= 140
    assert not {text for text in long if normalized(text) in taught}


def test_a_number_in_a_taught_sentence_makes_it_no_other_one() -> None:
    project = load_project(ROOT / "dialogs")
    number = re.compile(r"[A-Za-z]{0,4}[0-9]{8,16}")
    taught = {number.sub("{order}", normalized(example.text)) for example in project.examples}
    bare = {"{order}"}  # nobody says a number alone in other words

    with_order = {text for text in told(wordings.EVERY) if "{order}" in text}
    assert not {text for text in with_order - bare if normalized(text) in taught}


def test_every_case_is_the_same_for_the_same_seed_and_no_order_is_anybody_elses() -> None:
    first, again = (list(cases(60, 3, warehouse())) for _ in range(2))

    assert first == again
    numbers = [o.number for c in first for o in (c.goal.order, c.other, c.transit)]
    assert len(numbers) == len(set(numbers)) == 180
    assert {case.behaviour for case in first} == set(BEHAVIOURS)
    assert {case.trouble for case in first} == set(TROUBLES)


def warehouse() -> Warehouse:
    return Warehouse(find_shop(), Random(3))


def test_orders_are_written_for_the_service(tmp_path: Path) -> None:
    made = warehouse()
    order = made.order(is_delivered=True, items=2)

    made.write(tmp_path / "orders.json")

    (written,) = json.loads((tmp_path / "orders.json").read_text(encoding="utf-8"))
    assert written["id"] == order.number
    assert [item["sku"] for item in written["items"]] == [item.sku for item in order.items]


def test_tax_numbers_are_what_the_starter_takes_and_slips_are_not() -> None:
    find_shop()
    from actions.invoice_details import is_tax_number

    code = tax_number(Random(1))

    assert is_tax_number(code)
    assert not is_tax_number(mistyped(code))


def played(*entries: Mapping[str, Any], yes: int = 1, **customer: Any) -> Played:
    """Return a return that was registered, with these entries in the ledger."""
    simulated = SimulatedCustomer(GOAL, "plain", "zh", Random(1), OTHER, OTHER)
    simulated.confirmed = [GOAL] * yes
    for name, value in customer.items():
        setattr(simulated, name, value)
    turns = [
        Said("我要退货", "请您核对", "task", 0, 0),
        Said("好", "退货编号 RT1", "task", len(entries), yes),
    ]
    return Played(GOAL, simulated, turns, [("refund", "completed")], entries=entries)


def test_what_was_wanted_and_stands_in_the_ledger_is_finished() -> None:
    assert judged(played(RETURN), "none").ending == "finished"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (played(RETURN, RETURN), "done twice"),
        (played(RETURN, yes=0), "done without a yes"),
        (played({**RETURN, "order": "20240009"}), "done with values that were not confirmed"),
        (played({**RETURN, "reason": "size"}), "done with values that were not confirmed"),
        (played(RETURN, has_cancelled=True), "done after it was cancelled"),
        (played(), "ends without a word of how it ended"),
    ],
)
def test_what_should_not_have_been_done_is_wrong(wrong: Played, fault: str) -> None:
    verdict = judged(wrong, "none")

    assert verdict.ending == "wrong"
    assert fault in verdict.faults


def test_a_place_without_its_value_is_wrong() -> None:
    raw = played(RETURN)
    raw.turns.append(Said("谢谢", "订单 {order_id}", "task", 1, 1))

    assert judged(raw, "none").faults == ("said '订单 {order_id}'",)


def test_to_give_up_is_polite_only_where_the_service_stays_down() -> None:
    down = played()
    down.outcomes = [("refund", "failed")]
    down.turns[-1] = Said("好", "抱歉", "task", 0, 1, is_handed_off=True)

    assert judged(down, "down").ending == "failed politely"
    assert judged(down, "before").faults == ("gave up although the service had recovered",)


def test_a_dialogue_that_goes_on_for_ever_is_wrong() -> None:
    endless = played(RETURN)
    endless.turns = endless.turns * 20

    assert "does not end" in judged(endless, "none").faults
