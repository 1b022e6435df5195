"""`cs-bot test`: end-to-end test cases, played with the whole bot."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import Run

FILES = {
    "bot.toml": '[bot]\nlocale = "en"\n[models]\nsecond_encoder = ""\n',
    "dialogs/domain.yml": """
intents: [greet, order, affirm]
entities: [size]
slots:
  size:
    type: text
    mappings: [{type: from_entity, entity: size}]
  price:
    type: float
    mappings: [{type: custom}]
forms:
  pizza_form:
    required_slots: [size]
actions: [action_order, action_clock]
responses:
  utter_hello:
  - text: Hello!
    buttons: [{title: Order, payload: /order}]
  utter_ask_size: [{text: Which size?}]
  utter_made: [{text: "A {size} pizza for {price}."}]
""",
    "dialogs/data.yml": """
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
    - hi there
- intent: order
  examples: |
    - a pizza please
    - I want a [small](size) pizza
    - one [large](size) pizza
- lookup: size
  examples: |
    - large
    - small
rules:
- rule: hello
  steps: [{intent: greet}, {action: utter_hello}]
- rule: order
  steps: [{intent: order}, {action: pizza_form}, {active_loop: pizza_form}]
- rule: made
  condition: [{active_loop: pizza_form}]
  steps:
  - action: pizza_form
  - active_loop: null
  - action: action_order
""",
    "dialogs/actions/order.py": """
from rasa_sdk import Action
from rasa_sdk.events import SlotSet


class Order(Action):
    def name(self):
        return "action_order"

    def run(self, dispatcher, tracker, domain):
        if tracker.get_slot("size") == "large":
            raise RuntimeError("the oven is out")
        dispatcher.utter_message(response="utter_made", price=9.5)
        dispatcher.utter_message(text="Enjoy it.")
        return [SlotSet("price", 9.5)]
""",
}
ORDERED = """
test_cases:
- test_case: a pizza
  steps:
  - user: hi there
  - utter: utter_hello
  - bot: Hello!
  - user: /order
  - utter: utter_ask_size
  - slot_was_not_set: size
  - slot_was_set: {requested_slot: size}
  - user: a small one
  - slot_was_set:
    - size: small
    - price: 9.5
  - bot: A small pizza for 9.5.
  - bot: Enjoy it.
"""
ORDERED_AT_ONCE = """
- test_case: at once
  steps:
  - user: I want a small pizza
    assertion_order_enabled: true
    assertions:
    - slot_was_set: [{name: size, value: small}]
    - action_executed: action_order
    - bot_uttered: {utter_name: utter_made, text_matches: "pizza for 9"}
    - bot_uttered: {text_matches: ^Enjoy}
    - slot_was_set: [{name: price}]
  - user: hello
    assertions:
    - bot_uttered: {buttons: [{title: Order, payload: /order}]}
    - bot_did_not_utter: {utter_name: utter_ask_size}
"""


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bot whose first test has been played: the next ones are quick."""
    directory = tmp_path_factory.mktemp("pizza") / "bot"
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


@pytest.fixture
def bot(learnt: Path) -> Path:
    shutil.rmtree(learnt / "dialogs" / "tests", ignore_errors=True)
    (learnt / "dialogs" / "tests").mkdir()
    return learnt


def write(bot: Path, text: str, name: str = "e2e_test_cases.yml") -> Path:
    file = bot / "dialogs" / "tests" / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_cases_that_the_bot_follows_pass(run: Run, bot: Path) -> None:
    write(bot, ORDERED + ORDERED_AT_ONCE)
    ran = run("test", "--bot", bot)
    assert (ran.code, ran.out) == (0, "2 of 2 test cases passed\n")


def test_what_came_instead_is_told_with_the_conversation(run: Run, bot: Path) -> None:
    file = write(bot, ORDERED.replace("price: 9.5", "price: 8").replace("Enjoy it.", "Enjoy!"))
    ran = run("test", "--bot", bot)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        f"a pizza ({file}:3:3)",
        f"  {file}:15:7: slot_was_set: price: 8 was expected, price was set to 9.5",
        f"  {file}:17:5: bot: Enjoy! was expected, 'A small pizza for 9.5.' / 'Enjoy it.' came",
        "    user: hi there",
        "    bot: Hello!  (utter_hello)",
        "    user: /order",
        "    slot_was_set: requested_slot: 'size'",
        "    bot: Which size?  (utter_ask_size)",
        "    user: a small one",
        "  - slot_was_set: price: 8",
        "  - bot: Enjoy!",
        "    slot_was_set: size: 'small'",
        "  + action_executed: pizza_form",
        "  + slot_was_set: requested_slot: None",
        "  + action_executed: action_order",
        "    bot: A small pizza for 9.5.  (utter_made)",
        "  + bot: Enjoy it.",
        "  + slot_was_set: price: 9.5",
        "    (answered by task)",
        "0 of 1 test cases passed",
    ]


def test_a_machine_reads_the_same(run: Run, bot: Path) -> None:
    file = write(bot, ORDERED.replace("utter: utter_ask_size", "utter: utter_made"))
    report = json.loads(run("test", "--json", "--bot", bot).out)
    (case,) = report["test_cases"]["failed"]

    assert (report["stories"], report["passed"], report["failed"]) == (0, 0, [])
    assert (report["test_cases"]["cases"], report["test_cases"]["passed"]) == (1, 0)
    assert (case["test_case"], case["where"]) == ("a pizza", f"{file}:3:3")
    assert case["mismatches"] == [
        {"where": f"{file}:9:5", "told": "utter: utter_made", "got": "'Which size?' came"}
    ]
    assert "- utter: utter_made" in case["conversation"]


def test_one_case_may_be_chosen(run: Run, bot: Path) -> None:
    wrong = ORDERED.replace("utter: utter_ask_size", "utter: utter_made")
    file = write(bot, wrong + ORDERED_AT_ONCE)
    assert run("test", f"{file}::at once", "--bot", bot).out == "1 of 1 test cases passed\n"
    ran = run("test", f"{file}::at onc", "--bot", bot)
    assert ran.code == 2
    assert "unknown test 'at onc'; did you mean 'at once'?" in ran.err


def test_the_first_failure_may_end_it(run: Run, bot: Path) -> None:
    write(bot, ORDERED.replace("bot: Hello!", "bot: Bye!") + ORDERED_AT_ONCE)
    ran = run("test", "--fail-fast", "--bot", bot)
    assert ran.code == 1
    assert ran.out.endswith("0 of 2 test cases passed, 1 not played\n")


def test_actions_are_run_unless_they_are_stubbed(run: Run, bot: Path) -> None:
    stubbed = """
stub_custom_actions:
  "stubbed::action_order":
    events: [{event: slot, name: price, value: 20}]
    responses: [{text: Here is a large one.}]
test_cases:
- test_case: run
  steps:
  - user: one large pizza
  - bot: Here is a large one.
- test_case: stubbed
  steps:
  - user: one large pizza
  - bot: Here is a large one.
  - slot_was_set: [price: 20]
"""
    write(bot, stubbed)
    ran = run("test", "--bot", bot)
    assert ran.code == 1
    assert "1 of 2 test cases passed" in ran.out
    assert "bot: Sorry, the system is not answering right now" in ran.out
    assert "(action action_order: RuntimeError)" in ran.out


def test_a_case_may_begin_with_slots_of_a_shared_file(run: Run, bot: Path) -> None:
    write(bot, "fixtures: [{small: {size: large}}, {large: [{size: large}]}]", "conftest.yml")
    write(bot, "fixtures: [{small: {size: small}}]", "more/conftest.yml")
    case = """
test_cases:
- test_case: known
  fixtures: [large, small]
  steps:
  - user: a pizza please
  - bot: A small pizza for 9.5.
  - slot_was_not_set: size
"""
    write(bot, case, "more/known.yml")
    ran = run("test", "--bot", bot)
    assert (ran.code, ran.out) == (0, "1 of 1 test cases passed\n")


def test_cases_leave_no_conversation_behind(run: Run, bot: Path) -> None:
    write(bot, ORDERED)
    assert run("test", "--bot", bot).code == 0
    assert not (bot / "var" / "cs_bot.db").exists()
    (kept,) = (bot / "var" / "tests").iterdir()
    assert b"a small one" not in (kept / "cs_bot.db").read_bytes()


def test_stories_and_cases_may_stand_side_by_side(run: Run, bot: Path) -> None:
    steps = "[{user: hi there, intent: greet}, {action: utter_hello}]"
    write(bot, f"stories:\n- story: hello\n  steps: {steps}\n{ORDERED}")
    assert run("test", "--bot", bot).out == "1 of 1 stories passed\n1 of 1 test cases passed\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("test_cases: [{test_case: a, steps: [{user: a}, {utter: utter_helo}]}]", "1:49: unknown"),
        ("test_cases: [{test_case: a, steps: [{user: a}, {slot_was_set: sise}]}]", "1:49: unknown"),
        ("test_cases: [{test_case: a", "1:27: not valid YAML"),
        (f"test_cases: [{{test_case: a, steps: [{{user: {'a' * 4001}}}]}}]", "1:37: String should"),
        ("test_cases: [{test_case: a, steps: [{user: '/pick{}'}]}]", "1:37: write /pick"),
    ],
)
def test_bad_input_ends_with_2(run: Run, bot: Path, text: str, complaint: str) -> None:
    file = write(bot, text)
    ran = run("test", "--bot", bot)
    assert ran.code == 2
    assert f"cs-bot: {file}:{complaint}" in ran.err


def test_time_in_a_case_is_what_it_says(run: Run, bot: Path) -> None:
    clock = """
from rasa_sdk import Action


class Clock(Action):
    def name(self):
        return "action_order"

    def run(self, dispatcher, tracker, domain):
        said = [event for event in tracker.events if event["event"] == "user"][-1]
        dispatcher.utter_message(text=f"{said['timestamp']:.0f}")
        return []
"""
    case = """
fixtures: [{new year: {mocked_datetime: "2026-01-01T00:00:00+00:00"}}]
test_cases:
- test_case: new year
  fixtures: [new year]
  steps: [{user: a small pizza}, {bot: "1767225600"}]
"""
    action = bot / "dialogs" / "actions" / "order.py"
    written = action.read_text(encoding="utf-8")
    write(bot, case)
    try:
        action.write_text(clock, encoding="utf-8")
        assert run("test", "--bot", bot).code == 0
    finally:
        action.write_text(written, encoding="utf-8")


def test_the_tests_of_another_bot_that_lies_among_them_are_its_own(run: Run, bot: Path) -> None:
    write(bot, ORDERED)
    other = bot / "dialogs" / "tests" / "another"
    (other / "dialogs").mkdir(parents=True)
    (other / "bot.toml").touch()
    broken = "stories:\n- story: never\n  steps:\n  - intent: never_heard\n  - action: never_done\n"
    (other / "dialogs" / "stories.yml").write_text(broken, encoding="utf-8")
    ran = run("test", "--bot", bot)
    assert (ran.code, ran.out) == (0, "1 of 1 test cases passed\n")
