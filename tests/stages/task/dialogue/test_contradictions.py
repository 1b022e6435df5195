"""Rules and stories that disagree are found before training, with both places."""

from __future__ import annotations

from cs_bot.stages.task.dialogue.contradictions import contradictions
from cs_bot.stages.task.dialogue.features import Features
from tests.stages.task.dialogue.test_rules import FORM
from tests.stages.task.dialogue.written import unfolded


def found(text: str) -> list[str]:
    return [str(one) for one in contradictions(unfolded(text), Features())]


def test_two_rules_that_disagree() -> None:
    (told,) = found("""
rules:
- rule: one
  steps: [{intent: hi}, {action: utter_hi}]
- rule: two
  steps: [{intent: hi}, {action: utter_hello}]
""")
    assert told == (
        "data/stories.yml:5: the rule 'two' goes on with 'utter_hello' where the rule 'one' "
        "(data/stories.yml:3) goes on with 'utter_hi'"
    )


def test_a_story_that_breaks_a_rule() -> None:
    (told,) = found("""
rules:
- rule: always
  steps: [{intent: hi}, {action: utter_hi}]
stories:
- story: but not here
  steps: [{intent: bye}, {action: utter_bye}, {intent: hi}, {action: utter_again}]
""")
    assert "the story 'but not here' goes on with 'utter_again'" in told
    assert "the rule 'always' (data/stories.yml:3) goes on with 'utter_hi'" in told


def test_two_stories_that_disagree() -> None:
    (told,) = found("""
stories:
- story: one
  steps: [{intent: hi}, {action: utter_one}]
- story: two
  steps: [{intent: hi}, {action: utter_two}]
""")
    assert "the story 'two' goes on with 'utter_two' where the story 'one'" in told


def test_what_leads_out_of_a_form_contradicts_nothing() -> None:
    assert not found(
        FORM
        + """
stories:
- story: stop
  steps:
  - intent: book
  - action: table_form
  - active_loop: table_form
  - intent: chitchat
  - action: utter_chitchat
  - action: table_form
  - intent: stop
  - action: utter_sure
  - intent: affirm
  - action: action_deactivate_loop
  - active_loop: null
"""
    )
