"""A folder of Rasa YAML becomes a project, or one sentence says what is wrong and where."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stages.task.project import (
    Choice,
    Condition,
    Example,
    Mention,
    Project,
    SlotMapping,
    Task,
    TaskForm,
    Variation,
)
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.rasa.training import annotated

DOMAIN = """\
version: "3.1"
intents:
  - refund:
      use_entities: []
  - affirm
entities:
  - order_id
slots:
  order_id:
    type: text
    initial_value: none yet
    mappings:
      - type: from_entity
        entity: order_id
        not_intent: affirm
        conditions:
          - active_loop: refund_form
            requested_slot: order_id
forms:
  refund_form:
    required_slots:
      - order_id
    ignored_intents: affirm
responses:
  utter_ask_order_id:
    - text: Which order?
      image: https://example.org/a.png
      buttons:
        - title: The last one
          payload: '/refund{"order_id": "1"}'
        - title: Help
    - text: 哪个订单？
      channel: phone
      condition:
        - {type: slot, name: order_id, value: none yet}
  utter_done:
    - text: Done
actions:
  - action_refund
"""
NLU = """\
version: "3.1"
nlu:
  - intent: refund
    examples: |
      - money back for [A1](order_id)
      - refund [the second]{"entity": "order_id", "value": "A2"}, please
      # a comment
      - [Z9](order_id:A9) back
  - intent: affirm
    examples:
      - text: |
          - yes
  - synonym: A3
    examples: |
      - The Third
  - regex: order_id
    examples: |
      - [A-Z][0-9]+
  - lookup: order_id
    examples: |
      - gold
      - 金色
"""
RULES = """\
version: "3.1"
rules:
  - rule: ask
    steps:
      - intent: refund
      - action: refund_form
      - active_loop: refund_form
  - rule: do
    condition:
      - active_loop: refund_form
    steps:
      - action: refund_form
      - active_loop: null
      - slot_was_set:
          - requested_slot: null
      - action: action_refund
      - action: utter_done
  - rule: yes
    steps:
      - intent: affirm
      - action: utter_done
"""

ACTIONS = 'class Refund:\n    def name(self):\n        return "action_refund"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path, domain: str = DOMAIN, nlu: str = NLU, rules: str = RULES) -> None:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "domain.yml").write_text(domain)
    (folder / "data" / "nlu.yml").write_text(nlu)
    (folder / "data" / "rules.yaml").write_text(rules)
    (folder / "actions.py").write_text(ACTIONS)


def test_a_domain_is_read(folder: Path) -> None:
    project = load_project(folder)

    assert project.remarks == ()
    assert project.intents == ("refund", "affirm")
    assert project.entities == ("order_id",)
    assert project.actions == ("action_refund",)
    assert project.slots["order_id"].initial == "none yet"
    assert project.slots["order_id"].mappings == (
        SlotMapping(
            "from_entity",
            "order_id",
            not_intents=("affirm",),
            conditions=(Condition("refund_form", "order_id"),),
        ),
    )
    assert project.forms == {"refund_form": TaskForm("refund_form", ("order_id",), ("affirm",))}
    assert project.domain["forms"] == {
        "refund_form": {"required_slots": ["order_id"], "ignored_intents": "affirm"}
    }


def test_responses_are_read(folder: Path) -> None:
    assert load_project(folder).responses["utter_ask_order_id"] == (
        Variation(
            "Which order?",
            "https://example.org/a.png",
            (Choice("The last one", '/refund{"order_id": "1"}'), Choice("Help", "Help")),
        ),
        Variation("哪个订单？", channel="phone", needs=(("order_id", "none yet"),)),
    )


def test_a_domain_may_lie_in_several_files(folder: Path) -> None:
    (folder / "extra").mkdir()
    (folder / "extra" / "domain.yml").write_text(
        "intents: [bye]\nslots:\n  mood: {type: weather}\nforms:\n- old_form\n"
        "responses:\n  utter_more:\n  - Just text\n  - {text: Yes, custom: {a: 1}}\n"
    )

    project = load_project(folder)

    assert project.intents == ("refund", "affirm", "bye")
    assert project.domain["intents"] == [{"refund": {"use_entities": []}}, "affirm", "bye"]
    assert set(project.domain["slots"]) == {"order_id", "mood"}
    assert project.forms["old_form"] == TaskForm("old_form", ())
    assert project.responses["utter_more"] == (
        Variation("Just text"),
        Variation("Yes", custom={"a": 1}),
    )
    assert {remark.what.split(" is not ")[0] for remark in project.remarks} == {
        "no rule, story or slot names the intent 'bye', and it has no examples",
        "the type 'weather' of the slot 'mood', a class of your own,",
        "no rule or story starts the form 'old_form'",
        "the form 'old_form' requires no slots",
        "nothing fills the slot 'mood'",
        "no rule, story, form or action says the response 'utter_more'",
    }


def test_rules_become_tasks(folder: Path) -> None:
    project = load_project(folder)

    assert project.tasks == (
        Task("refund", ("refund",), project.forms["refund_form"], ("action_refund", "utter_done")),
        Task("affirm", ("affirm",), None, ("utter_done",)),
    )
    assert project.task("refund_form") is project.task("refund")
    assert project.task_of("refund") is project.task("refund")
    with pytest.raises(UnknownName, match="did you mean 'refund'"):
        project.task("refnd")


def test_annotations_leave_the_text_and_teach_synonyms(folder: Path) -> None:
    project = load_project(folder)

    assert project.examples == (
        Example("money back for A1", "refund", (Mention("order_id", "A1", 15, 17),)),
        Example("refund the second, please", "refund", (Mention("order_id", "A2", 7, 17),)),
        Example("Z9 back", "refund", (Mention("order_id", "A9", 0, 2),)),
        Example("yes", "affirm"),
    )
    assert project.synonyms == {"the second": "A2", "z9": "A9", "the third": "A3"}


def test_an_annotation_may_hold_a_role_a_group_and_several_entities(folder: Path) -> None:
    line = (
        'from [Rome]{"entity": "order_id", "role": "from", "group": 1} '
        'on [A1][{"entity": "order_id"}, {"entity": "order_id", "value": 7}]'
    )
    nlu = folder / "data" / "nlu.yml"
    nlu.write_text(nlu.read_text().replace("money back for [A1](order_id)", line))

    (first, *_) = load_project(folder).examples

    assert first.text == "from Rome on A1"
    assert first.entities == (
        Mention("order_id", "Rome", 5, 9, "from", "1"),
        Mention("order_id", "A1", 13, 15),
        Mention("order_id", 7, 13, 15),
    )


@given(
    parts=st.lists(
        st.tuples(
            st.text("ab 订单", max_size=5), st.text("xyz号", min_size=1, max_size=5), st.booleans()
        ),
        max_size=4,
    )
)
def test_marked_words_stand_where_the_mention_says(parts: list[tuple[str, str, bool]]) -> None:
    marks = {True: '{"entity": "e"}', False: "(e)"}
    line = "".join(f"{before}[{words}]{marks[long]}" for before, words, long in parts)

    text, mentions = annotated(line, Node(line, "nlu.yml", 1), Draft())

    assert text == "".join(before + words for before, words, _ in parts)
    assert [text[m.start : m.end] for m in mentions] == [words for _, words, _ in parts]


def test_patterns_keep_their_place(folder: Path) -> None:
    regex, lookup = load_project(folder).patterns

    assert (regex.entity, regex.expression) == ("order_id", "[A-Z][0-9]+")
    assert regex.where == f"{folder.name}/data/nlu.yml:18"
    assert "金色" in lookup.expression


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "says"),
    [
        ("domain.yml", "  - affirm", "  - affirm\n  bad: [", "domain.yml:6:3", "not valid YAML"),
        (
            "domain.yml",
            "\nintents:\n",
            "\nintents: 3\nunread:\n",
            "domain.yml:2",
            "a list was expected",
        ),
        (
            "domain.yml",
            "      - order_id\n    ign",
            "      - ordr_id\n    ign",
            ":22",
            "'order_id'",
        ),
        ("domain.yml", "  utter_done:", "  utter_ask_order_id:", ":36:3", "for the second time"),
        ("domain.yml", "entity: order_id\n", "x: y\n", ":13", "lacks its `entity`"),
        ("domain.yml", "- title: The last one", "- x: y", ":29", "lacks its `title`"),
        (
            "domain.yml",
            "{type: slot, name",
            "{type: mood, name",
            ":35",
            "needs type, name and value",
        ),
        ("domain.yml", "- text: Done", "- text: [Done]", ":37", "text was expected"),
        (
            "domain.yml",
            "  - action_refund\n",
            "",
            "rules.yaml:16",
            "unknown action 'action_refund'",
        ),
        ("data/nlu.yml", '{"entity": "order_id", ', '{"order_id" ', "nlu.yml:6", "is broken"),
        ("data/nlu.yml", "[A-Z][0-9]+", "[A-Z", "nlu.yml:18", "regular expression '[A-Z'"),
        ("data/nlu.yml", "intent: affirm", "intent:", "nlu.yml:9", "has no name"),
        (
            "data/rules.yaml",
            "utter_done",
            "utter_don",
            "rules.yaml:17",
            "did you mean 'utter_done'",
        ),
        ("data/rules.yaml", "intent: refund", "intent: refnd", "rules.yaml:5", "unknown intent"),
        (
            "data/rules.yaml",
            "- active_loop: refund_form\n  - rule",
            "- active_loop: no_form\n  - rule",
            "rules.yaml:7",
            "unknown form",
        ),
        ("data/rules.yaml", "  - rule: yes", "  - name: yes", "rules.yaml:18", "needs `rule`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_a_remedy(
    folder: Path, file: str, old: str, new: str, place: str, says: str
) -> None:
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))

    with pytest.raises(BadInput) as error:
        load_project(folder)

    assert says in str(error.value)
    assert place in error.value.where
    assert error.value.remedy


@pytest.mark.parametrize(
    ("file", "added", "remark"),
    [
        (
            "data/rules.yaml",
            "  - rule: x\n    steps:\n    - intent: refund\n    - action: action_unlikely_intent\n",
            "the story 'x' waits for action_unlikely_intent",
        ),
        ("domain.yml", "graph: {}\n", "the key `graph`"),
        ("domain.yml", "session_config: {sleeps: 1}\n", "`sleeps` of the session"),
        ("data/nlu.yml", "      copper\n", "'copper' is not an example"),
        ("data/nlu.yml", "    moods: 1\n", "`moods` beside `lookup`"),
        ("data/nlu.yml", "  - mood: x\n    examples: x\n", "an nlu element of mood, examples"),
        (
            "data/nlu.yml",
            "  - intent: bye\n    examples: |\n      - bye\n",
            "does not declare the intent 'bye'",
        ),
    ],
)
def test_what_this_version_leaves_out_is_named(
    folder: Path, file: str, added: str, remark: str
) -> None:
    path = folder / file
    path.write_text((path.read_text() if path.exists() else "") + added)

    project = load_project(folder)

    (only,) = project.remarks
    assert remark in str(only)
    assert only.where.startswith(f"{folder.name}/{file}:")
    assert project.task("refund")


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("requested_slot: order_id", "requested_slot: id", ":18: the domain does not declare"),
        ("active_loop: refund_form", "active_loop: form", ":17: the domain does not declare the"),
        ("name: order_id", "name: order_ids", ":35: the domain does not declare the slot 'order"),
    ],
)
def test_a_condition_on_what_is_not_there_is_named(
    folder: Path, old: str, new: str, remark: str
) -> None:
    domain = folder / "domain.yml"
    domain.write_text(domain.read_text().replace(old, new))

    (only,) = load_project(folder).remarks

    assert str(only).startswith(f"{folder.name}/domain.yml{remark}")
    assert only.effect == "this condition never holds"


def test_a_slot_without_a_question_is_named(folder: Path) -> None:
    domain = folder / "domain.yml"
    domain.write_text(domain.read_text().replace("utter_ask_order_id", "utter_ask_order"))

    remark, idle = load_project(folder).remarks

    assert str(remark).startswith(f"{folder.name}/domain.yml:22: there is no response")
    assert "says the response 'utter_ask_order'" in idle.what


def test_forms_of_rasa_2_carry_their_mappings(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        "entities: [size]\nslots:\n  size: {type: text}\n  note: {type: text}\n"
        "forms:\n  shoe_form:\n    size:\n    - {type: from_entity, entity: size}\n"
        "    note:\n    - type: from_text\n"
    )

    project = load_project(tmp_path)

    assert project.forms["shoe_form"].required_slots == ("size", "note")
    assert project.slots["size"].mappings == (
        SlotMapping("from_entity", "size", conditions=(Condition("shoe_form"),)),
        SlotMapping("from_entity", "size"),
    )
    assert project.slots["note"].mappings == (
        SlotMapping("from_text", conditions=(Condition("shoe_form", "note"),)),
    )


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        load_project(tmp_path / "gone")


def test_a_file_that_is_not_utf8_is_said(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_bytes("intents: [查询]".encode("gbk"))

    with pytest.raises(BadInput, match=r"domain.yml: not UTF-8 at byte 10; save the file as UTF-8"):
        load_project(tmp_path)


def test_an_empty_folder_is_a_project_without_tasks(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("")

    assert load_project(tmp_path) == Project(tmp_path)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(data=st.data())
def test_damaged_files_are_read_or_refused_but_never_crash(
    folder: Path, data: st.DataObject
) -> None:
    lines = data.draw(st.sampled_from([DOMAIN, NLU, RULES])).splitlines()
    first = data.draw(st.integers(0, len(lines) - 1))
    last = data.draw(st.integers(first, min(first + 4, len(lines))))
    junk = data.draw(
        st.sampled_from(["", "- ", "  x:", "    - a: {b: 1}", "\t", "- [a", "null", "~: ~"])
    )
    damaged = "\n".join([*lines[:first], junk, *lines[last:]])
    (folder / "domain.yml").write_text(damaged)

    outcome = loaded(folder)

    assert outcome.where and outcome.remedy if isinstance(outcome, BadInput) else outcome.directory


def loaded(folder: Path) -> Project | BadInput:
    try:
        return load_project(folder)
    except BadInput as error:
        return error


@pytest.mark.parametrize("name", ["formbot", "concertbot", "moodbot", "rasa3-initial-project"])
def test_bots_made_for_rasa_load(rasa_bots: Path, name: str) -> None:
    project = load_project(rasa_bots / name)

    assert len(project.examples) >= 25
    assert project.tasks
    assert all(remark.where and remark.effect for remark in project.remarks)
    assert project.stories
