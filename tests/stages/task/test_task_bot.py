"""Leading a task of several slots, its outside world played by a script."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_bot.blocks import plain_text
from cs_bot.errors import ServiceFailed, UnknownName
from cs_bot.events import (
    DialogueState,
    Event,
    HandoffOffered,
    Move,
    SlotRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
    event_as_dict,
    event_from_dict,
    fold,
)
from cs_bot.settings import Table
from cs_bot.stages.task.actions.execution import execution_key
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected, Kind
from cs_bot.stages.task.actions.outcome import ActionEvent, ActionOutcome, Said
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.project import Project, Slot, SlotMapping, Task, TaskForm, Variation
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import (
    Abstain,
    Candidate,
    Entity,
    Exchange,
    Intent,
    Picked,
    Reading,
    Reply,
    Step,
    Submitted,
)

FORM = TaskForm("refund_form", ("order_id", "reason"))
REFUND = Task("refund", ("ask_refund",), FORM, ("action_refund", "utter_refunded"))
HOURS = Task("ask_hours", ("ask_hours",), None, ("utter_hours",))
PROJECT = Project(
    Path(),
    slots={
        "order_id": Slot("order_id", mappings=(SlotMapping("from_entity", "order_id"),)),
        "reason": Slot("reason", mappings=(SlotMapping("from_text"),)),
        "refund_id": Slot("refund_id"),
    },
    forms={"refund_form": FORM},
    responses={
        "utter_ask_order_id": (Variation("Which order?"),),
        "utter_ask_reason": (Variation("Why?"),),
        "utter_refunded": (Variation("Refund {refund_id} for {order_id}: {reason}"),),
        "utter_hours": (Variation("9 to 5"),),
        "utter_odd": (Variation("That is odd"),),
    },
    tasks=(REFUND, HOURS),
)


@dataclass
class Script:
    """Actions that return what the test says, one outcome a call."""

    outcomes: dict[str, list[ActionOutcome | Exception]]
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    changing: tuple[str, ...] = ()

    def facts(self, name: str) -> ActionFacts:
        return ActionFacts(changes=name in self.changing)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.outcomes)

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        self.calls.append((name, tracker))
        outcome = self.outcomes[name].pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def script(**outcomes: Sequence[ActionOutcome | Exception]) -> Script:
    refunded = (ActionOutcome((("refund_id", "R9"),)),)
    told = {"action_refund": refunded, **outcomes}
    return Script({name: list(each) for name, each in told.items()})


def odd(*slots: tuple[str, Any]) -> ActionOutcome:
    return ActionOutcome(slots, (Said("utter_odd", Variation(), {}),))


@dataclass
class Talk:
    """Says payloads (`/intent{...}`) or words to the two stages."""

    actions: Script
    settings: TaskSettings = field(default_factory=TaskSettings)
    state: DialogueState = field(default_factory=DialogueState)
    outcome: Reply | Abstain = field(default_factory=lambda: Abstain("nothing said"))
    project: Project = PROJECT

    async def says(self, text: str, **turn: Any) -> str:
        bot = TaskBot(self.project, self.actions, self.settings)
        said = replace(turn_of(text, state=self.state), **{"reading": meaning(text), **turn})
        outcome = await ActiveTask(bot).handle(said)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(bot).handle(said)
        self.outcome = outcome
        if isinstance(outcome, Abstain):
            return outcome.reason
        self.state = self.state.apply(outcome.events)
        return plain_text(outcome.blocks)


def told(reply: Reply) -> tuple[Event, ...]:
    """Return the events of a reply without those that only policies look at."""
    return tuple(event for event in reply.events if not isinstance(event, Move))


def meaning(text: str) -> Callable[[], Awaitable[Reading]]:
    async def read() -> Reading:
        return parsed_payload(text) or Reading()

    return read


async def test_slots_are_asked_for_in_order_and_the_actions_run() -> None:
    talk = Talk(script())

    assert await talk.says("/ask_refund") == "Which order?"
    assert await talk.says('/inform{"order_id": "A1"}') == "Why?"
    assert await talk.says("too late") == "Refund R9 for A1: too late"

    assert talk.state == DialogueState(
        slots={"order_id": "A1", "reason": "too late", "refund_id": "R9"}
    )
    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.ref == "refund"
    assert talk.outcome.detail == {
        "actions": ("action_refund",),
        "because": "the loop refund_form is active",
    }


async def test_what_the_first_message_says_is_not_asked_for() -> None:
    talk = Talk(script())

    assert await talk.says('/ask_refund{"order_id": "A1"}') == "Why?"
    assert isinstance(talk.outcome, Reply)
    assert told(talk.outcome) == (
        TaskStarted("refund"),
        SlotSet("order_id", "A1"),
        SlotRequested("reason"),
    )


async def test_the_action_sees_the_conversation() -> None:
    talk = Talk(script())
    await talk.says('/ask_refund{"order_id": "A1"}')
    await talk.says("too late")

    name, tracker = talk.actions.calls[-1]
    assert name == "action_refund"
    assert tracker["active_loop"] == {}  # the form is full
    assert tracker["slots"]["reason"] == "too late"
    assert tracker["slots"]["locale"] == "zh"
    assert tracker["slots"]["refund_id"] is None
    assert tracker["latest_message"]["text"] == "too late"


async def test_validation_sees_candidates_as_the_last_events_and_may_change_them() -> None:
    accepted = ActionOutcome((("order_id", "A-1"), ("reason", "guessed")))
    talk = Talk(script(validate_refund_form=[accepted]))

    answer = await talk.says('/ask_refund{"order_id": "a1"}')

    _, tracker = talk.actions.calls[0]
    assert tracker["events"][-1] == {
        "event": "slot",
        "timestamp": None,
        "name": "order_id",
        "value": "a1",
    }
    assert answer == "Refund R9 for A-1: guessed"


async def test_a_refused_value_is_said_and_asked_for_again() -> None:
    talk = Talk(script(validate_refund_form=[ActionOutcome(), odd(("order_id", None))]))
    await talk.says("/ask_refund")

    assert await talk.says('/inform{"order_id": "?"}') == "That is odd\nWhich order?"
    assert isinstance(talk.outcome, Reply)
    assert told(talk.outcome) == (SlotRejected("order_id"), SlotRequested("order_id"))


async def test_a_human_is_offered_after_as_many_refusals_as_the_settings_say() -> None:
    refusals = [odd(("order_id", None)) for _ in range(2)]
    actions = script(validate_refund_form=[ActionOutcome(), *refusals])
    talk = Talk(actions, TaskSettings(most_rejections=2))
    await talk.says("/ask_refund")
    await talk.says('/inform{"order_id": "?"}')

    await talk.says('/inform{"order_id": "!"}')

    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.handoff
    assert told(talk.outcome) == (
        SlotRejected("order_id"),
        TaskEnded("refund", "failed"),
        HandoffOffered("unusable_answers"),
    )


async def test_a_message_without_a_value_is_left_to_others() -> None:
    talk = Talk(script())
    await talk.says("/ask_refund")

    assert await talk.says("how long does it take?") == "miss"
    assert talk.state.requested_slot == "order_id"


@pytest.mark.parametrize(
    ("failing", "before"), [("validate_refund_form", [ActionOutcome()]), ("action_refund", [])]
)
async def test_a_failing_action_is_said_and_ends_the_task(
    failing: str, before: list[ActionOutcome]
) -> None:
    failure = ServiceFailed("orders", "HTTP 500 from 10.0.0.1")
    outcomes: dict[str, list[ActionOutcome | Exception]] = {failing: [*before, failure]}
    talk = Talk(script(**outcomes))
    await talk.says("/ask_refund")

    await talk.says('/inform{"order_id": "A1"}')
    answer = "" if talk.state.task is None else await talk.says("too late")

    assert talk.state.task is None
    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.handoff
    assert told(talk.outcome)[-2:] == (
        TaskEnded("refund", "failed"),
        HandoffOffered("task_failed"),
    )
    assert "10.0.0.1" not in answer + plain_text(talk.outcome.blocks)
    assert talk.outcome.blocks


async def test_an_action_may_send_the_customer_back_to_the_form() -> None:
    back = replace(odd(("order_id", None)), followup="refund_form")
    talk = Talk(script(action_refund=[back]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    answer = await talk.says("too late")

    assert answer.startswith("That is odd")
    assert answer.endswith("Which order?")
    assert talk.state.slots == {"reason": "too late"}
    assert talk.state.requested_slot == "order_id"


@pytest.mark.parametrize("emptied", ["*", "order_id"])
async def test_an_action_may_clean_up_its_slots(emptied: str) -> None:
    talk = Talk(script(action_refund=[odd((emptied, None))]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    await talk.says("too late")

    assert talk.state.task is None
    assert "order_id" not in talk.state.slots


def failing(kind: Kind, *, unsure: bool = False) -> ActionFailed:
    failure = ActionFailed("action_refund", "no answer within 8 s", kind)
    failure.unsure = unsure
    return failure


@pytest.mark.parametrize(
    ("failure", "responses", "said"),
    [
        (failing("late"), {"utter_task_late": "late"}, "late"),
        (failing("late"), {"utter_task_failed": "own"}, "own"),
        (failing("resting"), {}, "Sorry, the system is not available at the moment."),
        (failing("late", unsure=True), {"utter_task_failed": "again!"}, "I cannot tell whether"),
    ],
)
async def test_each_kind_of_failure_is_told_in_its_words(
    failure: ActionFailed, responses: dict[str, str], said: str
) -> None:
    own = {name: (Variation(text),) for name, text in responses.items()}
    project = replace(PROJECT, responses={**PROJECT.responses, **own})
    talk = Talk(Script({"action_refund": [failure]}), project=project)

    await talk.says('/ask_refund{"order_id": "A1"}', locale="en")

    assert said in await talk.says("too long", locale="en")
    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.detail["failure"] == "action action_refund: no answer within 8 s"


async def test_after_failures_in_a_row_nobody_is_asked_to_try_again() -> None:
    talk = Talk(script(action_refund=[failing("late"), failing("late"), ActionOutcome()]))
    for reason in ("task_failed", "task_failed_again"):
        await talk.says('/ask_refund{"order_id": "A1"}', locale="en")
        answer = await talk.says("too late", locale="en")
        assert isinstance(talk.outcome, Reply)
        assert talk.outcome.events[-1] == HandoffOffered(reason)
    assert answer == "Sorry, it still does not work. Our staff can take it from here."

    await talk.says('/ask_refund{"order_id": "A1"}')
    await talk.says("too late")
    assert talk.state.failures == 0


async def test_an_action_sees_what_ran_before_it_in_the_turn() -> None:
    refund = replace(REFUND, actions=("action_refund", "action_refund"))
    project = replace(PROJECT, tasks=(refund,))
    talk = Talk(script(action_refund=[ActionOutcome(), ActionOutcome()]), project=project)
    await talk.says('/ask_refund{"order_id": "A1"}')
    await talk.says("too late")

    keys = [execution_key(name, tracker) for name, tracker in talk.actions.calls]
    assert len(set(keys)) == 2


async def test_an_action_that_reopens_a_full_form_has_failed() -> None:
    talk = Talk(script(action_refund=[ActionOutcome(followup="refund_form")]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    await talk.says("too late")

    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.handoff


async def test_an_action_without_words_is_not_silent() -> None:
    task = replace(HOURS, actions=("action_refund",))
    talk = Talk(script(), project=replace(PROJECT, tasks=(task,)))

    assert await talk.says("/ask_hours") == "好的，已经办好了。"


async def test_a_response_that_is_missing_leaves_the_turn_to_others() -> None:
    task = replace(HOURS, actions=("utter_gone",))
    talk = Talk(script(), project=replace(PROJECT, tasks=(task,)))

    assert await talk.says("/ask_hours") == "nothing_to_say"


async def test_a_failing_action_of_a_rule_is_said() -> None:
    task = replace(HOURS, actions=("action_refund",))
    actions = script(action_refund=[ServiceFailed("orders", "down")])
    talk = Talk(actions, project=replace(PROJECT, tasks=(task,)))

    assert "人工客服" in await talk.says("/ask_hours")


class NeverDone(Script):
    """Actions that do not end."""

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        await asyncio.Event().wait()
        return await super().run(name, tracker)


async def test_actions_that_take_too_long_together_are_said_to_have_failed() -> None:
    actions = NeverDone({"action_refund": []})
    talk = Talk(actions, TaskSettings(action_timeout_seconds=0.01))
    await talk.says('/ask_refund{"order_id": "A1"}')

    assert "人工客服" in await talk.says("too late")
    assert talk.state.task is None


@pytest.mark.parametrize("changing", [("action_refund",), ()])
async def test_nobody_is_asked_to_do_again_what_may_be_done(changing: tuple[str, ...]) -> None:
    cut_off = NeverDone({"action_refund": []}, changing=changing)
    refund = replace(REFUND, actions=("action_refund", "action_mail"))
    ends: list[ActionOutcome | Exception] = [ActionFailed("action_mail", "503", "busy")]
    failed_later = Script(
        {"action_refund": [ActionOutcome()], "action_mail": ends}, changing=changing
    )
    for actions in (cut_off, failed_later):
        project = replace(PROJECT, tasks=(refund,))
        talk = Talk(actions, TaskSettings(action_timeout_seconds=0.01), project=project)
        await talk.says('/ask_refund{"order_id": "A1"}', locale="en")
        answer = await talk.says("too late", locale="en")
        if changing:
            answer = await talk.says("yes", locale="en")

        assert ("Please do not submit it again" in answer) is bool(changing)


async def test_the_tracker_holds_what_was_said_before() -> None:
    talk = Talk(script())
    past = (Exchange("hello", "Hello!", "chat"),)
    await talk.says('/ask_refund{"order_id": "A1"}')
    await talk.says("too late", history=past)

    _, tracker = talk.actions.calls[-1]
    told = [(event["event"], event.get("text")) for event in tracker["events"]]
    assert told == [("user", "hello"), ("bot", "Hello!"), ("user", "too late")]


def with_slot(slot: Slot) -> Project:
    return replace(PROJECT, slots={**PROJECT.slots, slot.name: slot})


async def test_a_slot_only_an_action_can_read_is_left_to_it() -> None:
    custom = Slot("order_id", mappings=(SlotMapping("custom"),))
    extracted = ActionOutcome((("order_id", "A7"),))
    nothing = [ActionOutcome() for _ in range(3)]  # the first as the form begins
    actions = script(validate_refund_form=[*nothing, extracted])
    talk = Talk(actions, project=with_slot(custom))
    await talk.says("/ask_refund")

    assert await talk.says("the usual one, you know") == "miss"
    assert await talk.says("no") == "miss"
    assert talk.state.requested_slot == "order_id"
    assert await talk.says("the seventh") == "Why?"


async def test_what_an_earlier_task_found_out_is_validated_when_a_form_begins() -> None:
    actions = script(validate_refund_form=[ActionOutcome((("order_id", "A-7"),))])
    talk = Talk(actions, state=DialogueState(slots={"order_id": "a7"}))

    assert await talk.says("/ask_refund") == "Why?"
    assert talk.state.slots["order_id"] == "A-7"


async def test_what_an_earlier_task_found_out_and_does_not_fit_is_asked_for() -> None:
    talk = Talk(
        script(validate_refund_form=[odd(("order_id", None))]),
        state=DialogueState(slots={"order_id": "A7"}),
    )

    assert await talk.says("/ask_refund") == "That is odd\nWhich order?"
    assert talk.state.slots == {}


async def test_a_correction_that_is_refused_leaves_nothing_of_the_wrong_value() -> None:
    refused = odd(("order_id", None))
    talk = Talk(script(validate_refund_form=[ActionOutcome((("order_id", "A1"),)), refused]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    answer = await talk.says('no, {"order_id": "?"}', reading=meaning('/inform{"order_id": "?"}'))

    assert answer == "That is odd\nWhich order?"
    assert talk.state.slots == {}


async def test_the_class_of_a_form_may_ask_for_other_slots_than_the_domain() -> None:
    outcomes = [
        ActionOutcome((("requested_slot", "reason"),)),
        ActionOutcome((("reason", "broken"), ("requested_slot", "order_id"))),
    ]
    talk = Talk(script(validate_refund_form=outcomes))

    assert await talk.says("/ask_refund") == "Why?"
    assert await talk.says("broken") == "Which order?"


async def test_a_slot_that_only_the_class_of_a_form_asks_for_takes_the_answer() -> None:
    outcomes = [
        ActionOutcome((("requested_slot", "note"),)),
        ActionOutcome((("note", "at once"), ("requested_slot", "order_id"))),
    ]
    noted = Slot("note", mappings=(SlotMapping("from_text"),))
    talk = Talk(script(validate_refund_form=outcomes), project=with_slot(noted))

    await talk.says("/ask_refund")
    await talk.says("at once")

    assert talk.actions.calls[-1][1]["slots"]["note"] == "at once"
    assert talk.state.requested_slot == "order_id"


async def test_what_a_form_wanted_is_not_asked_by_the_form_that_takes_its_place() -> None:
    days = TaskForm("hours_form", ("day",))
    wanted = ActionOutcome((("requested_slot", "reason"),))
    project = replace(
        with_slot(Slot("reason", mappings=(SlotMapping("custom"),))),
        forms={"refund_form": FORM, "hours_form": days},
        tasks=(REFUND, Task("hours", ("ask_hours",), days, ())),
        responses={**PROJECT.responses, "utter_ask_day": (Variation("Which day?"),)},
    )
    talk = Talk(script(validate_refund_form=[wanted, wanted]), project=project)

    assert await talk.says("/ask_refund") == "Why?"
    assert await talk.says("/ask_hours") == "Which day?"


@pytest.mark.parametrize(
    "end",
    [ActionOutcome((("requested_slot", None),)), ActionOutcome(leaves_loop=True)],
    ids=["no slot", "no loop"],
)
async def test_the_class_of_a_form_may_say_that_it_has_enough(end: ActionOutcome) -> None:
    talk = Talk(script(validate_refund_form=[end]))

    assert await talk.says('/ask_refund{"order_id": "A1"}') == "Refund R9 for A1:"


async def test_a_slot_with_an_initial_value_is_not_asked_for() -> None:
    talk = Talk(script(), project=with_slot(replace(PROJECT.slots["order_id"], initial="A0")))

    assert await talk.says("/ask_refund") == "Why?"
    assert talk.state.slots == {"order_id": "A0"}


async def test_followups_are_bounded() -> None:
    circle: list[ActionOutcome | Exception] = [
        ActionOutcome(followup="action_refund") for _ in range(50)
    ]
    talk = Talk(script(action_refund=circle))
    await talk.says('/ask_refund{"order_id": "A1"}')

    await talk.says("too late")

    assert isinstance(talk.outcome, Reply)
    assert talk.outcome.handoff
    assert len(talk.actions.calls) == 10


async def test_an_action_that_refuses_leaves_the_turn_to_others() -> None:
    talk = Talk(script(validate_refund_form=[ActionRejected("no")]))
    await talk.says("/ask_refund")

    assert await talk.says('/inform{"order_id": "A1"}') == "miss"


async def test_an_action_cannot_set_a_slot_the_domain_lacks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    talk = Talk(script(action_refund=[ActionOutcome((("colour", "red"),))]))
    await talk.says('/ask_refund{"order_id": "A1"}')
    await talk.says("too late")

    assert "colour" not in talk.state.slots
    assert "the slot colour, which the domain does not have" in caplog.text


async def test_a_rule_without_a_form_answers_at_once() -> None:
    talk = Talk(script())

    assert await talk.says("/ask_hours") == "9 to 5"
    assert talk.state.task is None


async def test_a_rule_without_a_form_answers_in_between_and_the_form_asks_again() -> None:
    talk = Talk(script())
    await talk.says("/ask_refund")

    assert await talk.says("/ask_hours") == "9 to 5\nWhich order?"
    assert (talk.state.task, talk.state.requested_slot) == ("refund", "order_id")
    assert await talk.says('/inform{"order_id": "A1"}') == "Why?"


async def test_another_form_ends_the_running_one_where_nothing_may_wait() -> None:
    form = TaskForm("swap_form", ("reason",))
    swap = Task("swap", ("ask_swap",), form, ("utter_hours",))
    forms = {**PROJECT.forms, "swap_form": form}
    project = replace(PROJECT, forms=forms, tasks=(*PROJECT.tasks, swap))
    talk = Talk(script(), TaskSettings(most_suspended=0), project=project)
    await talk.says("/ask_refund")

    assert await talk.says("/ask_swap") == "Why?"

    assert isinstance(talk.outcome, Reply)
    assert told(talk.outcome)[:2] == (TaskEnded("refund", "cancelled"), TaskStarted("swap"))
    assert await talk.says("too small") == "9 to 5"
    assert talk.state.task is None


ASKS = "请您确认：现在为您办理吗？\norder id：{order}；reason：too late\n[确认]\n[取消]"


def changing() -> Script:
    return Script(
        {"action_refund": [ActionOutcome((("refund_id", "R9"),))]}, changing=("action_refund",)
    )


async def asked_to_confirm() -> Talk:
    talk = Talk(changing())
    await talk.says('/ask_refund{"order_id": "A1"}')
    assert await talk.says("too late") == ASKS.format(order="A1")
    return talk


@pytest.mark.parametrize("yes", ["是的", "好的，确认", "Yes please", "ok", "/affirm"])
async def test_what_changes_something_runs_after_a_yes(yes: str) -> None:
    talk = await asked_to_confirm()
    assert talk.actions.calls == []

    assert await talk.says(yes) == "Refund R9 for A1: too late"
    assert [name for name, _ in talk.actions.calls] == ["action_refund"]
    assert talk.state.task is None


@pytest.mark.parametrize("no", ["不用了", "算了", "no", "/deny"])
async def test_it_does_not_run_after_a_no(no: str) -> None:
    talk = await asked_to_confirm()

    assert await talk.says(no) == "好的，已为您停止。需要时您随时叫我。"
    assert talk.actions.calls == []
    assert talk.state.task is None


async def test_another_question_in_between_is_left_to_others_and_the_bot_asks_again() -> None:
    talk = await asked_to_confirm()

    assert await talk.says("how long does it take?") == "miss"
    bot = TaskBot(PROJECT, talk.actions, TaskSettings())
    reminder = bot.reminder(talk.state, "en")
    assert plain_text(reminder).startswith("Please confirm: shall I go ahead?")
    assert await talk.says("yes") == "Refund R9 for A1: too late"


async def test_what_only_the_class_of_a_form_can_read_is_put_right_at_the_last_moment() -> None:
    custom = Slot("reason", mappings=(SlotMapping("custom"),))
    outcomes = [
        ActionOutcome((("reason", "too late"),)),
        ActionOutcome(),
        ActionOutcome((("reason", "broken"),)),
    ]
    actions = script(validate_refund_form=outcomes)
    actions.changing = ("action_refund",)
    talk = Talk(actions, project=with_slot(custom))
    await talk.says('/ask_refund{"order_id": "A1"}')

    assert await talk.says("what does it cost?") == "miss"
    assert "Please confirm" in await talk.says("no, it is broken", locale="en")
    assert await talk.says("yes") == "Refund R9 for A1: broken"


async def test_a_value_put_right_at_the_last_moment_is_confirmed_again() -> None:
    talk = await asked_to_confirm()

    assert await talk.says('/inform{"order_id": "A2"}') == ASKS.format(order="A2")
    assert await talk.says("对的") == "Refund R9 for A2: too late"


async def test_a_rule_without_a_form_asks_as_well() -> None:
    task = replace(HOURS, actions=("action_refund",))
    talk = Talk(changing(), project=replace(PROJECT, tasks=(task,)))

    assert await talk.says("/ask_hours") == "请您确认：现在为您办理吗？\n[确认]\n[取消]"
    assert await talk.says("确认") == "好的，已经办好了。"
    assert len(talk.actions.calls) == 1


@pytest.mark.parametrize("taken_back", ["no, it is A2", "不对，是A2"])
async def test_a_correction_puts_a_slot_right_and_is_no_answer(taken_back: str) -> None:
    talk = Talk(script())
    await talk.says('/ask_refund{"order_id": "A1"}')
    told = Entity("order_id", "A2", len(taken_back) - 2, len(taken_back), "pattern")

    async def read() -> Reading:
        return Reading(entities=(told,))

    assert await talk.says(taken_back, reading=read) == "Why?"
    assert talk.state.slots == {"order_id": "A2"}


async def test_an_action_may_begin_the_conversation_anew() -> None:
    anew = replace(odd(), events=(ActionEvent("restart"),))
    talk = Talk(script(action_refund=[anew]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    assert await talk.says("too late") == "That is odd"
    assert talk.state == DialogueState()


async def test_an_action_may_reject_itself_by_an_event() -> None:
    rejects = ActionOutcome(events=(ActionEvent("action_execution_rejected"),))
    talk = Talk(script(action_refund=[rejects]))
    await talk.says('/ask_refund{"order_id": "A1"}')

    assert await talk.says("too late") == "miss"
    assert talk.state.requested_slot == "reason"


async def test_an_action_may_ask_for_a_slot() -> None:
    sizes = replace(odd(("refund_id", "R0")), said=(Said(None, Variation("A1 or A2?"), {}),))
    asking = replace(PROJECT, actions=("action_ask_refund_form_order_id",))
    talk = Talk(script(action_ask_refund_form_order_id=[sizes, sizes]), project=asking)

    assert await talk.says("/ask_refund") == "A1 or A2?"
    assert talk.state.slots == {"refund_id": "R0"}
    assert talk.actions.calls[0][1]["slots"]["requested_slot"] == "order_id"
    assert await talk.says('/inform{"order_id": "A1"}') == "Why?"


async def test_the_reminder_is_the_open_question() -> None:
    bot = TaskBot(PROJECT, script(), TaskSettings())
    waiting = DialogueState(task="refund", requested_slot="reason")

    assert plain_text(bot.reminder(waiting, "en")) == "Why?"
    assert bot.reminder(DialogueState(), "en") == ()
    assert bot.reminder(DialogueState(task="gone", requested_slot="reason"), "en") == ()


async def test_a_task_of_an_earlier_project_holds_nobody_up() -> None:
    talk = Talk(script(), state=DialogueState(task="gone", requested_slot="x"))

    assert await talk.says("hello") == "miss"
    assert await talk.says("/ask_refund") == "Which order?"


def kbqa_step(task: str) -> tuple[Step, ...]:
    return (Step("kbqa", "starts_task", 1.0, detail={"task": task}),)


@pytest.mark.parametrize("name", ["refund", "refund_form"])
async def test_a_pair_of_the_knowledge_base_starts_its_task(name: str) -> None:
    talk = Talk(script())

    assert await talk.says("I want my money back", steps=kbqa_step(name)) == "Which order?"


async def test_a_pair_with_an_unknown_task_starts_none(caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk(script())

    assert await talk.says("hello", steps=kbqa_step("refnd")) == "miss"
    assert "refnd" in caplog.text


@pytest.mark.parametrize(
    ("intents", "outcome"),
    [
        ({"ask_refund": 0.9, "ask_hours": 0.1}, "started"),
        ({"ask_refund": 0.4, "ask_hours": 0.1}, "below_threshold"),
        ({"ask_refund": 0.5, "ask_hours": 0.45}, "asked"),
        ({"ask_refund": 0.35, "ask_hours": 0.3}, "below_threshold"),
        ({"chitchat": 0.9}, "miss"),
    ],
)
async def test_an_intent_starts_its_task_when_it_is_likely_and_clear(
    intents: dict[str, float], outcome: str
) -> None:
    async def read() -> Reading:
        return Reading(tuple(Intent(name, share) for name, share in intents.items()))

    turn = replace(turn_of("x"), reading=read)
    answer = await NewTask(TaskBot(PROJECT, script(), TaskSettings())).handle(turn)

    assert (answer.reason if isinstance(answer, Abstain) else _done(answer)) == outcome
    if outcome in ("below_threshold", "ambiguous"):
        share = intents["ask_refund"]
        assert answer.candidates[0] == Candidate("refund", "refund", share, "intent")


def _done(answer: Reply) -> str:
    return "asked" if "asks_which" in answer.detail else "started"


@pytest.mark.parametrize("payload", [Picked("p1"), Submitted("f1", {})])
async def test_picked_lines_and_submitted_forms_are_for_others(payload: Picked | Submitted) -> None:
    waiting = DialogueState(task="refund", requested_slot="reason")
    turn = turn_of("words", payload=payload, state=waiting)
    bot = TaskBot(PROJECT, script(), TaskSettings())

    for stage in (ActiveTask(bot), NewTask(bot)):
        assert await stage.handle(turn) == Abstain("not_for_task")


async def test_without_a_running_task_the_active_stage_is_silent() -> None:
    bot = TaskBot(PROJECT, script(), TaskSettings())

    assert await ActiveTask(bot).handle(turn_of("hello")) == Abstain("not_active")


UTTERANCES = st.sampled_from(
    [
        "/ask_refund",
        '/inform{"order_id": "A1"}',
        "too late",
        "算了",
        "cancel",
        "/ask_hours",
        "",
        "?",
    ]
)


@settings(deadline=None)
@given(st.lists(UTTERANCES, max_size=12), st.sets(st.integers(0, 12)))
async def test_the_log_alone_tells_the_state(texts: list[str], failing: set[int]) -> None:
    outcomes: list[ActionOutcome | Exception] = [
        ServiceFailed("orders", "down") if n in failing else ActionOutcome() for n in range(12)
    ]
    talk = Talk(script(action_refund=outcomes))
    stored: list[list[dict[str, Any]]] = []
    for text in texts:
        before = talk.state
        await talk.says(text)
        events = talk.outcome.events if isinstance(talk.outcome, Reply) else ()
        stored.append([event_as_dict(event) for event in events])
        if isinstance(talk.outcome, Abstain):
            assert talk.state == before
            stored.pop()
        else:
            assert talk.outcome.blocks
        assert (talk.state.task is None) == (talk.state.requested_slot is None)

    assert fold([event_from_dict(item) for item in turn] for turn in stored) == talk.state


def test_settings_are_read_from_their_table() -> None:
    table = Table("stages.task", {"threshold": 0.7, "most_rejections": 2})

    assert table.read(TaskSettings) == TaskSettings(threshold=0.7, most_rejections=2)
    with pytest.raises(UnknownName, match="did you mean 'threshold'"):
        Table("stages.task", {"treshold": 0.7}).read(TaskSettings)


def test_actions_that_no_file_has_are_named_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    TaskBot(PROJECT, Script({}), TaskSettings())

    assert "nothing runs the action action_refund of the task refund" in caplog.text
