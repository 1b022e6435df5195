"""Whatever events an action returns, the state is the fold of what is noted for the log."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cs_bot.events import (
    DialogueState,
    MessageUnderstood,
    ReminderSet,
    SlotSet,
    TaskStarted,
    event_as_dict,
    event_from_dict,
)
from cs_bot.stages.task.actions.outcome import APPLIED, outcome_of
from cs_bot.stages.task.applying import Applier, entities_named
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.moves import dialogue_of
from cs_bot.stages.task.parsed import reading_of
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project, Slot, Task, TaskForm
from cs_bot.testing.turns import turn_of
from cs_bot.types import Entity, Intent, Reading

PROJECT = Project(
    Path(),
    slots={"size": Slot("size"), "tone": Slot("tone", initial="plain")},
    forms={"order_form": TaskForm("order_form", ("size",))},
)
POLICIES = Policies.of(PROJECT)
BEFORE = DialogueState().apply((MessageUnderstood("greet"), SlotSet("size", "M")))

NAMES = st.sampled_from(["size", "tone", "order_form", "action_listen", "other"])
VALUES = st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
ANYTHING = st.recursive(
    VALUES, lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)
KINDS = st.sampled_from([*sorted(APPLIED), "agent", "export", "odd"])
EVENTS = st.fixed_dictionaries(
    {"event": KINDS},
    optional={
        "name": NAMES | st.none(),
        "value": VALUES,
        "text": st.text(max_size=5) | st.none(),
        "parse_data": ANYTHING,
        "intent": NAMES | st.none(),
        "entities": ANYTHING,
        "date_time": st.sampled_from(["2030-01-01T00:00:00", "soon", None, "9999-12-31T23:59:59"]),
        "is_interrupted": st.booleans(),
        "kill_on_user_msg": st.booleans(),
    },
)


def begun() -> Progress:
    turn = turn_of("hi", state=BEFORE)
    task = Task("order", ("order",), PROJECT.forms["order_form"], ())
    progress = Progress.begun(
        turn, Reading(), task, POLICIES, dialogue_of(BEFORE, POLICIES.features)
    )
    progress.hear("order")
    progress.note(TaskStarted("order"))
    return progress


@given(st.lists(EVENTS, max_size=8))
def test_the_log_leads_to_the_state_that_the_turn_ended_with(events: list[object]) -> None:
    progress = begun()

    Applier(PROJECT).apply(progress, outcome_of("action_x", events, []))

    logged = [event_from_dict(event_as_dict(event)) for event in progress.events]
    folded = BEFORE.apply(logged)
    assert folded == progress.state
    assert folded.moves == progress.state.moves
    assert dialogue_of(folded, POLICIES.features) == progress.dialogue
    assert set(folded.slots) <= set(PROJECT.slots)


def test_a_reminder_without_a_time_is_left_out() -> None:
    events = [
        {"event": "reminder", "intent": "call", "date_time": "soon"},
        {"event": "reminder", "intent": "call", "date_time": "2030-01-01T08:00:00+08:00"},
    ]
    progress = begun()
    Applier(PROJECT).apply(progress, outcome_of("action_x", events, []))
    (reminder,) = (event for event in progress.events if isinstance(event, ReminderSet))
    assert reminder == ReminderSet("m_1.0", "call", {}, "2030-01-01T00:00:00+00:00", False)


def test_entities_are_named_by_a_table_or_a_list() -> None:
    listed = [{"entity": "who", "value": "Li"}, {"value": "nobody"}, "odd"]
    assert entities_named(listed) == entities_named({"who": "Li"}) == {"who": "Li"}
    assert entities_named("odd") == {}


def test_a_message_that_rasa_has_parsed_is_read() -> None:
    parsed = {
        "intent": {"name": "faq/price", "confidence": 0.9},
        "entities": [{"entity": "item", "value": "hat", "start": 3, "end": 6, "role": "gift"}, 7],
    }
    intent, reading = reading_of(parsed)
    assert intent == "faq"
    assert reading.intents == (Intent("faq", 1.0),)
    assert reading.retrieved == "faq/price"
    assert reading.entities == (Entity("item", "hat", 3, 6, "action", "gift"),)
    assert reading_of("nonsense") == (None, Reading())
