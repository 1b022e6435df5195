"""The dialogue state is what the events say."""

from hypothesis import assume, given
from hypothesis import strategies as st

from cs_bot.events import (
    ActionReverted,
    ActionTaken,
    ConversationPaused,
    ConversationResumed,
    DialogueRestarted,
    DialogueState,
    Event,
    HandoffOffered,
    LocaleSet,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MemorySet,
    MessageLeft,
    MessageReverted,
    MessageUnderstood,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    SlotRejected,
    SlotRequested,
    SlotSet,
    Suggested,
    TaskEnded,
    TaskPostponed,
    TaskResumed,
    TasksOffered,
    TaskStarted,
    TaskSuspended,
    event_as_dict,
    event_from_dict,
    fold,
)

NAMES = st.text(min_size=1, max_size=8)
TOLD = st.lists(st.fixed_dictionaries({"name": NAMES, "value": NAMES | st.integers()})).map(tuple)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(LocaleSet, st.sampled_from(["zh", "en"])),
    st.builds(TaskStarted, NAMES),
    st.builds(SlotSet, NAMES, st.none() | NAMES | st.integers()),
    st.builds(SlotRequested, st.none() | NAMES),
    st.builds(SlotRejected, NAMES),
    st.builds(MessageUnderstood, st.none() | NAMES, st.lists(NAMES).map(tuple)),
    st.builds(ActionTaken, NAMES),
    st.builds(LoopStarted, NAMES),
    st.builds(LoopEnded, NAMES),
    st.builds(LoopRejected, NAMES),
    st.builds(DialogueRestarted),
    st.builds(SessionStarted, st.booleans()),
    st.builds(MessageReverted),
    st.builds(ActionReverted),
    st.builds(ConversationPaused),
    st.builds(ConversationResumed),
    st.builds(ReminderSet, NAMES, NAMES, st.dictionaries(NAMES, NAMES), NAMES, st.booleans()),
    st.builds(ReminderCancelled, st.none() | NAMES, st.none() | NAMES),
    st.builds(TaskEnded, NAMES, st.sampled_from(["completed", "cancelled", "failed"])),
    st.builds(Suggested, st.lists(NAMES, max_size=5).map(tuple)),
    st.builds(HandoffOffered, NAMES),
    st.builds(MessageLeft, NAMES, NAMES, NAMES),
    st.builds(MemorySet, NAMES, NAMES),
    st.builds(TaskSuspended, NAMES, st.none() | NAMES, st.lists(NAMES).map(tuple)),
    st.builds(TaskPostponed, NAMES, NAMES, TOLD),
    st.builds(TaskResumed, NAMES, st.dictionaries(NAMES, st.none() | NAMES, max_size=2)),
    st.builds(TasksOffered, st.lists(NAMES).map(tuple), st.lists(NAMES).map(tuple), TOLD),
)


@given(EVENTS)
def test_a_stored_event_reads_back_as_itself(event: Event) -> None:
    assert event_from_dict(event_as_dict(event)) == event


@given(st.lists(st.lists(EVENTS, max_size=6), max_size=6))
def test_folding_a_log_equals_folding_its_head_and_then_its_tail(
    turns: list[list[Event]],
) -> None:
    head, tail = turns[: len(turns) // 2], turns[len(turns) // 2 :]
    state = fold(head)
    for events in tail:
        state = state.apply(events)
    assert state == fold(turns)


@given(st.lists(EVENTS))
def test_applying_events_leaves_the_earlier_state_as_it_was(events: list[Event]) -> None:
    before = DialogueState(slots={"order_id": "1"}, memory={"name": "王"})
    before.apply(events)
    assert before == DialogueState(slots={"order_id": "1"}, memory={"name": "王"})


def test_a_restart_forgets_slots_and_task_but_neither_language_nor_memory() -> None:
    state = fold(
        [
            [LocaleSet("en"), MemorySet("name", "Ann"), TaskStarted("refund")],
            [SlotSet("order_id", "20240001"), SlotRequested("reason"), DialogueRestarted()],
        ]
    )
    assert state == DialogueState(locale="en", memory={"name": "Ann"})
    assert state.moves == ()


def test_moves_are_bounded_and_what_holds_is_never_lost() -> None:
    early: list[Event] = [SlotSet("id", "1"), LoopStarted("refund_form"), SlotRequested("why")]
    state = fold([early, *([ActionTaken("action_listen")] for _ in range(1000))])
    assert len(state.moves) <= 300
    assert set(early) <= set(state.moves)


def test_an_ended_task_waits_for_nothing() -> None:
    state = fold([[TaskStarted("order_status"), SlotRequested("order_id")]])
    ended = state.apply([TaskEnded("order_status", "cancelled")])
    assert (ended.task, ended.requested_slot) == (None, None)


def test_offers_of_a_human_are_counted_only_while_they_follow_each_other() -> None:
    offer = [HandoffOffered("fallback")]
    assert fold([offer, offer]).fallbacks == 2
    assert fold([offer, [], offer]).fallbacks == 1


def test_a_suggestion_is_forgotten_with_the_next_turn() -> None:
    assert fold([[Suggested(("q1", "q2"))]]).suggested == ("q1", "q2")
    assert fold([[Suggested(("q1", "q2"))], []]).suggested == ()


def test_unusable_answers_are_counted_for_the_slot_that_is_asked_for() -> None:
    asked: list[Event] = [TaskStarted("order_status"), SlotRequested("order_id")]
    again: list[Event] = [SlotRejected("order_id"), SlotRequested("order_id")]

    state = fold([asked, again, again])

    assert state.rejections == 2
    assert state.apply([SlotRequested("phone")]).rejections == 0
    assert state.apply([TaskEnded("order_status", "cancelled")]).rejections == 0
    assert state.apply([TaskStarted("refund")]).rejections == 0


RETURN: list[Event] = [
    TaskStarted("return"),
    SlotSet("order_id", "1"),
    LoopStarted("return_form"),
    SlotRequested("reason"),
]


def test_a_task_that_goes_on_has_its_own_values() -> None:
    asked = fold([RETURN])
    aside = asked.apply([TaskSuspended("return", "reason", ("order_id", "reason"))])
    assert (aside.task, aside.requested_slot) == (None, None)
    between = aside.apply(
        [
            LoopEnded("return_form"),
            TaskStarted("track"),
            SlotSet("order_id", "2"),
            SlotSet("reason", "slow"),
            SlotSet("parcel", "P2"),
            TaskEnded("track", "completed"),
        ]
    )

    own = between.suspended[0].own
    back = between.apply([TaskResumed("return", own)])

    assert own == {"order_id": "1", "reason": None}
    assert (back.task, back.suspended) == ("return", ())
    assert back.slots == {"order_id": "1", "parcel": "P2"}
    assert back.collected == asked.collected == {"order_id"}


def test_a_task_that_waits_ends_without_ending_the_one_that_runs() -> None:
    state = fold([RETURN, [TaskSuspended("return", "reason")], [TaskStarted("bill")]])
    assert state.apply([TaskEnded("return", "cancelled")]) == DialogueState(
        task="bill", slots={"order_id": "1"}
    )


def test_turns_of_waiting_are_counted_and_so_many_tasks_wait() -> None:
    wishes = [TaskPostponed(name, name) for name in "abcdefg"]
    state = fold([wishes, [], []])
    assert [one.task for one in state.suspended] == ["c", "d", "e", "f", "g"]
    assert {one.turns for one in state.suspended} == {2}
    assert state.within_turn([MemorySet("name", "Ann")]).suspended == state.suspended


def test_an_offer_is_forgotten_with_the_next_turn_and_its_task_is_not_offered_again() -> None:
    offered = fold([[TaskPostponed("bill", "ask_bill")], [TasksOffered(("bill",))]])
    assert offered.offered == TasksOffered(("bill",))
    later = offered.apply([])
    assert (later.offered, [one.asked for one in later.suspended]) == (None, [True])


TASKS = st.sampled_from(["a", "b", "c"])
WALK = st.one_of(
    st.builds(TaskStarted, TASKS),
    st.builds(SlotSet, NAMES, st.none() | NAMES),
    st.builds(SlotRequested, NAMES),
    st.builds(TaskEnded, TASKS, st.sampled_from(["completed", "cancelled", "failed", "expired"])),
    st.builds(TaskSuspended, TASKS, st.none() | NAMES, st.lists(NAMES, max_size=2).map(tuple)),
    st.builds(TaskPostponed, TASKS, NAMES),
    st.builds(TaskResumed, TASKS),
    st.builds(TasksOffered, st.lists(TASKS, max_size=2).map(tuple)),
    st.builds(DialogueRestarted),
)


@given(st.lists(st.lists(WALK, max_size=5), max_size=8))
def test_whatever_happens_each_task_waits_once_and_boundedly(turns: list[list[Event]]) -> None:
    state = fold(turns)
    names = [one.task for one in state.suspended]
    assert len(set(names)) == len(names) <= 5
    assert None not in state.slots.values()


@given(st.lists(EVENTS, max_size=30), st.lists(EVENTS, max_size=6))
def test_a_message_that_is_taken_back_leaves_the_state_as_it_was(
    before: list[Event], after: list[Event]
) -> None:
    began_anew = (DialogueRestarted, SessionStarted, MessageReverted, ActionReverted)
    further = [event for event in after if not isinstance(event, (MessageUnderstood, *began_anew))]
    state = fold([before])
    # A task is put aside by the message that begins another one: such a move is never the last.
    assume(not any(isinstance(move, TaskSuspended) for move in state.moves[-1:]))
    said = (ActionTaken("action_listen"), MessageUnderstood("faq"))

    undone = state.apply((*said, *further, MessageReverted()))

    assert undone.moves == state.moves
    assert (undone.slots, undone.task) == (state.slots, state.task)
    assert undone.requested_slot == state.requested_slot


def test_an_action_is_taken_back_with_what_it_set() -> None:
    events = (MessageUnderstood("order"), ActionTaken("utter_a"), SlotSet("size", "M"))
    state = fold([events]).apply((ActionTaken("action_b"), SlotSet("size", "L"), ActionReverted()))
    assert state.slots == {"size": "M"}
    assert state.moves == events


def test_nothing_is_taken_back_where_nothing_was_said() -> None:
    state = fold([(SlotSet("size", "M"),)])
    assert state.apply((MessageReverted(), ActionReverted())) == state


def test_a_new_session_puts_the_task_away_and_keeps_slots_that_are_carried_over() -> None:
    asked = (TaskStarted("order"), SlotSet("size", "M"), SlotRequested("name"))
    state = fold([(MemorySet("name", "Ann"), *asked, ConversationPaused())])

    assert state.apply((SessionStarted(True),)) == DialogueState(
        slots={"size": "M"}, memory={"name": "Ann"}
    )
    assert state.apply((SessionStarted(False),)).slots == {}


def test_an_emptied_slot_stays_empty_in_the_next_session() -> None:
    state = fold([(SlotSet("size", "M"), SlotSet("size", None), SessionStarted(True))])
    assert state.moves == (SlotSet("size", None),)


def test_a_task_can_be_taken_back_to_however_long_ago_it_began() -> None:
    long = [(ActionTaken("utter_a"), SlotSet("n", n)) for n in range(400)]
    state = fold([(TaskStarted("order"), SlotRequested("size")), *long])
    undone = state.apply((MessageUnderstood("faq"), MessageReverted()))
    assert (undone.task, undone.requested_slot, undone.slots) == ("order", "size", {"n": 399})
