"""Which replies ask the customer for a thumb."""

import pytest

from cs_bot.blocks import Text
from cs_bot.events import Event, SlotRequested, TaskEnded
from cs_bot.stores.entries import is_rated
from cs_bot.types import Reply, Trace


def trace(by: str, *events: Event, generated: bool = False) -> Trace:
    return Trace(Reply((Text("..."),), events=events, generated=generated), by, ())


@pytest.mark.parametrize("stage", ["kbqa", "cache"])
def test_a_curated_answer_is_rated_wherever_it_came_from(stage: str) -> None:
    assert is_rated(trace(stage))


def test_a_task_is_rated_when_it_has_answered_not_while_it_asks() -> None:
    assert not is_rated(trace("task", SlotRequested("order_id")))
    assert is_rated(trace("task", TaskEnded("order_status", "completed")))


def test_small_talk_is_rated_only_when_a_model_wrote_it() -> None:
    assert not is_rated(trace("chat"))
    assert is_rated(trace("chat", generated=True))
