"""What remembered stories decide."""

from __future__ import annotations

from cs_bot.stages.task.story import Filled, Spoke, Step
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
