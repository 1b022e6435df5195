"""Several tasks in one conversation: put aside, gone back to, called off; values carried over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState, TaskSuspended
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Entity, Intent, Reading

SHOP = """
version: "3.1"
intents: [track, give_back, bill, hours, inform]
entities: [order_id, mail]
slots:
  order_id: {type: text, mappings: [{type: from_entity, entity: order_id}]}
  reason: {type: text, mappings: [{type: from_text}]}
  mail: {type: text, mappings: [{type: from_entity, entity: mail}]}
forms:
  track_form: {required_slots: [order_id]}
  give_back_form: {required_slots: [order_id, reason]}
  bill_form: {required_slots: [order_id, mail]}
actions: [action_track, action_give_back, action_bill]
responses:
  utter_title_track: [{text: parcel}]
  utter_title_give_back: [{text: return}]
  utter_title_bill: [{text: invoice}]
  utter_ask_order_id: [{text: Which order?}]
  utter_ask_reason: [{text: Why?}]
  utter_ask_mail: [{text: Which address?}]
  utter_tracked: [{text: "Parcel {order_id} is on its way."}]
  utter_given_back: [{text: "Return of {order_id}: {reason}."}]
  utter_billed: [{text: "Invoice of {order_id} to {mail}."}]
  utter_hours: [{text: 9 to 5}]
  utter_confirm_action_give_back: [{text: "Send {order_id} back ({reason})?"}]
  utter_confirm_action_bill: [{text: Write an invoice?}]
rules:
- {rule: track, steps: [{intent: track}, {action: track_form}, {active_loop: track_form}]}
- rule: return
  steps: [{intent: give_back}, {action: give_back_form}, {active_loop: give_back_form}]
- {rule: bill, steps: [{intent: bill}, {action: bill_form}, {active_loop: bill_form}]}
- {rule: hours, steps: [{intent: hours}, {action: utter_hours}]}
- rule: tracked
  condition: [{active_loop: track_form}]
  steps:
  - {action: track_form}
  - {active_loop: null}
  - {action: action_track}
  - {action: utter_tracked}
- rule: given back
  condition: [{active_loop: give_back_form}]
  steps:
  - {action: give_back_form}
  - {active_loop: null}
  - {action: action_give_back}
  - {action: utter_given_back}
- rule: billed
  condition: [{active_loop: bill_form}]
  steps: [{action: bill_form}, {active_loop: null}, {action: action_bill}, {action: utter_billed}]
"""


@dataclass
class Recorded:
    """Actions that do nothing but say which slots they were given; two of them change something."""

    ran: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    names: frozenset[str] = frozenset({"action_track", "action_give_back", "action_bill"})

    def facts(self, name: str) -> ActionFacts:
        return ActionFacts(changes=name in ("action_give_back", "action_bill"))

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        self.ran.append((name, tracker["slots"]))
        return ActionOutcome()


@dataclass
class Customer:
    """Says payloads (`/intent{...}`) or words and hears what the bot says, or why it does not."""

    project: Project
    settings: TaskSettings = field(default_factory=TaskSettings)
    actions: Recorded = field(default_factory=Recorded)
    state: DialogueState = field(default_factory=lambda: DialogueState(locale="en"))

    async def says(self, text: str, reading: Reading | None = None) -> str:
        bot = TaskBot(self.project, self.actions, self.settings)
        heard = turn_of(text, state=self.state, locale="en")
        turn = replace(heard, reading=_meaning(text, reading))
        outcome = await ActiveTask(bot).handle(turn)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(bot).handle(turn)
        if isinstance(outcome, Abstain):
            self.state = self.state.apply(())
            return f"({outcome.reason})"
        self.state = self.state.apply(outcome.events)
        return plain_text(outcome.blocks)

    @property
    def waiting(self) -> list[str]:
        return [one.task for one in self.state.suspended]


def _meaning(text: str, reading: Reading | None) -> Callable[[], Awaitable[Reading]]:
    async def read() -> Reading:
        return reading or parsed_payload(text) or Reading()

    return read


def reading_of(order_id: str | None = None, **intents: float) -> Reading:
    found = tuple(Intent(name, share) for name, share in intents.items())
    named = (Entity("order_id", order_id, 0, 1, "regex"),) if order_id else ()
    return Reading(found, named, 1.0 - sum(intents.values()))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    directory = tmp_path_factory.mktemp("shop")
    (directory / "domain.yml").write_text(SHOP, encoding="utf-8")
    return load_project(directory)


@pytest.fixture
def customer(shop: Project) -> Customer:
    return Customer(shop)


async def test_a_task_is_put_aside_for_another_and_gone_back_to(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')

    said = await customer.says('/track{"order_id": "2"}')

    assert said == "Parcel 2 is on its way.\nBack to “return”.\nWhy?"
    assert (customer.state.task, customer.state.requested_slot) == ("give_back", "reason")
    assert await customer.says("too small") == (
        "Send 1 back (too small)?\n[Yes, go ahead]\n[No, cancel]"
    )
    assert await customer.says("yes") == "Return of 1: too small."
    assert customer.state.task is None
    assert customer.waiting == []


async def test_the_task_between_may_take_several_turns(customer: Customer) -> None:
    await customer.says("/give_back")
    assert await customer.says("/track") == "Which order?"
    assert customer.waiting == ["give_back"]
    assert (await customer.says('/inform{"order_id": "7"}')).startswith("Parcel 7 is on its way.")
    # Which order to return is not told by asking where some order is.
    assert customer.state.requested_slot == "order_id"


async def test_a_confirmation_waits_as_well(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    asked = await customer.says("too small")

    said = await customer.says('/track{"order_id": "2"}')

    assert said == f"Parcel 2 is on its way.\nBack to “return”.\n{asked}"
    assert await customer.says("yes") == "Return of 1: too small."
    assert [name for name, _ in customer.actions.ran] == ["action_track", "action_give_back"]
    assert customer.actions.ran[1][1]["order_id"] == "1"


async def test_a_yes_to_one_task_confirms_no_other(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("too small")
    await customer.says('/bill{"mail": "a@b.cn"}')

    said = await customer.says("yes")

    assert said.startswith("Invoice of 1 to a@b.cn.\nBack to “return”.\nSend 1 back (too small)?")
    assert [name for name, _ in customer.actions.ran] == ["action_bill"]


async def test_who_calls_the_second_task_off_is_asked_about_the_first(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("/bill")

    said = await customer.says("never mind")

    assert said == (
        "All right, I have stopped. Just ask when you need me again.\n"
        "“return” is not finished yet. Shall we go on with it?\n[Yes, go on]\n[No, thanks]"
    )
    assert await customer.says("yes") == "Back to “return”.\nWhy?"


async def test_a_no_to_the_offer_ends_the_first_task_too(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("/bill")
    await customer.says("never mind")

    assert await customer.says("/deny") == (
        "All right, I have stopped “return”. Just ask when you need me again."
    )
    assert customer.state == DialogueState(locale="en", slots={"order_id": "1"})


async def test_an_offer_that_is_not_answered_stays_open_but_is_not_pressed(
    customer: Customer,
) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("/bill")
    await customer.says("never mind")

    assert await customer.says("/hours") == "9 to 5"
    assert await customer.says("let's go on with the return please") == "Back to “return”.\nWhy?"


@pytest.mark.parametrize("words", ["cancel everything", "全部取消", "forget it all", "都不办了"])
async def test_all_is_called_off_at_once(customer: Customer, words: str) -> None:
    await customer.says("/give_back")
    await customer.says("/bill")
    await customer.says(words)
    assert (customer.state.task, customer.waiting) == (None, [])


async def test_a_waiting_task_is_taken_up_by_words_in_the_middle_of_another(
    customer: Customer,
) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says('/bill{"order_id": "2"}')

    assert await customer.says("back to the return") == "Back to “return”.\nWhy?"

    assert customer.waiting == ["bill"]
    assert customer.state.slots["order_id"] == "1"


async def test_asking_for_a_waiting_task_again_takes_it_up(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("/bill")

    assert await customer.says("/give_back") == "Why?"
    assert customer.waiting == ["bill"]
    assert customer.state.slots["order_id"] == "1"


async def test_asking_for_it_with_another_value_begins_it_anew(customer: Customer) -> None:
    await customer.says("/give_back")
    await customer.says('/inform{"order_id": "1"}')
    await customer.says("too small")
    await customer.says("/track")  # which knows the order and is done: back to the confirmation
    await customer.says("/bill")

    assert await customer.says('/give_back{"order_id": "9"}') == "Why?"
    assert customer.state.slots["order_id"] == "9"


async def test_tasks_wait_in_a_stack_of_bounded_depth(shop: Project) -> None:
    customer = Customer(shop, TaskSettings(most_suspended=1))
    await customer.says("/give_back")
    await customer.says("/bill")
    await customer.says("/track")
    assert customer.waiting == ["bill"]
    said = await customer.says('/inform{"order_id": "7"}')
    assert said.endswith("Back to “invoice”.\nWhich order?")


async def test_a_task_that_waited_too_long_is_forgotten(shop: Project) -> None:
    customer = Customer(shop, TaskSettings(suspended_turns=3))
    await customer.says("/give_back")
    await customer.says("/bill")
    for _ in range(4):
        await customer.says("what?")
    await customer.says('/inform{"order_id": "7"}')
    assert customer.waiting == []
    assert await customer.says("go on with the return") == "(miss)"


async def test_words_of_another_task_are_not_taken_for_its_own(customer: Customer) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    state = customer.state.apply([TaskSuspended("give_back", "reason", ("order_id", "reason"))])
    assert state.waiting("give_back") is not None
    customer.state = state
    assert await customer.says("go on") == "Back to “return”.\nWhy?"


async def test_what_was_looked_up_is_not_asked_for_and_named_before_anything_changes(
    customer: Customer,
) -> None:
    await customer.says('/track{"order_id": "1"}')

    assert await customer.says('/bill{"mail": "a@b.cn"}') == (
        "Write an invoice?\nAs you said before, order id: 1\n[Yes, go ahead]\n[No, cancel]"
    )
    assert await customer.says("no, it is 2", reading_of(order_id="2")) == (
        "Write an invoice?\n[Yes, go ahead]\n[No, cancel]"
    )
    assert await customer.says("yes") == "Invoice of 2 to a@b.cn."


async def test_words_that_name_the_value_are_left_as_they_are(customer: Customer) -> None:
    await customer.says('/track{"order_id": "1"}')
    await customer.says("/give_back")
    assert await customer.says("too small") == (
        "Send 1 back (too small)?\n[Yes, go ahead]\n[No, cancel]"
    )


@pytest.mark.parametrize("words", ["查一下另一个订单", "where is my other order", "别的包裹呢"])
async def test_another_one_is_asked_for(customer: Customer, words: str) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("too small")
    await customer.says("yes")
    assert await customer.says(words, reading_of(track=1.0)) == "Which order?"


@pytest.mark.parametrize("words", ["它到哪了", "再查一下这个订单", "is it there yet", "that order"])
async def test_a_form_that_runs_again_keeps_what_the_message_points_at(
    customer: Customer, words: str
) -> None:
    await customer.says('/track{"order_id": "1"}')
    assert await customer.says("/track") == "Which order?"
    await customer.says('/inform{"order_id": "1"}')
    assert await customer.says(words, reading_of(track=1.0)) == "Parcel 1 is on its way."


async def test_a_form_checks_what_it_begins_with(shop: Project) -> None:
    class Strict(Recorded):
        async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
            if name == "validate_give_back_form":
                return ActionOutcome((("order_id", None),))
            return await super().run(name, tracker)

    strict = Strict(names=frozenset({"action_track", "validate_give_back_form"}))
    customer = Customer(shop, actions=strict)
    await customer.says('/track{"order_id": "1"}')
    assert await customer.says("/give_back") == "Which order?"
    assert customer.state.slots == {}


async def test_a_task_without_a_form_takes_what_its_message_says(tmp_path: Path) -> None:
    plain = SHOP.replace("intents: [", "intents: [call_off, ").replace(
        "rules:\n", "rules:\n- {rule: off, steps: [{intent: call_off}, {action: utter_tracked}]}\n"
    )
    (tmp_path / "domain.yml").write_text(plain, encoding="utf-8")
    customer = Customer(load_project(tmp_path))
    await customer.says('/track{"order_id": "1"}')
    assert await customer.says('/call_off{"order_id": "2"}') == "Parcel 2 is on its way."


async def test_a_value_that_is_only_told_is_put_right_at_the_confirmation(
    customer: Customer,
) -> None:
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("too small")
    told = await customer.says("my order is 2", reading_of(order_id="2", track=0.97))
    assert told.startswith("Send 2 back (too small)?")
    asked = await customer.says("where is 3", reading_of(order_id="3", track=0.97))
    assert asked.startswith("Parcel 3 is on its way.\nBack to “return”.\nSend 2 back (too small)?")
