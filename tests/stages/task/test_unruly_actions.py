"""Actions that raise, block, or return too much: the customer always gets a sentence."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cs_bot.events import HandoffOffered, TaskEnded
from cs_bot.stages.task.actions.outcome import LONGEST_TEXT, MOST_EVENTS, MOST_MESSAGES

from .talking import Talk, talk, write

DOMAIN = """
intents: [greet, raise, exit, block, odd, much, long, nothing]
slots:
  note: {type: text, mappings: [{type: custom}]}
  notes: {type: list, mappings: [{type: custom}]}
responses:
  utter_greet: [{text: "Hello! {note}"}]
actions: [action_raise, action_exit, action_block, action_odd, action_much, action_long,
  action_nothing]
nlu:
- {intent: greet, examples: "- hello"}
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
"""
RULE = """- rule: {name}
  steps: [{{intent: {name}}}, {{action: action_{name}}}]
"""
NAMES = ("raise", "exit", "block", "odd", "much", "long", "nothing")
ACTIONS = """
import sys
import threading

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

released = threading.Event()


def action(called, work):
    class Made(Action):
        def name(self):
            return called

        def run(self, dispatcher, tracker, domain):
            return work(dispatcher)

    Made.__module__ = __name__
    return Made


def odd(dispatcher):
    dispatcher.utter_message(text="Odd.")
    return [{"event": "flown"}, {"event": ["x"]}, {}, "slot", 7, None, SlotSet("gone", 1)]


def much(dispatcher):
    for _ in range(1000):
        dispatcher.utter_message(text="x" * 1_000_000)
    return [SlotSet("notes", ["y" * 1_000_000])] * 10_000


Raise = action("action_raise", lambda _: 1 / 0)
Exit = action("action_exit", lambda _: sys.exit(1))
Block = action("action_block", lambda _: released.wait(20) and [])
Odd = action("action_odd", odd)
Much = action("action_much", much)
Long = action("action_long", lambda _: [SlotSet("note", "z" * 10_000)])
Nothing = action("action_nothing", lambda _: object())
"""


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Talk]:
    domain = DOMAIN + "".join(RULE.format(name=name) for name in NAMES)
    project = write(tmp_path / "bot", domain, ACTIONS)
    async with talk(project, tmp_path, action_seconds=0.5) as opened:
        yield opened
        import actions  # type: ignore[import-not-found]  # the bot's own module, loaded by now

        actions.released.set()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/raise", "Sorry, the system is not answering right now."),
        ("/exit", "Sorry, the system is not answering right now."),
        ("/block", "Sorry, the system did not answer in time."),
    ],
)
async def test_a_failure_is_told_and_a_human_offered(one: Talk, said: str, words: str) -> None:
    assert (await one.says(said)).startswith(words)
    events = one.trace.reply.events
    assert any(isinstance(event, HandoffOffered) for event in events)
    assert TaskEnded(said[1:], "failed") in events
    assert await one.says("/greet") == "Hello!"


async def test_nonsense_is_left_out_and_the_rest_said(one: Talk) -> None:
    assert await one.says("/odd") == "Odd."
    assert one.trace.reply.detail["ignored"] == ("flown", "['x']")
    assert (await one.state()).slots == {}


async def test_a_megabyte_is_cut(one: Talk) -> None:
    said = await one.says("/much")
    assert len(said) <= MOST_MESSAGES * (LONGEST_TEXT + 1)
    assert (await one.state()).slots == {}
    (turn,) = await one.conversations.turns(one.customer.turns[-1].conversation_id)
    written = json.dumps([str(event) for event in turn.record.trace.reply.events])
    assert len(written) < MOST_EVENTS * 100


async def test_a_slot_of_10_000_characters_is_cut_and_the_conversation_goes_on(one: Talk) -> None:
    await one.says("/long")
    assert len((await one.state()).slots["note"]) == LONGEST_TEXT
    assert await one.says("/greet") == "Hello! " + "z" * LONGEST_TEXT


async def test_an_action_may_return_anything_at_all(one: Talk) -> None:
    assert await one.says("/nothing")
    assert await one.says("/greet") == "Hello!"
