"""Actions are run again where that is safe, left alone while they rest, and never both run twice
and change something twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.errors import ServiceFailed
from cs_bot.stages.task.actions.execution import key_of
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected, Kind, spoken
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.actions.resilient import ResilientActions, Surroundings
from cs_bot.stages.task.actions.settings import ActionSettings

TRACKER = {"sender_id": "c1", "latest_message": {"message_id": "m_1"}, "slots": {}, "events": []}
DONE = ActionOutcome((("done", True),))
READS = ActionFacts(idempotent=True)


def failing(kind: Kind, *, reached: bool = True, wait_seconds: float = 0.0) -> ActionFailed:
    return ActionFailed("action_x", kind, kind, reached=reached, wait_seconds=wait_seconds)


@dataclass
class World:
    """A clock that sleeping moves, the largest of all chances, and the sleeps so far."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)
    chance: float = 1.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def surroundings(self) -> Surroundings:
        return Surroundings(lambda: self.now, self.sleep, lambda: self.chance)


@dataclass
class Source:
    """Gives what the test says, one a call; then it succeeds."""

    ends: list[ActionOutcome | Exception] = field(default_factory=list)
    known: ActionFacts = READS
    names: frozenset[str] = frozenset({"action_x"})
    keys: list[str] = field(default_factory=list)

    def facts(self, name: str) -> ActionFacts:
        return self.known

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        self.keys.append(key_of(tracker))
        end = self.ends.pop(0) if self.ends else DONE
        if isinstance(end, Exception):
            raise end
        return end


def actions(source: Source, world: World | None = None, **settings: Any) -> ResilientActions:
    return ResilientActions(
        [source],
        ActionSettings(**settings),
        timeout_seconds=8.0,
        surroundings=(world or World()).surroundings(),
    )


async def failure(runner: ResilientActions) -> ActionFailed:
    with pytest.raises(ActionFailed) as raised:
        await runner.run("action_x", TRACKER)
    return raised.value


async def test_what_only_reads_is_tried_again_after_growing_waits() -> None:
    source, world = Source([failing("late"), failing("broken")]), World()

    assert await actions(source, world).run("action_x", TRACKER) == DONE

    assert world.slept == [0.2, 0.4]
    assert len(set(source.keys)) == 1
    assert len(source.keys) == 3


async def test_the_wait_is_any_time_up_to_the_bound() -> None:
    source, world = Source([failing("late"), failing("broken")]), World(chance=0.25)

    await actions(source, world).run("action_x", TRACKER)

    assert world.slept == [0.05, 0.1]


async def test_the_bound_has_a_bound() -> None:
    source, world = Source([failing("broken")] * 5), World()

    await actions(source, world, attempts=6, most_backoff_seconds=0.5, rest_after=9).run(
        "action_x", TRACKER
    )

    assert world.slept == [0.2, 0.4, 0.5, 0.5, 0.5]


async def test_who_asks_to_be_left_alone_is() -> None:
    source, world = Source([failing("busy", reached=False, wait_seconds=3.0)]), World()

    await actions(source, world).run("action_x", TRACKER)

    assert world.slept == [3.0]


async def test_a_wait_beyond_the_time_of_the_action_is_not_begun() -> None:
    source, world = Source([failing("busy", reached=False, wait_seconds=8.0)]), World()

    assert (await failure(actions(source, world))).kind == "busy"
    assert world.slept == []


async def test_the_last_attempt_counts() -> None:
    source = Source([failing("late"), failing("broken"), failing("raised"), failing("late")])

    assert (await failure(actions(source))).kind == "raised"
    assert len(source.keys) == 3


@pytest.mark.parametrize("kind", ["late", "broken", "raised"])
async def test_what_may_have_been_done_is_not_done_again(kind: Kind) -> None:
    source = Source([failing(kind)], ActionFacts(changes=True))

    failed = await failure(actions(source))

    assert len(source.keys) == 1
    assert failed.unsure
    assert spoken(failed) == ("utter_task_unsure",)


@pytest.mark.parametrize("kind", ["unreachable", "busy"])
async def test_what_was_not_reached_is_tried_again_whatever_it_does(kind: Kind) -> None:
    source = Source([failing(kind, reached=False)], ActionFacts(changes=True))

    assert await actions(source).run("action_x", TRACKER) == DONE


async def test_a_change_that_may_be_repeated_stays_unsure_once_it_was_reached() -> None:
    ends: list[ActionOutcome | Exception] = [failing("late"), failing("unreachable", reached=False)]
    source = Source(ends, ActionFacts(changes=True, idempotent=True))

    failed = await failure(actions(source, attempts=2))

    assert (failed.kind, failed.unsure) == ("unreachable", True)


async def test_settings_say_what_the_code_does_not() -> None:
    source = Source([failing("late"), failing("late")], ActionFacts())
    runner = actions(source, attempts=2, idempotent=("action_x",), changing=("action_x",))

    assert (await failure(runner)).unsure
    assert len(source.keys) == 2
    assert runner.facts("action_x") == ActionFacts(changes=True, idempotent=True)


async def test_a_refusal_is_no_failure() -> None:
    source = Source([ActionRejected("no"), *[failing("raised")] * 4])
    runner = actions(source, attempts=1, rest_after=5)

    with pytest.raises(ActionRejected):
        await runner.run("action_x", TRACKER)
    assert [(await failure(runner)).kind for _ in range(4)] == ["raised"] * 4
    assert await runner.run("action_x", TRACKER) == DONE


async def test_many_failures_let_it_rest_and_then_it_is_tried() -> None:
    source, world = Source([failing("broken")] * 5), World()
    runner = actions(source, world, attempts=1)
    for _ in range(5):
        await failure(runner)

    resting = await failure(runner)
    assert resting.kind == "resting"
    assert str(resting) == (
        "action action_x: is left alone for 30 s more after 5 failures in a row"
    )
    assert spoken(resting) == ("utter_task_unavailable", "utter_task_failed")
    assert len(source.keys) == 5

    world.now += 30.0
    assert await runner.run("action_x", TRACKER) == DONE


async def test_failures_that_open_the_circuit_end_the_repetitions_too() -> None:
    source = Source([failing("broken")] * 9)

    assert (await failure(actions(source, attempts=9, rest_after=3))).kind == "resting"
    assert len(source.keys) == 3


async def test_too_many_calls_at_once_are_no_sign_of_a_broken_action() -> None:
    source = Source([failing("busy", reached=False)] * 10)
    runner = actions(source, attempts=1, rest_after=3)

    assert [(await failure(runner)).kind for _ in range(10)] == ["busy"] * 10


async def test_a_call_that_is_cancelled_leaves_the_try_to_another() -> None:
    @dataclass
    class Waiting(Source):
        entered: asyncio.Event = field(default_factory=asyncio.Event)

        async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
            if not self.ends:
                self.entered.set()
                await asyncio.Event().wait()
            return await super().run(name, tracker)

    source, world = Waiting([failing("broken")]), World()
    runner = actions(source, world, attempts=1, rest_after=1)
    await failure(runner)
    world.now += 30.0
    trying = asyncio.ensure_future(runner.run("action_x", TRACKER))
    await source.entered.wait()
    trying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trying

    source.ends = [DONE]
    assert await runner.run("action_x", TRACKER) == DONE


async def test_one_execution_has_an_end_even_when_its_source_has_none() -> None:
    class Endless(Source):
        async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
            await asyncio.Event().wait()
            return DONE

    runner = ResilientActions([Endless()], ActionSettings(), timeout_seconds=0.05)

    with pytest.raises(ActionFailed, match=r"no answer within 0\.05 s, repetitions included"):
        await runner.run("action_x", TRACKER)


async def test_the_first_source_that_has_an_action_runs_it() -> None:
    near = Source([ActionOutcome((("near", 1),))])
    far = Source([ActionOutcome((("far", 1),))], names=frozenset({"action_x", "action_far"}))
    runner = ResilientActions([near, far], ActionSettings(), timeout_seconds=8.0)

    assert runner.names == {"action_x", "action_far"}
    assert (await runner.run("action_x", TRACKER)).slots == (("near", 1),)
    assert (await runner.run("action_far", TRACKER)).slots == (("far", 1),)


async def test_an_action_nobody_has_is_a_failure() -> None:
    runner = ResilientActions([], ActionSettings(), timeout_seconds=8.0)

    with pytest.raises(ActionFailed, match="action action_x: it has no code"):
        await runner.run("action_x", TRACKER)


@pytest.mark.parametrize(
    ("raised", "responses"),
    [
        (failing("broken"), ("utter_task_failed",)),
        (failing("late"), ("utter_task_late", "utter_task_failed")),
        (failing("busy"), ("utter_task_unavailable", "utter_task_failed")),
        (ServiceFailed("task refund", "too long"), ("utter_task_failed",)),
        (
            ActionFailed("action_x", "?", "late", response="utter_orders_down"),
            ("utter_orders_down", "utter_task_late", "utter_task_failed"),
        ),
    ],
)
def test_each_kind_of_failure_has_its_words(
    raised: ServiceFailed, responses: tuple[str, ...]
) -> None:
    assert spoken(raised) == responses


@dataclass
class Service(Source):
    """Meets each request with a fate: not reached, done and answered, done and not answered."""

    fates: list[str] = field(default_factory=list)
    knows_keys: bool = True
    done: list[str] = field(default_factory=list)

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        fate = self.fates.pop(0) if self.fates else "answered"
        if fate in ("unreachable", "busy"):
            raise failing("unreachable" if fate == "unreachable" else "busy", reached=False)
        key = key_of(tracker)
        if not (self.knows_keys and key in self.done):
            self.done.append(key)
        if fate == "answered":
            return DONE
        raise failing("late" if fate == "late" else "broken")


FATES = st.lists(st.sampled_from(["unreachable", "busy", "late", "broken", "answered"]))


async def ends(service: Service, attempts: int) -> ActionOutcome | ActionFailed:
    try:
        return await actions(service, attempts=attempts).run("action_x", TRACKER)
    except ActionFailed as failed:
        return failed


@given(FATES, st.booleans(), st.integers(1, 6))
async def test_nothing_is_changed_twice_and_nobody_is_told_a_thing_that_is_not_so(
    fates: list[str], knows_keys: bool, attempts: int
) -> None:
    facts = ActionFacts(changes=True, idempotent=knows_keys)
    service = Service(known=facts, fates=fates, knows_keys=knows_keys)

    end = await ends(service, attempts)

    assert len(service.done) <= 1
    if isinstance(end, ActionFailed):
        assert end.unsure == bool(service.done)
    else:
        assert len(service.done) == 1


async def test_a_service_that_only_claims_to_know_keys_changes_twice() -> None:
    facts = ActionFacts(changes=True, idempotent=True)
    service = Service(known=facts, fates=["late"], knows_keys=False)

    await ends(service, 3)

    assert len(service.done) == 2
