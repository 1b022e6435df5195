"""Which of two likely tasks: when the bot asks, what it shows, and which answers it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import Buttons, plain_text
from cs_bot.events import DialogueState
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.clarifying import ALL, NEITHER, likeliest, named_in, numbered, options_of
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Candidate, Entity, Intent, Payload, Pressed, Reading, Reply, Step

SHOP = """
version: "3.1"
intents: [give_back, swap, hours, thanks]
entities: [order_id]
slots:
  order_id: {type: text, mappings: [{type: from_entity, entity: order_id}]}
  reason: {type: text, mappings: [{type: from_text}]}
  wish: {type: text, mappings: [{type: from_text}]}
forms:
  give_back_form: {required_slots: [order_id, reason]}
  swap_form: {required_slots: [order_id, wish]}
responses:
  utter_ask_order_id: [{text: Which order?}]
  utter_ask_reason: [{text: Why back?}]
  utter_ask_wish: [{text: Swap for what?}]
  utter_done: [{text: "Done with {order_id}."}]
  utter_hours: [{text: 9 to 5}]
  utter_welcome: [{text: Any time}]
nlu:
- intent: give_back
  examples: |
    - 我要退货，订单[20240001](order_id)
    - 我要退货
    - I want to return something
- intent: swap
  metadata: {title: {zh: 换货, en: an exchange}}
  examples: |
    - 换一件
    - swap it for another size
rules:
- rule: back
  steps: [{intent: give_back}, {action: give_back_form}, {active_loop: give_back_form}]
- {rule: swap, steps: [{intent: swap}, {action: swap_form}, {active_loop: swap_form}]}
- {rule: hours, steps: [{intent: hours}, {action: utter_hours}]}
- {rule: thanks, steps: [{intent: thanks}, {action: utter_welcome}]}
- rule: given back
  condition: [{active_loop: give_back_form}]
  steps: [{action: give_back_form}, {active_loop: null}, {action: utter_done}]
- rule: swapped
  condition: [{active_loop: swap_form}]
  steps: [{action: swap_form}, {active_loop: null}, {action: utter_done}]
"""
ORDER = Entity("order_id", "20240001", 0, 8, "regex")


class NoActions:
    """A project whose responses are all it does."""

    names: frozenset[str] = frozenset()

    def facts(self, name: str) -> ActionFacts:
        return ActionFacts()

    async def run(self, name: str, tracker: object) -> ActionOutcome:
        raise AssertionError(name)


def reading_of(*entities: Entity, background: float = 0.0, **intents: float) -> Reading:
    found = sorted((Intent(n, p) for n, p in intents.items()), key=lambda one: -one.probability)
    return Reading(tuple(found), entities, background)


BETWEEN = reading_of(ORDER, give_back=0.5, swap=0.42, hours=0.03)


@dataclass
class Customer:
    """Says words that mean what the test says, and hears what the bot says, or why it does not."""

    project: Project
    locale: str = "zh"
    settings: TaskSettings = field(default_factory=TaskSettings)
    state: DialogueState = field(default_factory=DialogueState)
    reply: Reply = field(default_factory=lambda: Reply(()))

    async def says(
        self,
        text: str,
        reading: Reading | None = None,
        payload: Payload | None = None,
        steps: tuple[Step, ...] = (),
    ) -> str:
        bot = TaskBot(self.project, NoActions(), self.settings)
        heard = turn_of(text, state=self.state, locale=self.locale, payload=payload)
        turn = replace(heard, reading=_meaning(text, reading), steps=steps)
        outcome = await ActiveTask(bot).handle(turn)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(bot).handle(turn)
        self.state = self.state.apply(outcome.events if isinstance(outcome, Reply) else ())
        if isinstance(outcome, Abstain):
            return f"({outcome.reason})"
        self.reply = outcome
        return plain_text(outcome.blocks)


def _meaning(text: str, reading: Reading | None) -> Callable[[], Awaitable[Reading]]:
    async def read() -> Reading:
        return reading or parsed_payload(text) or Reading()

    return read


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    directory = tmp_path_factory.mktemp("shop")
    (directory / "domain.yml").write_text(SHOP, encoding="utf-8")
    return load_project(directory)


@pytest.fixture
def customer(shop: Project) -> Customer:
    return Customer(shop)


@pytest.fixture
def guest(shop: Project) -> Customer:
    return Customer(shop, "en")


async def test_the_bot_asks_in_the_words_of_the_project(customer: Customer) -> None:
    said = await customer.says("20240001 这件", BETWEEN)

    assert said == "请问您想办的是哪一件？\n[我要退货]\n[换货]\n[都不是]"
    assert customer.reply.detail == {"asks_which": ("give_back", "swap")}
    assert [one.id for one in customer.reply.candidates] == ["give_back", "swap"]


async def test_and_in_the_language_of_the_turn(guest: Customer) -> None:
    assert await guest.says("20240001", BETWEEN) == (
        "Which of these would you like?\n[I want to return something]\n[an exchange]\n[Neither]"
    )


@pytest.mark.parametrize("words", ["第二个", "2", "换货", "换货吧", "我要换货", "后者", "选第二个"])
async def test_an_answer_goes_on_with_what_the_first_message_said(
    customer: Customer, words: str
) -> None:
    await customer.says("20240001 这件", BETWEEN)

    assert await customer.says(words) == "Swap for what?"

    assert (customer.state.task, customer.state.slots) == ("swap", {"order_id": "20240001"})


@pytest.mark.parametrize("words", ["the first one", "1", "first", "return", "the return, please"])
async def test_english_answers(guest: Customer, words: str) -> None:
    await guest.says("20240001", BETWEEN)
    assert await guest.says(words) == "Why back?"


async def test_a_pressed_button_answers(customer: Customer) -> None:
    await customer.says("20240001 这件", BETWEEN)
    (row,) = (block for block in customer.reply.blocks if isinstance(block, Buttons))
    button = row.buttons[1]

    said = await customer.says(button.title, payload=Pressed(str(button.payload)))

    assert said == "Swap for what?"
    assert customer.state.slots == {"order_id": "20240001"}


async def test_other_words_answer_by_what_they_mean(customer: Customer) -> None:
    await customer.says("20240001 这件", BETWEEN)
    meant = reading_of(give_back=0.1, swap=0.4, hours=0.1, background=0.3)
    assert await customer.says("给我弄件大一号的", meant) == "Swap for what?"


@pytest.mark.parametrize("words", ["都不是", "不是", "算了", "neither", "none of these"])
async def test_neither_is_an_answer(customer: Customer, words: str) -> None:
    await customer.says("20240001 这件", BETWEEN)
    assert await customer.says(words) == "好的。请您换个说法，告诉我想办什么。"
    assert customer.state == DialogueState()


async def test_both_are_done_one_after_the_other(guest: Customer) -> None:
    await guest.says("20240001", BETWEEN)

    assert await guest.says("both") == "Why back?"
    said = await guest.says("too small")

    assert said == "Done with 20240001.\nNow to “an exchange”.\nSwap for what?"
    assert await guest.says("too small") == "Done with 20240001."
    assert guest.state.suspended == ()


async def test_the_bot_never_asks_twice_in_a_row(customer: Customer) -> None:
    await customer.says("20240001 这件", BETWEEN)
    assert await customer.says("嗯这个嘛", BETWEEN) == "(ambiguous)"
    assert (await customer.says("嗯这个嘛", BETWEEN)).startswith("请问您想办的是哪一件？")


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (reading_of(ORDER, give_back=0.8, swap=0.1), "Why back?"),
        (reading_of(ORDER, give_back=0.3, swap=0.28, background=0.4), "(below_threshold)"),
        (reading_of(hours=0.5, thanks=0.45), "(ambiguous)"),
    ],
)
async def test_it_does_not_ask_when_one_is_clear_none_likely_or_nothing_would_be_done(
    customer: Customer, reading: Reading, said: str
) -> None:
    assert await customer.says("x", reading) == said


async def test_the_likelier_of_two_questions_is_asked(customer: Customer) -> None:
    likely, unlikely = (Candidate("q1", "怎么退货", p, "dense") for p in (0.95, 0.3))
    for candidate, said in ((likely, "(ambiguous)"), (unlikely, "请问您想办的是哪一件？")):
        step = Step("kbqa", "ambiguous", 1.0, (candidate,))
        assert (await customer.says("x", BETWEEN, steps=(step,))).startswith(said)


async def test_in_the_middle_of_a_form_no_rule_starts_one_of_two_likely_tasks(
    guest: Customer,
) -> None:
    await guest.says("/give_back")
    unclear = reading_of(swap=0.5, hours=0.45)
    assert (await guest.says("what about the other thing", unclear)).startswith("Which of these")
    assert await guest.says("neither") == (
        "All right. Please tell me in other words what you would like.\nWhich order?"
    )
    assert (guest.state.task, guest.state.requested_slot) == ("give_back", "order_id")


async def test_the_value_asked_for_before_is_still_taken(guest: Customer) -> None:
    await guest.says("/give_back")
    await guest.says("what about the other thing", reading_of(swap=0.5, hours=0.45))
    assert await guest.says("20240001", reading_of(ORDER, background=0.9)) == "Why back?"


shares = st.lists(st.floats(0, 1), max_size=6).map(lambda found: sorted(found, reverse=True))


@given(shares, st.floats(0, 1))
def test_options_are_the_best_ones_and_likely_enough_together(
    found: list[float], together: float
) -> None:
    options = options_of(list(enumerate(found)), together)
    assert len(options) in (0, 2, 3)
    assert options == tuple(range(len(options)))
    if options:
        assert sum(found[: len(options)]) >= together


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("第一个", 0),
        ("就第一个吧", 0),
        ("The second one, please.", 1),
        ("option 2", 1),
        ("最后一个", 2),
        ("the last one", 2),
        ("第三个", 2),
        ("都不是", NEITHER),
        ("Neither of them", NEITHER),
        ("都要", ALL),
        ("both", ALL),
        ("第一次买", None),
        ("1 hour ago I bought it", None),
        ("20240001", None),
        ("", None),
    ],
)
def test_places_of_three(words: str, place: int | None) -> None:
    assert numbered(words, 3) == place


def test_a_place_that_was_not_offered_is_none() -> None:
    assert numbered("the third one", 2) is None


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("退货", 0),
        ("要退货的", 0),
        ("换货", 1),
        ("货", None),
        ("退货换货都行", None),
        ("发票", None),
    ],
)
def test_names_must_name_one(words: str, place: int | None) -> None:
    assert named_in(words, [("我要退货", "give back"), ("我要换货", "swap")]) == place


@pytest.mark.parametrize(
    "words", ["一" * 10_000, "第" * 39, "我选" * 19, "i want " * 5, "the " * 9]
)
def test_odd_answers_are_read_at_once(words: str) -> None:
    assert numbered(words, 2) is None


@given(st.lists(st.floats(0, 1), min_size=2, max_size=3), st.floats(0, 1))
def test_a_likeliest_task_has_most_of_what_is_likely(found: list[float], rest: float) -> None:
    at = likeliest(found, rest)
    assert at is None or found[at] == max(found) >= 0.75 * sum(found)
