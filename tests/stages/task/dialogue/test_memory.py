"""What remembered stories decide."""

from __future__ import annotations

from cs_bot.stages.task.story import Filled, Named, Spoke, Step
from tests.stages.task.dialogue.written import policies, talked

STORIES = """
stories:
- story: sad
  steps:
  - intent: greet
  - action: utter_greet
  - intent: sad
  - action: utter_cheer
  - action: utter_helped
  - intent: deny
  - action: utter_sorry
- story: after help
  steps: [{action: utter_help}, {intent: affirm}, {action: utter_ok}]
- story: help
  steps: [{intent: help}, {action: utter_help}]
"""


def test_a_story_is_followed_to_its_end() -> None:
    bot = policies(STORIES)
    assert talked(bot, "greet", "sad", "deny")[1] == [
        *("utter_greet", "action_listen"),
        *("utter_cheer", "utter_helped", "action_listen"),
        *("utter_sorry", "action_listen"),
    ]


def test_what_came_before_a_story_is_forgotten() -> None:
    bot = policies(STORIES, {"slots": {"name": {"type": "text"}}})
    before: list[Step | str] = [Filled("name", "Ann"), "help", "help"]
    assert talked(bot, *before, "greet", "sad")[1][-5:-1] == [
        *("utter_greet", "action_listen"),
        *("utter_cheer", "utter_helped"),
    ]


def test_a_story_may_begin_with_what_the_bot_did() -> None:
    decision_after_help = talked(policies(STORIES), "help", "affirm")[1]
    assert decision_after_help[-2:] == ["utter_ok", "action_listen"]


def test_where_stories_disagree_none_is_remembered() -> None:
    text = """
stories:
- story: one
  steps: [{intent: hi}, {action: utter_one}]
- story: two
  steps: [{intent: hi}, {action: utter_two}]
"""
    bot = policies(text)
    dialogue, _ = talked(bot)
    assert bot.memory.decide(dialogue.after(Spoke("hi"), bot.features)) is None


def test_an_entity_that_no_story_names_changes_nothing() -> None:
    bot = policies(STORIES, {"entities": ["name"]})
    dialogue, _ = talked(bot, Spoke("greet", (Named("name", "Ann"),)))
    decision = bot.decide(dialogue.after(Spoke("sad"), bot.features))
    assert (decision.action, decision.policy) == ("utter_cheer", "stories")


def test_values_count_where_stories_differ_by_them() -> None:
    text = """
stories:
- story: known
  steps: [{slot_was_set: [{vip: true}]}, {intent: hi}, {action: utter_welcome}]
- story: unknown
  steps: [{slot_was_set: [{vip: false}]}, {intent: hi}, {action: utter_who}]
"""
    bot = policies(text, {"slots": {"vip": {"type": "bool"}}})
    assert talked(bot, Filled("vip", True), "hi")[1][0] == "utter_welcome"
    assert talked(bot, Filled("vip", False), "hi")[1][0] == "utter_who"


def test_an_entity_of_a_story_fills_the_slots_that_it_fills_in_every_message() -> None:
    text = """
stories:
- story: named
  steps: [{intent: hi, entities: [{name: Ann}]}, {action: utter_hello}]
- story: nameless
  steps: [{intent: hi}, {action: utter_who}]
"""
    filled = {"type": "from_entity", "entity": "name"}
    slots = {"name": {"type": "text", "mappings": [filled]}}
    bot = policies(text, {"entities": ["name"], "slots": slots})
    assert talked(bot, "hi")[1][0] == "utter_who"
    assert talked(bot, Filled("name", "Bo"), Spoke("hi", (Named("name", "Bo"),)))[1][0] == (
        "utter_hello"
    )
