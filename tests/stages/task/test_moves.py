"""What is remembered of a conversation's dialogue is what folding all of it would give."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cs_bot.events import (
    ActionTaken,
    DialogueRestarted,
    DialogueState,
    Event,
    LoopEnded,
    LoopStarted,
    MessageUnderstood,
    SlotSet,
    TaskResumed,
    TaskSuspended,
)
from cs_bot.stages.task.dialogue.features import features_of
from cs_bot.stages.task.moves import Dialogues, dialogue_of
from cs_bot.stages.task.project import Project

_FEATURES = features_of(Project(Path("dialogs")), set())
_EVENTS = st.one_of(
    st.builds(ActionTaken, st.sampled_from(["action_listen", "utter_hi", "a_form"])),
    st.builds(MessageUnderstood, st.sampled_from(["hi", "bye", None])),
    st.builds(SlotSet, st.sampled_from(["a", "b"]), st.sampled_from([1, None])),
    st.just(LoopStarted("a_form")),
    st.just(LoopEnded("a_form")),
    st.just(DialogueRestarted()),
    st.builds(TaskSuspended, st.sampled_from(["a", "b"])),
    st.builds(TaskResumed, st.sampled_from(["a", "b"]), st.just({"a": 1, "b": None})),
)


@given(st.lists(st.tuples(st.sampled_from(["c_1", "c_2"]), st.lists(_EVENTS, max_size=120))))
def test_of_conversations_that_go_on_the_dialogue_is_the_fold_of_all(
    turns: list[tuple[str, list[Event]]],
) -> None:
    dialogues, states = Dialogues(_FEATURES), {"c_1": DialogueState(), "c_2": DialogueState()}
    for conversation, events in turns:
        states[conversation] = state = states[conversation].apply(events)
        assert dialogues.of(conversation, state) == dialogue_of(state, _FEATURES)


def test_an_earlier_state_is_folded_anew() -> None:
    dialogues = Dialogues(_FEATURES)
    early = DialogueState().apply([MessageUnderstood("hi"), ActionTaken("utter_hi")])
    late = early.apply([ActionTaken("action_listen"), MessageUnderstood("bye")])
    dialogues.of("c_1", late)
    assert dialogues.of("c_1", early) == dialogue_of(early, _FEATURES)
    assert dialogues.of("c_1", DialogueState()) == dialogue_of(DialogueState(), _FEATURES)


def test_the_same_words_of_another_conversation_are_not_taken_for_it() -> None:
    dialogues = Dialogues(_FEATURES)
    one = DialogueState().apply([MessageUnderstood("hi"), ActionTaken("utter_hi")])
    other = DialogueState().apply([MessageUnderstood("bye"), ActionTaken("utter_hi")])
    dialogues.of("c_1", one)
    assert dialogues.of("c_1", other) == dialogue_of(other, _FEATURES)


def test_a_task_that_goes_on_sees_what_it_saw_and_what_is_known_now() -> None:
    asked: list[Event] = [
        MessageUnderstood("give_back"),
        ActionTaken("a_form"),
        LoopStarted("a_form"),
        SlotSet("a", 1),
    ]
    between: list[Event] = [
        TaskSuspended("give_back"),
        LoopEnded("a_form"),
        MessageUnderstood("track"),
        ActionTaken("utter_tracked"),
        SlotSet("a", 2),
    ]
    back: list[Event] = [TaskResumed("give_back", {"a": 1})]
    state = DialogueState().apply([*asked, *between, *back])
    assert dialogue_of(state, _FEATURES) == dialogue_of(DialogueState().apply(asked), _FEATURES)
