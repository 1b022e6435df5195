"""What looks wrong in a project that can be read: each remark says where and what to do."""

from pathlib import Path

import pytest

from cs_bot.stages.task.rasa.load import load_project

from .writing import remarks

WHOLE = {
    "config.yml": "pipeline:\n- name: FallbackClassifier\npolicies:\n- name: RulePolicy\n",
    "domain.yml": """\
intents: [book, affirm]
entities: [city]
slots:
  goal:
    type: text
    mappings: [{type: from_entity, entity: city}]
forms:
  trip_form: {required_slots: [goal]}
actions: [validate_trip_form, action_book]
responses:
  utter_ask_goal:
  - text: Where to?
    buttons: [{title: Rome, payload: '/book{"city": "Rome"}'}]
  utter_booked:
  - text: To {goal}
""",
    "data/nlu.yml": """\
nlu:
- intent: book
  examples: |
    - fly to [Rome](city)
- intent: affirm
  examples: |
    - yes
""",
    "data/rules.yml": """\
rules:
- rule: book
  steps:
  - intent: book
  - action: trip_form
  - active_loop: trip_form
- rule: booked
  condition:
  - active_loop: trip_form
  steps:
  - action: trip_form
  - active_loop: null
  - action: action_book
- rule: yes
  steps:
  - intent: affirm
  - action: utter_booked
""",
    "actions/book.py": 'NAMES = "action_book", "validate_trip_form"\n',
}


def test_of_a_project_that_is_whole_nothing_is_remarked(tmp_path: Path) -> None:
    assert remarks(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "what"),
    [
        ("domain.yml", "affirm]", "affirm, bye]", "domain.yml:1", "'bye', and it has no examples"),
        ("data/nlu.yml", "yes", "fly to rome!", "data/nlu.yml:7", "'affirm' here and of 'book' at"),
        ("data/nlu.yml", "- yes", "", "domain.yml:1", "the intent 'affirm' has no examples"),
        ("data/nlu.yml", "[Rome](city)", "Rome", "domain.yml:2", "the entity 'city' is marked in"),
        ("domain.yml", "[city]", "[city, age]", "domain.yml:2", "the entity 'age' is marked in no"),
        ("domain.yml", "utter_ask_goal", "utter_ask_gaol", "domain.yml:8", "no response utter_ask"),
        ("domain.yml", "utter_ask_goal", "utter_ask_gaol", "domain.yml:11", "no rule, story, form"),
        (
            "domain.yml",
            "trip_form: {req",
            "old_form: {required_slots: []}\n  trip_form: {req",
            "domain.yml:8",
            "the form 'old_form' requires no slots",
        ),
        (
            "domain.yml",
            "trip_form: {req",
            "old_form: {required_slots: [goal]}\n  trip_form: {req",
            "domain.yml:8",
            "no rule or story starts the form 'old_form'",
        ),
        (
            "domain.yml",
            "    mappings: [{type: from_entity, entity: city}]\nforms:\n"
            "  trip_form: {required_slots: [goal]}\nactions: [validate_trip_form, ",
            "forms:\n  trip_form: {required_slots: [goal]}\nactions: [",
            "domain.yml:7",
            "nothing that customers say fills the slot 'goal'",
        ),
        ("domain.yml", "action_book]", "action_book, action_x]", "domain.yml:9", "has the action"),
        (
            "domain.yml",
            "action_book]",
            "action_book, utter_x]",
            "domain.yml:9",
            "no response 'utter",
        ),
        (
            "domain.yml",
            "action_book]",
            "action_book, validate_trap_form]",
            "domain.yml:9",
            "there is no form 'trap_form' for",
        ),
        ("domain.yml", "To {goal}", "To {gaol}", "domain.yml:14", "{gaol} in the response"),
        ("domain.yml", "'/book{", "'/boko{", "domain.yml:11", "states the intent 'boko'"),
        ("domain.yml", '"Rome"}', '"Rome"} now', "domain.yml:11", "is no `/intent` with JSON"),
        (
            "data/nlu.yml",
            "nlu:\n",
            "nlu:\n- regex: zip\n  examples: |\n    - '[0-9]+'\n",
            "data/nlu.yml:4",
            "the regex or lookup 'zip' is named after no entity",
        ),
        (
            "data/rules.yml",
            "- rule: yes",
            "- rule: of words\n  steps:\n  - user: oh no\n  - action: utter_booked\n- rule: yes",
            "data/rules.yml:16",
            "words without an intent: 'oh no'",
        ),
        (
            "domain.yml",
            "slots:\n",
            "slots:\n  mood: {type: text}\n",
            "domain.yml:4",
            "nothing fills the slot 'mood'",
        ),
        ("actions/book.py", '"action_book", ', "", "domain.yml:9", "has the action 'action_book'"),
    ],
)
def test_what_looks_wrong_is_named(
    tmp_path: Path, file: str, old: str, new: str, place: str, what: str
) -> None:
    assert old in WHOLE[file]

    told = remarks(tmp_path, {**WHOLE, file: WHOLE[file].replace(old, new)})

    assert any(line.startswith(f"{place}: ") and what in line for line in told), told


def test_faces_are_told_apart(tmp_path: Path) -> None:
    nlu = WHOLE["data/nlu.yml"].replace("- yes", "- :)").replace("- fly", "- :(\n    - fly")

    assert remarks(tmp_path, {**WHOLE, "data/nlu.yml": nlu}) == []


def test_forms_that_start_each_other_are_named(tmp_path: Path) -> None:
    def ends(form: str, then: str) -> str:
        return (
            f"- rule: {form} ends\n  condition:\n  - active_loop: {form}\n  steps:\n"
            f"  - action: {form}\n  - active_loop: null\n"
            f"  - action: {then}\n  - active_loop: {then}\n"
        )

    rules = f"rules:\n{ends('a_form', 'b_form')}{ends('b_form', 'a_form')}"
    forms = "slots: {x: {type: text, mappings: [{type: from_text}]}}\nforms:\n" + "".join(
        f"  {form}: {{required_slots: [x]}}\n" for form in ("a_form", "b_form")
    )
    files = {
        "domain.yml": f"{forms}responses:\n  utter_ask_x: [{{text: x}}]\n",
        "data/rules.yml": rules,
    }

    (only,) = remarks(tmp_path, files)

    assert only.startswith("data/rules.yml:9: the forms 'a_form', 'b_form' start each other")
    asked = rules.replace("  - active_loop: null\n", "  - active_loop: null\n  - intent: restart\n")
    assert remarks(tmp_path, {**files, "data/rules.yml": asked}) == []


def test_checkpoints_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    stories = """\
stories:
- story: one
  steps:
  - checkpoint: nowhere
  - intent: restart
  - action: action_restart
  - checkpoint: middle
- story: two
  steps:
  - checkpoint: middle
  - intent: back
  - action: action_back
  - checkpoint: end
"""
    first, last = remarks(tmp_path, {"domain.yml": "", "data/stories.yml": stories})

    assert first.startswith("data/stories.yml:4: no story ends at the checkpoint 'nowhere'")
    assert last.startswith("data/stories.yml:13: no story begins at the checkpoint 'end'")


def test_responses_that_code_puts_together_are_said(tmp_path: Path) -> None:
    files = {
        "domain.yml": "responses:\n  utter_state_sent: [{text: Sent}]\n  utter_end: [{text: x}]\n",
        "actions.py": 'say(response=f"utter_state_{state}")\n',
    }

    (only,) = remarks(tmp_path, files)

    assert "'utter_end'" in only


def test_an_action_that_is_declared_as_an_api_needs_no_code(tmp_path: Path) -> None:
    files = {
        "domain.yml": "actions: [action_a]\nresponses:\n  utter_a: [{text: x}]\n"
        "  utter_sorry: [{text: x}]\n",
        "api.yml": "apis:\n  action_a:\n    url: http://localhost/a\n    outcomes:\n"
        "      ok: utter_a\n      failed: utter_sorry\n",
    }

    assert remarks(tmp_path, files) == []


def test_without_the_code_of_actions_it_is_said_that_it_may_use_responses(tmp_path: Path) -> None:
    files = {
        "domain.yml": "actions: [action_a]\nresponses:\n"
        + "".join(f"  utter_{n}:\n  - text: x\n" for n in "abcd"),
        "endpoints.yml": "action_endpoint: {url: http://localhost:5055/webhook}\n",
    }

    (only,) = remarks(tmp_path, files)

    assert "says utter_a, utter_b, utter_c and 1 more responses; they are said if" in only


def test_a_test_story_is_no_training_data(tmp_path: Path) -> None:
    story = "stories:\n- story: s\n  steps:\n  - user: hi\n    intent: greet\n"
    files = {"domain.yml": "", "tests/test_stories.yml": story, "data/test_more.yml": story}

    assert remarks(tmp_path, files) == []
    assert load_project(tmp_path).stories == ()


def test_a_file_of_another_program_is_passed_over(tmp_path: Path) -> None:
    files = {"domain.yml": "", "chart/values.yaml": "a: [{{- b", "chart/more.yml": "port: 1\n"}

    (broken,) = remarks(tmp_path, files)

    assert broken.startswith("chart/values.yaml:")
    assert "the file is skipped" in broken


def test_a_file_that_says_nothing_is_named_unless_it_is_another_configuration(
    tmp_path: Path,
) -> None:
    files = {
        "domain.yml": "",
        "slots.yml": "slot: {}\n",
        "config_more.yml": "policies: []\n",
        ".pre-commit-config.yaml": "repos: []\n",
    }

    (only,) = remarks(tmp_path, files)

    assert only.startswith("slots.yml:1: nothing in this file is part of a bot")


def test_a_project_may_import_another_folder(tmp_path: Path) -> None:
    files = {
        "main/domain.yml": "intents: [greet]\n",
        "main/config.yml": "imports:\n- ../skills/book\n",
        "skills/book/domain.yml": "intents: [book]\n",
        "skills/book/data/nlu.yml": "nlu:\n- intent: book\n  examples: |\n    - book\n",
    }
    remarks(tmp_path, files)

    project = load_project(tmp_path / "main")

    assert project.intents == ("greet", "book")
    assert [example.text for example in project.examples] == ["book"]


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("formbot", {"/domain.yml:72"}),
        ("moodbot", {"/data/nlu.yml:21"}),
        ("concertbot", {"/domain.yml:12", "/domain.yml:17"}),
        ("knowledgebasebot", set()),
        ("e2ebot", {"/data/stories.yml:30", "/data/stories.yml:37"}),
        ("responseselectorbot", {"/data/nlu.yml:22"}),
        ("rasa3-initial-project", set()),
    ],
)
def test_of_bots_made_for_rasa_little_is_remarked(
    rasa_bots: Path, name: str, notes: set[str]
) -> None:
    project = load_project(rasa_bots / name)

    told = [remark for remark in project.remarks if not remark.replaced]
    assert {remark.where.removeprefix(name) for remark in told} == notes
