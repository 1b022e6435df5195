"""What rules decide, in and out of forms."""

from __future__ import annotations

from cs_bot.stages.task.story import Acted, Filled, Looped, Spoke
from tests.stages.task.dialogue.written import policies, refused, talked

FORM = """
rules:
- rule: begin
  steps: [{intent: book}, {action: table_form}, {active_loop: table_form}]
- rule: submit
  condition: [{active_loop: table_form}]
  steps:
  - action: table_form
  - active_loop: null
  - action: utter_booked
- rule: chitchat
  steps: [{intent: chitchat}, {action: utter_chitchat}]
"""


def test_a_rule_holds_wherever_it_fits() -> None:
    bot = policies(FORM)
    assert talked(bot, "chitchat", "chitchat")[1] == ["utter_chitchat", "action_listen"] * 2


def test_an_active_form_takes_each_message_and_then_listens() -> None:
    bot = policies(FORM)
    assert talked(bot, "book", "inform", "inform")[1] == ["table_form", "action_listen"] * 3


def test_what_the_form_cannot_use_is_answered_and_the_form_asks_again() -> None:
    bot = policies(FORM)
    dialogue, _ = talked(bot, "book")
    dialogue = refused(bot, dialogue.after(Spoke("chitchat"), bot.features))

    answer = bot.decide(dialogue)
    dialogue = dialogue.after(Acted(answer.action), bot.features)
    again = bot.decide(dialogue)

    assert answer.action == "utter_chitchat"
    assert (again.action, again.asks_anew) == ("table_form", True)


def test_a_filled_form_is_submitted_however_often_it_asked() -> None:
    bot = policies(FORM)
    for turns in (["book"], ["book", "inform"], ["book", "inform", "inform", "inform"]):
        dialogue, _ = talked(bot, *turns)
        over = dialogue.after(Spoke("inform"), bot.features)
        over = over.after(Acted("table_form"), bot.features).after(Looped(None), bot.features)
        assert bot.decide(over).action == "utter_booked"


def test_a_rule_that_writes_out_that_it_listens_says_nothing_of_the_next_message() -> None:
    bot = policies("""
rules:
- rule: thanks
  steps: [{intent: thanks}, {action: utter_welcome}, {action: action_listen}]
- rule: chitchat
  steps: [{intent: chitchat}, {action: utter_chitchat}]
""")
    assert talked(bot, "thanks", "chitchat")[1] == [
        *("utter_welcome", "action_listen"),
        *("utter_chitchat", "action_listen"),
    ]


def test_a_rule_may_not_wait() -> None:
    bot = policies("""
rules:
- rule: faq
  wait_for_user_input: false
  steps: [{intent: faq}, {action: utter_faq}]
- rule: did it help
  steps: [{action: utter_faq}, {action: utter_helped}]
""")
    assert talked(bot, "faq")[1] == ["utter_faq", "utter_helped", "action_listen"]


def test_a_rule_for_the_start_holds_at_the_start_only() -> None:
    bot = policies("""
rules:
- rule: welcome
  conversation_start: true
  steps: [{intent: greet}, {action: utter_welcome}]
- rule: greet
  steps: [{intent: greet}, {action: utter_hello}]
""")
    assert talked(bot, "greet", "greet")[1] == [
        *("utter_welcome", "action_listen"),
        *("utter_hello", "action_listen"),
    ]


def test_conditions_look_at_slots_and_loops() -> None:
    bot = policies(
        """
rules:
- rule: for good customers
  condition: [{slot_was_set: [{vip: true}]}]
  steps: [{intent: help}, {action: utter_vip}]
- rule: for others
  condition: [{slot_was_set: [{vip: null}]}]
  steps: [{intent: help}, {action: utter_help}]
""",
        {"slots": {"vip": {"type": "bool"}}},
    )
    assert talked(bot, "help")[1][0] == "utter_help"
    assert talked(bot, Filled("vip", True), "help")[1][0] == "utter_vip"


def test_restart_and_back_need_no_rule() -> None:
    bot = policies(FORM)
    assert talked(bot, "book", "restart")[1][-2:] == ["action_restart", "action_listen"]


def test_the_way_out_of_a_form_goes_back_as_the_rule_says() -> None:
    bot = policies(
        """
rules:
- rule: explain
  condition:
  - active_loop: q_form
  - slot_was_set: [{requested_slot: size}]
  steps:
  - intent: explain
  - action: utter_explain
  - action: q_form
  - active_loop: q_form
"""
    )
    dialogue, _ = talked(bot, Looped("q_form"), Filled("requested_slot", "size"))
    dialogue = refused(bot, dialogue.after(Spoke("explain"), bot.features))
    assert bot.decide(dialogue).action == "utter_explain"
    dialogue = dialogue.after(Acted("utter_explain"), bot.features)
    assert bot.decide(dialogue).action == "q_form"
