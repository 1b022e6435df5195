"""Messages that are too unsure, as Rasa's fallbacks treat them: one stage, two stages, in core."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cs_bot.blocks import Buttons, Text, plain_text
from cs_bot.stages.task.project import Thresholds
from cs_bot.stages.task.unsure import is_unsure
from cs_bot.types import Abstain, Intent, Picked, Pressed, Reading, Reply, Triggered, Turn

from .talking import Talk, talk, write

DOMAIN = """
intents: [greet, hours, order, inform, affirm]
entities: [size]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
forms:
  order_form: {required_slots: [size]}
responses:
  utter_greet: [{text: Hello!}]
  utter_hours: [{text: 9 to 5.}]
  utter_ask_size: [{text: Which size?}]
  utter_ordered: [{text: "{size} it is."}]
  utter_default: [{text: I give up.}]
actions: [ACTIONS]
nlu:
- {intent: greet, examples: "- hello"}
- {intent: hours, examples: "- 几点开门\\n- when do you open"}
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: hours
  steps: [{intent: hours}, {action: utter_hours}]
- rule: order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
"""
ONE_STAGE = """
- rule: unsure
  steps: [{intent: nlu_fallback}, {action: utter_default}]
"""
TWO_STAGES = """
- rule: unsure
  steps:
  - intent: nlu_fallback
  - action: action_two_stage_fallback
  - active_loop: action_two_stage_fallback
"""
CONFIG = """
language: en
pipeline:
- name: FallbackClassifier
  threshold: 0.6
  ambiguity_threshold: 0.2
policies:
- name: RulePolicy
"""
MEANINGS = {
    "hi": {"greet": 0.9},
    "open?": {"hours": 0.5, "order": 0.3},
    "huh": {"greet": 0.3, "hours": 0.1},
    "either": {"hours": 0.55, "greet": 0.45},
    "when do you open": {"hours": 0.95},
    "buy": {"order": 0.9},
    "yes of course": {"affirm": 0.9},
}
AFFIRM = 'Did you mean "when do you open"?'


def project(tmp_path: Path, rule: str, *, config: str = CONFIG, actions: str = "") -> Path:
    declared = (
        "action_default_ask_affirmation, action_default_ask_rephrase" if actions else "action_x"
    )
    bot = write(tmp_path / "bot", DOMAIN.replace("ACTIONS", declared) + rule, actions)
    if config:
        (bot / "config.yml").write_text(config)
    return bot


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk(project(tmp_path, ONE_STAGE), tmp_path, meanings=MEANINGS) as opened:
        yield opened


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk(project(tmp_path, TWO_STAGES), tmp_path, meanings=MEANINGS) as opened:
        yield opened


def reading(*shares: float, background: float = 0.0) -> Reading:
    return Reading(tuple(Intent(f"i{n}", s) for n, s in enumerate(shares)), (), background)


@pytest.mark.parametrize(
    ("read", "unsure"),
    [
        (reading(0.5, 0.2, 0.2, 0.1), False),  # as a network has it, 0.62
        (reading(0.45, 0.25, 0.2, 0.1), True),
        (reading(0.55, 0.45), True),  # sure enough, but the next one is as likely
        (reading(0.9, 0.1), False),
        (reading(0.39, 0.05, 0.05, 0.05), True),  # sharp, but rather wrong than right
        (reading(0.45, background=0.55), True),
        (reading(1.0), False),
    ],
)
def test_a_message_is_unsure_by_its_best_intent_and_the_next_one(
    read: Reading, unsure: bool
) -> None:
    assert is_unsure(read, Thresholds(0.6, 0.2)) is unsure


async def test_the_projects_rule_takes_what_is_unsure(one: Talk) -> None:
    assert await one.says("hi") == "Hello!"
    assert await one.says("open?") == "I give up."
    assert await one.says("either") == "I give up."
    assert one.trace.reply.ref == "nlu_fallback"
    assert await one.says("when do you open") == "9 to 5."


async def test_a_form_asks_again_after_what_is_unsure(one: Talk) -> None:
    await one.says("buy")
    assert await one.says("open?") == "I give up.\nWhich size?"
    assert await one.says('/inform{"size": "L"}') == "L it is."


async def test_without_such_a_rule_the_other_stages_are_asked(tmp_path: Path) -> None:
    bot = project(tmp_path, "", config=CONFIG.replace("RulePolicy", "MemoizationPolicy"))
    async with talk(bot, tmp_path, meanings=MEANINGS) as opened:
        assert await opened.says("huh") == "(nobody answers)"
        assert await opened.says("open?") == "9 to 5."  # the threshold is [stages.task]'s


class Faq:
    """A knowledge base that answers one question, and has a list for another."""

    name = "kbqa"

    async def handle(self, turn: Turn) -> Reply | Abstain:
        if turn.message.text == "open?":
            return Reply((Text("See our page."),))
        return Abstain("ambiguous" if turn.message.text == "huh" else "miss")


async def test_the_knowledge_base_is_asked_before_the_rule(tmp_path: Path) -> None:
    bot = project(tmp_path, ONE_STAGE)
    async with talk(bot, tmp_path, meanings=MEANINGS, others=[Faq()]) as opened:
        assert await opened.says("open?") == "See our page."
        assert await opened.says("either") == "I give up."
        assert await opened.says("huh") == "(nobody answers)"  # here `suggest` shows its list


async def test_a_yes_stands_for_the_likely_intent(two: Talk) -> None:
    assert await two.says("open?") == f"{AFFIRM}\n[Yes]\n[No]"
    assert await two.says("yes") == "9 to 5."
    state = await two.state()
    assert (state.task, state.requested_slot) == (None, None)
    assert await two.says("hi") == "Hello!"


async def test_the_buttons_say_the_intent_or_that_it_is_none(two: Talk) -> None:
    await two.says("open?")
    (buttons,) = (b for b in two.trace.reply.blocks if isinstance(b, Buttons))
    assert [button.payload for button in buttons.buttons] == ["/hours", "/out_of_scope"]
    record = await two.customer.say("Yes", Pressed("/hours"))
    assert record.trace.reply.blocks == (Text("9 to 5."),)


async def test_a_no_asks_for_other_words_which_are_taken(two: Talk) -> None:
    await two.says("open?")
    assert await two.says("no") == "Sorry, I did not get that. Could you put it another way?"
    assert await two.says("hi") == "Hello!"


async def test_a_second_no_gives_up(two: Talk) -> None:
    await two.says("open?")
    await two.says("/out_of_scope")
    assert (await two.says("open?")).startswith(AFFIRM)
    assert await two.says("no") == "I give up."
    assert (await two.state()).requested_slot is None
    assert (await two.says("open?")).startswith(AFFIRM)


async def test_two_unclear_messages_in_a_row_give_up(two: Talk) -> None:
    await two.says("open?")
    assert await two.says("huh") == "I give up."
    assert await two.says("hi") == "Hello!"


async def test_a_clear_message_needs_no_yes(two: Talk) -> None:
    await two.says("open?")
    assert await two.says("hi") == "Hello!"


async def test_a_form_goes_on_after_both_stages(two: Talk) -> None:
    await two.says("buy")
    assert (await two.says("open?")).startswith(AFFIRM)
    assert await two.says("yes") == "9 to 5.\nWhich size?"
    await two.says("open?")
    assert await two.says("huh") == "I give up.\nWhich size?"
    assert await two.says('/inform{"size": "L"}') == "L it is."


async def test_the_question_is_in_the_customers_language(tmp_path: Path) -> None:
    meanings = {"几点": {"hours": 0.5}, "是的": {}}
    bot = project(tmp_path, TWO_STAGES)
    async with talk(bot, tmp_path, meanings=meanings, locale="zh") as opened:
        assert await opened.says("几点") == "您是想说“几点开门”吗？\n[是的]\n[不是]"
        assert await opened.says("是的") == "9 to 5."


async def test_a_list_line_has_nothing_to_do_with_the_question(two: Talk) -> None:
    await two.says("open?")
    record = await two.customer.say("", Picked(None))
    assert record.trace.answered_by == "fallback"


async def test_the_question_is_asked_again_after_a_reminder(two: Talk) -> None:
    await two.says("open?")
    record = await two.customer.say("/greet", Triggered("greet"))
    assert plain_text(record.trace.reply.blocks) == f"Hello!\n{AFFIRM}\n[Yes]\n[No]"
    assert await two.says("yes") == "9 to 5."


OWN = """
from rasa_sdk import Action


class Affirm(Action):
    def name(self):
        return "action_default_ask_affirmation"

    def run(self, dispatcher, tracker, domain):
        ranking = tracker.latest_message["intent_ranking"]
        dispatcher.utter_message(text=f"{ranking[0]['name']}: is it {ranking[1]['name']}?")
        return []


class Rephrase(Action):
    def name(self):
        return "action_default_ask_rephrase"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="In other words?")
        return []
"""


async def test_both_questions_may_be_the_projects_own(tmp_path: Path) -> None:
    bot = project(tmp_path, TWO_STAGES, actions=OWN)
    async with talk(bot, tmp_path, meanings=MEANINGS) as opened:
        assert await opened.says("open?") == "nlu_fallback: is it hours?"
        assert await opened.says("no") == "In other words?"
        assert await opened.says("when do you open") == "9 to 5."


async def test_what_is_clear_and_nothing_follows_falls_back_in_core(one: Talk) -> None:
    assert await one.says("yes of course") == "I give up."
    assert one.trace.reply.ref == "action_default_fallback"
    assert (await one.state()).moves == ()


@pytest.mark.parametrize(
    "config",
    [
        CONFIG.replace("RulePolicy", "RulePolicy\n  enable_fallback_prediction: false"),
        CONFIG.replace("RulePolicy", "RulePolicy\n  core_fallback_action_name: action_gone"),
    ],
)
async def test_no_core_fallback_where_it_is_off_or_has_no_words(
    tmp_path: Path, config: str
) -> None:
    bot = project(tmp_path, ONE_STAGE, config=config)
    async with talk(bot, tmp_path, meanings=MEANINGS) as opened:
        assert await opened.says("yes of course") == "(nobody answers)"


async def test_the_core_fallback_may_be_another_response(tmp_path: Path) -> None:
    config = CONFIG.replace("RulePolicy", "RulePolicy\n  core_fallback_action_name: utter_greet")
    async with talk(project(tmp_path, "", config=config), tmp_path, meanings=MEANINGS) as opened:
        assert await opened.says("yes of course") == "Hello!"
