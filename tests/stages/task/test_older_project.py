"""A conversation goes on when its project is another one than yesterday."""

from pathlib import Path

import pytest

from cs_bot.events import LoopEnded, SlotRequested, TaskEnded

from .talking import talk, write

BEFORE = """
intents: [greet, order, inform]
entities: [size, name]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
  name: {type: text, mappings: [{type: from_entity, entity: name}]}
  vip: {type: text, mappings: [{type: from_entity, entity: name}]}
forms:
  order_form: {required_slots: [size, name]}
responses:
  utter_greet: [{text: Hello!}]
  utter_ask_size: [{text: Which size?}]
  utter_ask_name: [{text: Which name?}]
  utter_ask_colour: [{text: Which colour?}]
  utter_ordered: [{text: "{size} for {name}."}]
actions: [action_count]
nlu:
- {intent: greet, examples: "- hello"}
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
"""
CODE = """
from rasa_sdk import Action


class Count(Action):
    changes = True

    def name(self):
        return "action_count"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Counted.")
        return []
"""


def after(*changes: tuple[str, str]) -> str:
    """Return the project as it is today."""
    text = BEFORE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


WITHOUT_FORM = after(
    ("forms:\n  order_form: {required_slots: [size, name]}\n", ""),
    (BEFORE[BEFORE.index("- rule: order\n") :], ""),
)


async def test_a_form_that_is_gone_is_left(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", BEFORE), tmp_path) as one:
        assert await one.says("/order") == "Which size?"
        before = one.customer.turns
    async with talk(write(tmp_path / "bot", WITHOUT_FORM), tmp_path) as one:
        one.customer.turns.extend(before)
        assert await one.says('/inform{"size": "L"}') == "(nobody answers)"
        assert one.trace.reply.events[:2] == (
            LoopEnded("order_form"),
            TaskEnded("order", "cancelled"),
        )
        assert await one.says("/greet") == "Hello!"
        assert LoopEnded("order_form") not in one.trace.reply.events


async def test_a_form_that_needs_other_slots_asks_for_these(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", BEFORE), tmp_path) as one:
        await one.says("/order")
        before = one.customer.turns
    today = after(
        ("required_slots: [size, name]", "required_slots: [colour, name]"),
        ("  vip:", "  colour: {type: text, mappings: [{type: from_text}]}\n  vip:"),
    )
    async with talk(write(tmp_path / "bot", today), tmp_path) as one:
        one.customer.turns.extend(before)
        assert await one.says('/inform{"size": "L"}') == "Which colour?"
        assert one.trace.reply.events[0] == SlotRequested(None)
        assert await one.says("red") == "Which name?"


@pytest.mark.parametrize("kind", ["bool", "float", "list", "any", "categorical"])
async def test_a_slot_of_another_type_has_its_old_value_until_it_is_set(
    tmp_path: Path, kind: str
) -> None:
    async with talk(write(tmp_path / "bot", BEFORE), tmp_path) as one:
        await one.says('/order{"name": "Ann"}')
        before = one.customer.turns
    told = "categorical, values: [Bo]" if kind == "categorical" else kind
    today = after(
        *((f"{name}: {{type: text", f"{name}: {{type: {told}") for name in ("vip", "name"))
    )
    async with talk(write(tmp_path / "bot", today), tmp_path) as one:
        one.customer.turns.extend(before)
        assert await one.says('/inform{"size": "L"}') == "L for Ann."


async def test_slots_intents_and_actions_that_are_gone_change_nothing(tmp_path: Path) -> None:
    counting = after(("{action: utter_greet}]", "{action: utter_greet}, {action: action_count}]"))
    code = CODE.replace("changes = True", "changes = False")
    async with talk(write(tmp_path / "bot", counting, code), tmp_path) as one:
        assert await one.says('/greet{"name": "Ann"}') == "Hello!\nCounted."
        before = one.customer.turns
    today = after(
        ("  vip: {type: text, mappings: [{type: from_entity, entity: name}]}\n", ""),
        ("intents: [greet, order, inform]", "intents: [hello, order, inform]"),
        ("intent: greet", "intent: hello"),
        ("actions: [action_count]", "actions: []"),
    )
    (tmp_path / "bot" / "actions.py").unlink()
    async with talk(write(tmp_path / "bot", today), tmp_path) as one:
        one.customer.turns.extend(before)
        assert await one.says("/hello") == "Hello!"
        assert await one.says("/order") == "Which size?"


async def test_an_action_that_is_gone_is_not_confirmed_any_more(tmp_path: Path) -> None:
    counting = after(("{action: utter_greet}]", "{action: action_count}]"))
    async with talk(write(tmp_path / "bot", counting, CODE), tmp_path) as one:
        assert (await one.says("/greet")).startswith("Please confirm")
        before = one.customer.turns
    (tmp_path / "bot" / "actions.py").unlink()
    today = after(("actions: [action_count]", "actions: []"))
    async with talk(write(tmp_path / "bot", today), tmp_path) as one:
        one.customer.turns.extend(before)
        assert await one.says("yes") == "(nobody answers)"
        assert (await one.state()).task is None
