"""What events of rasa-sdk do to a conversation, from an action's code to the next answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .talking import Talk, talk, write

DOMAIN = """
intents: [greet, faq, order, inform, mute, odd, chain, twice, reset, quiet, empty]
entities: [size, name]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
  name: {type: text, mappings: [{type: from_entity, entity: name}]}
  tone: {type: text, initial_value: plain, mappings: [{type: custom}]}
forms:
  order_form: {required_slots: [size, name]}
responses:
  utter_greet: [{text: "Hello {name}, {tone}."}]
  utter_ask_size: [{text: Which size?}]
  utter_ask_name: [{text: Which name?}]
  utter_ordered: [{text: "{size} for {name}."}]
actions: [action_faq, action_mute, action_odd, action_chain, action_unsay, action_reset,
  action_hush, action_empty]
nlu:
- {intent: greet, examples: "- hello"}
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: faq
  steps: [{intent: faq}, {action: action_faq}]
- rule: order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
- rule: mute
  steps: [{intent: mute}, {action: action_mute}]
- rule: odd
  steps: [{intent: odd}, {action: action_odd}]
- rule: chain
  steps: [{intent: chain}, {action: action_chain}]
- rule: unsay
  steps: [{intent: twice}, {action: action_unsay}]
- rule: reset
  steps: [{intent: reset}, {action: action_reset}]
- rule: empty
  steps: [{intent: empty}, {action: action_empty}, {action: utter_greet}]
- rule: hush
  steps: [{intent: quiet}, {action: action_hush}, {action: utter_greet}]
"""
ACTIONS = """
from rasa_sdk import Action
from rasa_sdk import events as e


def action(called, *events, says=None):
    class Made(Action):
        def name(self):
            return called

        def run(self, dispatcher, tracker, domain):
            if says:
                dispatcher.utter_message(text=says)
            return list(events)

    Made.__module__ = __name__
    return Made


Faq = action("action_faq", e.SlotSet("tone", "lost"), e.UserUtteranceReverted(), says="9 to 5.")
Mute = action("action_mute", e.ConversationPaused(), says="I will be quiet.")
Odd = action(
    "action_odd", e.AgentUttered("Ann here"), {"event": "flown"}, e.LoopInterrupted(False),
    says="Odd.",
)
Chain = action(
    "action_chain",
    e.ActionExecuted("action_listen"),
    e.UserUttered("hello", {"intent": {"name": "greet"}, "entities": []}),
    says="You mean hello.",
)
Unsay = action("action_unsay", e.SlotSet("tone", "gone"), e.ActionReverted(), says="Not so.")
Reset = action("action_reset", e.AllSlotsReset(), e.SlotSet("name", "Bo"), says="Reset.")
Empty = action("action_empty", e.SlotSet("tone", None))
Hush = action("action_hush", e.FollowupAction("action_listen"), says="Ssh.")
"""


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk(write(tmp_path / "bot", DOMAIN, ACTIONS), tmp_path) as opened:
        yield opened


async def test_a_message_that_is_taken_back_leaves_no_trace_in_the_dialogue(one: Talk) -> None:
    assert await one.says("/faq") == "9 to 5."
    assert (await one.state()).slots == {}
    assert await one.says("/greet") == "Hello , plain."


async def test_a_form_goes_on_where_it_was_after_a_message_that_is_taken_back(one: Talk) -> None:
    await one.says("/order")
    assert await one.says("/faq") == "9 to 5."
    state = await one.state()
    assert (state.task, state.requested_slot) == ("order", "size")
    assert await one.says('/inform{"size": "L"}') == "Which name?"


async def test_back_takes_back_the_last_answer_and_asks_again(one: Talk) -> None:
    await one.says("/order")
    await one.says('/inform{"size": "L"}')
    assert await one.says("/back") == "All right, one step back.\nWhich size?"
    assert (await one.state()).slots == {}
    assert await one.says('/inform{"size": "S"}') == "Which name?"
    assert await one.says('/inform{"name": "Ann"}') == "S for Ann."


async def test_back_to_before_a_task_ends_it(one: Talk) -> None:
    await one.says("/order")
    assert await one.says("/back") == "All right, one step back."
    state = await one.state()
    assert (state.task, state.requested_slot) == (None, None)


async def test_back_at_the_very_beginning_goes_nowhere(one: Talk) -> None:
    assert await one.says("/back") == "All right, one step back."
    assert await one.says("/greet") == "Hello , plain."


async def test_an_action_that_is_taken_back_sets_nothing(one: Talk) -> None:
    assert (await one.says("/twice")).startswith("Not so.")
    assert (await one.state()).slots == {}


async def test_a_paused_conversation_is_silent_until_it_is_restarted(one: Talk) -> None:
    assert await one.says("/mute") == "I will be quiet."
    assert await one.says("/greet") == ""
    assert one.trace.reply.detail == {"paused": True}
    assert await one.says("anything at all") == ""
    await one.says("/restart")
    assert await one.says("/greet") == "Hello , plain."


async def test_a_pause_ends_with_the_session(one: Talk) -> None:
    await one.says("/mute")
    one.clock.forward(hours=2)
    assert await one.says("/greet") == "Hello , plain."


async def test_what_changes_nothing_is_named_in_the_trace(one: Talk) -> None:
    assert await one.says("/odd") == "Odd."
    assert one.trace.reply.detail["ignored"] == ("agent", "flown")


async def test_words_that_an_action_lays_into_the_customers_mouth_are_answered(one: Talk) -> None:
    assert await one.says("/chain") == "You mean hello.\nHello , plain."


async def test_slots_that_are_reset_have_their_initial_values(one: Talk) -> None:
    await one.says('/greet{"name": "Ann"}')
    await one.says("/reset")
    assert await one.says("/greet") == "Hello Bo, plain."


async def test_a_slot_that_is_emptied_has_no_initial_value_any_more(one: Talk) -> None:
    assert await one.says("/greet") == "Hello , plain."
    assert await one.says("/empty") == "Hello , ."
    assert await one.says("/reset") == "Reset."
    assert await one.says("/greet") == "Hello Bo, plain."


async def test_who_wants_to_listen_does_nothing_more(one: Talk) -> None:
    assert await one.says("/quiet") == "Ssh."
