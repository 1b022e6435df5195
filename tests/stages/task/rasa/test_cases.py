"""End-to-end test cases as Rasa writes them: what is read, and where what is wrong stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.case import ANYTHING, Acting, Case, Filling, Uttering
from cs_bot.stages.task.rasa.cases import Shared, read_cases, refuse_unknown_names
from cs_bot.stages.task.rasa.nodes import parse_yaml

BOOKING = """
fixtures:
- premium:
    - tier: gold
    - seats: 2
- late:
    mocked_datetime: "2026-03-01T23:00:00+00:00"
metadata:
- by_phone: {device: phone, locale: en}
- by_desk: {device: desk}
stub_custom_actions:
  action_book:
    events: [{event: slot, name: ticket, value: T1}]
    responses: [{text: Booked.}]
  a table for two::action_book:
    responses: [{response: utter_booked}]
test_cases:
- test_case: a table for two
  fixtures: [premium, late]
  metadata: by_phone
  steps:
  - user: |
      A table for two, please
    metadata: by_desk
  - slot_was_set:
    - guests: 2
    - day
  - slot_was_not_set: ticket
  - utter: utter_ask_time
  - bot: At what time?
- test_case: booked
  steps:
  - user: book it
    assertion_order_enabled: true
    assertions:
    - slot_was_set:
      - name: ticket
        value: T1
      - name: day
    - slot_was_not_set: [{name: guests, value: 3}]
    - action_executed: action_book
    - bot_uttered:
        utter_name: utter_booked
        text_matches: "Ticket T\\\\d"
        buttons: [{title: Thanks, payload: /thank}, {title: Bye}]
    - bot_did_not_utter: {text_matches: sorry}
"""


def read(text: str) -> list[Case]:
    return list(read_cases(parse_yaml(text, "e2e.yml"), Shared()))


def test_steps_are_expected_after_the_message_before_them() -> None:
    case = read(BOOKING)[0]
    (turn,) = case.turns

    assert (case.name, case.where) == ("a table for two", "e2e.yml:18:3")
    assert turn.text == "A table for two, please"
    assert [type(step) for step in turn.steps] == [Filling] * 3 + [Uttering] * 2
    assert turn.steps[0] == Filling("e2e.yml:26:7", "guests", 2)
    assert turn.steps[1] == Filling("e2e.yml:27:7", "day", ANYTHING)
    assert turn.steps[2] == Filling("e2e.yml:28:5", "ticket", ANYTHING, unwanted=True)
    assert turn.steps[3] == Uttering("e2e.yml:29:5", "utter", response="utter_ask_time")
    assert turn.steps[4] == Uttering("e2e.yml:30:5", "bot", text="At what time?")


def test_fixtures_metadata_and_stubs_are_found_by_name() -> None:
    case, other = read(BOOKING)

    assert case.slots == {"tier": "gold", "seats": 2}
    assert case.at == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert case.turns[0].metadata == {"device": "desk", "locale": "en"}
    assert case.stubs["action_book"].said[0].response == "utter_booked"
    assert other.stubs["action_book"].slots == (("ticket", "T1"),)
    assert (other.slots, other.at) == ({}, None)


def test_assertions_of_a_message() -> None:
    (turn,) = read(BOOKING)[1].turns
    ticket, day, guests, action, said, unsaid = turn.assertions

    assert turn.in_order
    assert (ticket, day) == (
        Filling("e2e.yml:37:9", "ticket", "T1"),
        Filling("e2e.yml:39:9", "day", ANYTHING),
    )
    assert isinstance(guests, Filling)
    assert (guests.value, guests.unwanted) == (3, True)
    assert action == Acting("e2e.yml:41:7", "action_book")
    assert isinstance(said, Uttering)
    assert said.buttons == (("Thanks", "/thank"), ("Bye", None))
    assert said.matches is not None
    assert said.matches.search("Your Ticket T7.")
    assert isinstance(unsaid, Uttering)
    assert unsaid.unwanted


def test_what_stands_above_a_file_counts_after_its_own() -> None:
    above = parse_yaml("fixtures: [{premium: {tier: silver}}, {basic: {tier: none}}]", "c.yml")
    shared = Shared().under(above)
    text = BOOKING.replace("[premium, late]", "[premium]") + (
        "- test_case: basic\n  fixtures: basic\n  steps: [{user: hello}]\n"
    )
    cases = list(read_cases(parse_yaml(text, "e2e.yml"), shared))
    assert [case.slots.get("tier") for case in cases] == ["gold", None, "none"]


STEPS = "test_cases:\n- test_case: one\n  steps:\n"
SAID = f"{STEPS}  - user: hello\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"{SAID}    bot: [", "e2e.yml:5:11: not valid YAML"),
        (f"{STEPS}  - bot: hello\n", "e2e.yml:4:5: nothing is said before this step"),
        (f"{SAID}  - says: hello\n", "e2e.yml:5:5: a step of says is none; write one of: user"),
        (f"{SAID}  - utter:\n", "e2e.yml:5:5: a value is missing"),
        (f"{STEPS}  - user: ''\n", "e2e.yml:4:5: the customer says nothing"),
        (f"{STEPS}  - user: 7\n  - bot: {{a: b}}\n", "e2e.yml:5:5: text was expected"),
        (f"{STEPS}", "e2e.yml:3:3: a test case without a step"),
        ("test_cases:\n- steps: []\n", "e2e.yml:2:3: a test case needs a name and steps"),
        (f"{SAID}  slots: {{a: 1}}\n", "e2e.yml:5:3: unknown key of a test case 'slots'"),
        (f"{SAID}- test_case: one\n  steps: [{{user: a}}]\n", "e2e.yml:5:3: a second test case"),
        (f"{SAID}    assertion: []\n", "e2e.yml:5:5: unknown key of a `user` step 'assertion'"),
        (f"{SAID}    assertion_order_enabled: 1\n", "e2e.yml:5:5: true or false was expected"),
        (f"{SAID}  fixtures: [gold]\n", "e2e.yml:5:3: unknown fixture 'gold'"),
        (f"{SAID}    metadata: phone\n", "e2e.yml:5:5: unknown metadata 'phone'"),
        (f"{SAID}flows: []\n", "e2e.yml:5:1: 'flows' is no key of a test file"),
        (
            f"{SAID}stub_custom_actions: {{two::action_a: {{events: []}}}}\n",
            "e2e.yml:5:23: unknown test case 'two'",
        ),
        (
            f"{SAID}stub_custom_actions: {{action_a: {{slots: []}}}}\n",
            "e2e.yml:5:34: unknown key of a stub 'slots'",
        ),
        (
            f"{SAID}fixtures: [{{a: {{mocked_datetime: soon}}}}]\n".replace(
                "  steps:", "  fixtures: a\n  steps:"
            ),
            "e2e.yml:2:3: mocked_datetime is 'soon', which is no time",
        ),
    ],
)
def test_bad_input_is_named_with_line_and_column(text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize(
    ("assertion", "complaint"),
    [
        ("flow_started: order", "'flow_started' looks at the flows of Rasa's CALM"),
        ("pattern_clarification_contains: [a]", "'pattern_clarification_contains' looks at"),
        ("generative_response_is_relevant: {threshold: 1}", "asks a language model"),
        ("bot_utterd: {utter_name: a}", "unknown assertion 'bot_utterd'; did you mean"),
        ("bot_uttered: {text_matches: '('}", "the regular expression '(' is broken"),
        ("bot_uttered: {text: a}", "unknown key of bot_uttered 'text'"),
        ("slot_was_set: [{value: a}]", "a value is missing"),
    ],
)
def test_an_assertion_that_cannot_be_checked_is_refused(assertion: str, complaint: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(f"{SAID}    assertions:\n    - {assertion}\n")
    assert str(refused.value).startswith("e2e.yml:6:")
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("  - utter: utter_helo\n", "e2e.yml:5:5: unknown response 'utter_helo'; did you mean"),
        ("  - slot_was_set: siz\n", "e2e.yml:5:5: unknown slot 'siz'; did you mean 'size'?"),
    ],
)
def test_a_name_that_the_bot_does_not_have_is_refused(line: str, complaint: str) -> None:
    (case,) = read(SAID + line)
    with pytest.raises(BadInput) as refused:
        refuse_unknown_names(case, {"size"}, {"utter_hello"})
    assert str(refused.value).startswith(complaint)
