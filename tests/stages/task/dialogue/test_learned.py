"""What is learned from stories where none of them is told exactly."""

from __future__ import annotations

from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.story import Spoke
from tests.stages.task.dialogue.test_memory import STORIES
from tests.stages.task.dialogue.written import policies, talked


def test_what_a_story_does_later_is_done_where_no_story_begins() -> None:
    bot = policies(STORIES)
    dialogue, _ = talked(bot)
    decision = bot.decide(dialogue.after(Spoke("sad"), bot.features))
    assert (decision.action, decision.policy) == ("utter_cheer", "learned")


def test_an_unknown_situation_is_a_fallback() -> None:
    bot = policies(STORIES)
    unsure = Policies(bot.features, bot.rules, bot.memory, bot.learned, least_sure=1.0)
    dialogue, _ = talked(unsure)
    decision = unsure.decide(dialogue.after(Spoke("never_heard"), bot.features))
    assert (decision.action, decision.policy) == ("action_default_fallback", "fallback")


def test_a_project_of_one_action_learns_nothing_and_listens_afterwards() -> None:
    bot = policies("stories: []")
    assert bot.learned is None
    assert talked(bot, "hi")[1] == ["action_default_fallback", "action_listen"]
