"""Reading stories and rules as Rasa writes them."""

from __future__ import annotations

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.story import Acted, Checkpoint, Either, Filled, Looped, Named, Spoke
from tests.stages.task.dialogue.written import stories, unfolded


def bare(step: object) -> object:
    """Return a step without its place."""
    return type(step)(**{n: getattr(step, n) for n in step.__slots__ if n != "where"})  # type: ignore[attr-defined]


def test_every_kind_of_step_is_read() -> None:
    (story,) = stories("""
stories:
- story: buy a ticket
  steps:
  - intent: buy
    entities:
    - city: Rome
      role: to
    - date
  - action: ticket_form
  - active_loop: ticket_form
  - slot_was_set:
    - seat: window
    - paid
    - card: null
  - active_loop: null
  - bot: Have a good trip!
""")
    assert [bare(step) for step in story.steps] == [
        Spoke("buy", (Named("city", "Rome", "to"), Named("date", "filled"))),
        Acted("ticket_form"),
        Looped("ticket_form"),
        Filled("seat", "window"),
        Filled("paid", "filled"),
        Filled("card", None),
        Looped(None),
        Acted(None, "Have a good trip!"),
    ]
    assert story.where == "data/stories.yml:3"
    assert not story.is_rule


def test_a_rule_has_conditions_and_says_whether_it_waits() -> None:
    (rule,) = stories("""
rules:
- rule: greet once
  conversation_start: true
  wait_for_user_input: false
  condition:
  - active_loop: null
  - slot_was_set:
    - vip: true
  steps:
  - intent: greet
  - action: utter_greet
""")
    assert (rule.is_rule, rule.at_start, rule.waits) == (True, True, False)
    assert [bare(step) for step in rule.condition] == [Looped(None), Filled("vip", True)]


def test_alternatives_and_checkpoints_are_kept_and_then_unfolded() -> None:
    text = """
stories:
- story: yes or thanks
  steps:
  - or:
    - intent: affirm
    - intent: thank
  - checkpoint: done
- story: after it
  steps:
  - checkpoint: done
    slot_was_set:
    - mood: good
  - action: utter_bye
"""
    first, second = stories(text)
    assert isinstance(first.steps[0], Either)
    assert isinstance(second.steps[0], Checkpoint)
    assert [[bare(step) for step in path.steps] for path in unfolded(text)] == [
        [Spoke("affirm"), Filled("mood", "good"), Acted("utter_bye")],
        [Spoke("thank"), Filled("mood", "good"), Acted("utter_bye")],
    ]


def test_checkpoints_that_go_in_circles_end() -> None:
    made = unfolded("""
stories:
- story: begin
  steps: [{intent: hi}, {checkpoint: again}]
- story: once more
  steps: [{checkpoint: again}, {action: utter_more}, {checkpoint: again}]
""")
    assert len(made) == 1
    assert len(made[0].steps) == 9


def test_a_checkpoint_that_no_story_leads_to_may_follow_anything() -> None:
    (path,) = unfolded("""
stories:
- story: lost
  steps: [{checkpoint: nowhere}, {intent: hi}, {action: utter_hi}]
""")
    assert path.loose_start
    assert len(path.steps) == 2


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("{intnt: hi}", "a step of intnt is none"),
        ("{}", "a step of nothing is none"),
        ("{intent: hi, entities: [{role: to}]}", "an entity needs one name"),
        ("{slot_was_set: [{a: 1}], intent: [1]}", "text was expected"),
    ],
)
def test_a_broken_step_is_named_with_its_place(step: str, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        stories(f"stories:\n- story: s\n  steps:\n  - {step}\n")
    assert what in str(caught.value)
    assert "data/stories.yml:4" in str(caught.value)


def test_a_story_without_steps_is_named() -> None:
    with pytest.raises(BadInput, match="a story needs `story` and `steps`"):
        stories("stories:\n- story: s\n")
    with pytest.raises(BadInput, match="write true or false"):
        stories("rules:\n- rule: r\n  steps: []\n  wait_for_user_input: maybe\n")
    with pytest.raises(BadInput, match="a condition is none"):
        stories("rules:\n- rule: r\n  steps: []\n  condition: [{intent: a}]\n")
