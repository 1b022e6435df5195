"""What is written down as JSON is read back as it was."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import (
    Button,
    Buttons,
    Card,
    Field,
    Form,
    Image,
    Notice,
    Option,
    Suggest,
    Suggestion,
)
from cs_bot.blocks import Text as TextBlock
from cs_bot.events import (
    Event,
    HandoffOffered,
    LocaleSet,
    MemorySet,
    MessageLeft,
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
)
from cs_bot.stores.codec import (
    digest,
    events_as_json,
    events_from_json,
    pair_as_json,
    pair_from_json,
    trace_as_json,
    trace_from_json,
)
from cs_bot.stores.columns import dump_json, storable
from cs_bot.testing.rich_answers import rich_answers
from cs_bot.types import (
    Answer,
    Candidate,
    Entity,
    Intent,
    ModelName,
    QAPair,
    Reading,
    Reply,
    Step,
    Trace,
    Wording,
)

words = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), numbers, words)
times = st.datetimes(timezones=st.timezones()).map(
    lambda at: datetime.fromisoformat(at.isoformat())
)
details = st.dictionaries(words, plain, max_size=3)
buttons = st.builds(Button, words, words, st.none() | words, st.none() | words)
blocks = st.one_of(
    st.builds(TextBlock, words, st.sampled_from(["plain", "md"])),
    st.builds(Buttons, st.lists(buttons, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(
        Suggest,
        st.lists(st.builds(Suggestion, words, words), min_size=1, max_size=3).map(tuple),
        words,
        st.none() | words,
    ),
    st.builds(
        Form,
        words,
        words,
        st.lists(
            st.builds(
                Field,
                words,
                st.sampled_from(["text", "select"]),
                words,
                options=st.lists(st.builds(Option, words, words), max_size=2).map(tuple),
            ),
            min_size=1,
            max_size=2,
        ).map(tuple),
        words,
    ),
    st.builds(Image, words, words),
    st.builds(
        Card, words, words, st.none() | words, words, st.lists(buttons, max_size=2).map(tuple)
    ),
    st.builds(Notice, words),
)
told = st.lists(st.dictionaries(words, plain, max_size=2), max_size=2).map(tuple)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(LocaleSet, words),
    st.builds(TaskStarted, words),
    st.builds(SlotSet, words, plain),
    st.builds(SlotRequested, st.none() | words),
    st.builds(SlotRejected, words),
    st.builds(TaskEnded, words, words),
    st.builds(Suggested, st.lists(words, max_size=3).map(tuple)),
    st.builds(HandoffOffered, words),
    st.builds(MessageLeft, words, words, words),
    st.builds(MemorySet, words, words),
    st.builds(TaskSuspended, words, st.none() | words, st.lists(words, max_size=2).map(tuple)),
    st.builds(TaskPostponed, words, words, told),
    st.builds(TaskResumed, words, st.dictionaries(words, plain, max_size=2)),
    st.builds(
        TasksOffered,
        st.lists(words, max_size=2).map(tuple),
        st.lists(words, max_size=2).map(tuple),
        told,
    ),
)
candidates = st.lists(
    st.builds(Candidate, words, words, numbers, words, st.dictionaries(words, numbers, max_size=2)),
    max_size=2,
).map(tuple)
replies = st.builds(
    Reply,
    blocks=st.lists(blocks, max_size=3).map(tuple),
    score=numbers,
    candidates=candidates,
    events=st.lists(events, max_size=4).map(tuple),
    ref=st.none() | words,
    suggestions=candidates,
    handoff=st.booleans(),
    generated=st.booleans(),
    impersonal=st.booleans(),
    logged_text=st.none() | words,
    holds_from=st.none() | times,
    holds_until=st.none() | times,
    detail=details,
)
shares = st.integers(0, 10_000).map(lambda share: share / 10_000)
readings = st.builds(
    Reading,
    st.lists(st.builds(Intent, words, shares), max_size=3).map(tuple),
    st.lists(
        st.builds(
            Entity, words, plain, st.integers(0, 9), st.integers(0, 9), words, st.none() | names
        ),
        max_size=2,
    ).map(tuple),
    shares,
    st.none() | words,
)
traces = st.builds(
    Trace,
    replies,
    words,
    st.lists(st.builds(Step, words, words, numbers, candidates, details), max_size=3).map(tuple),
    st.none() | words,
    st.none() | st.builds(ModelName, words, words),
    st.none() | readings,
)
wordings = st.builds(Wording, words, st.lists(words, max_size=2).map(tuple), words)
pairs = st.builds(
    QAPair,
    words,
    words,
    st.lists(words, max_size=3).map(tuple),
    words,
    st.sampled_from(["zh", "en"]),
    st.dictionaries(words, wordings, max_size=2),
    words,
    st.lists(words, max_size=2).map(tuple),
    st.none() | words,
    rich_answers(),
    st.lists(words, max_size=2).map(tuple),
    st.none() | times,
    st.none() | times,
)


WAITING: tuple[tuple[Event, dict[str, Any]], ...] = (
    (
        TaskSuspended("return", "reason", ("order_id",)),
        {"event": "task_suspended", "task": "return", "awaits": "reason", "keeps": ["order_id"]},
    ),
    (
        TaskPostponed("bill", "ask_bill", ({"name": "order_id", "value": "1"},)),
        {
            "event": "task_postponed",
            "task": "bill",
            "intent": "ask_bill",
            "told": [{"name": "order_id", "value": "1"}],
        },
    ),
    (
        TaskResumed("return", {"order_id": "1"}),
        {"event": "task_resumed", "task": "return", "slots": {"order_id": "1"}},
    ),
    (
        TasksOffered(("bill", "return"), ("ask_bill", "ask_return")),
        {
            "event": "tasks_offered",
            "tasks": ["bill", "return"],
            "intents": ["ask_bill", "ask_return"],
            "told": [],
        },
    ),
)


def test_events_of_tasks_that_wait_are_kept_like_this() -> None:
    told = tuple(event for event, _ in WAITING)
    kept = [stored for _, stored in WAITING]
    assert through_json(events_as_json(told)) == kept
    assert events_from_json(kept) == told


def through_json(value: Any) -> Any:
    return json.loads(dump_json(value))


@given(traces)
def test_a_trace_is_read_back_as_it_was(trace: Trace) -> None:
    stored = through_json(trace_as_json(trace))
    told = through_json(events_as_json(trace.reply.events))
    assert trace_from_json(stored, told) == trace


@given(pairs)
def test_a_pair_is_read_back_as_it_was(pair: QAPair) -> None:
    assert pair_from_json(through_json(pair_as_json(pair))) == pair


@given(pairs, pairs)
def test_pairs_have_the_same_digest_when_they_are_equal(one: QAPair, other: QAPair) -> None:
    again = pair_from_json(through_json(pair_as_json(one)))
    assert digest(pair_as_json(again)) == digest(pair_as_json(one))
    assert (digest(pair_as_json(one)) == digest(pair_as_json(other))) == (one == other)


PLAIN = QAPair("ec-001", "多久发货", (), "48 小时内发货。")


def test_a_pair_of_an_earlier_version_reads_and_counts_as_before() -> None:
    stored: dict[str, Any] = {
        "id": "ec-001",
        "question": "多久发货",
        "similar": [],
        "answer": "48 小时内发货。",
        "locale": "zh",
        "translations": {},
        "category": "",
        "tags": [],
        "task": None,
    }
    assert pair_from_json(stored) == PLAIN
    assert pair_as_json(PLAIN) == stored
    assert digest(pair_as_json(PLAIN)) == "7010ebaff3e86476ffcf82602afa6f09"


def test_a_moment_counts_the_same_in_whatever_zone_it_is_written() -> None:
    until = datetime(2026, 12, 1, tzinfo=UTC)
    there = until.astimezone(timezone(timedelta(hours=8)))
    for one, other in (
        (PLAIN, PLAIN),
        (replace(PLAIN, valid_until=until), replace(PLAIN, valid_until=there)),
        (
            replace(PLAIN, answers=(Answer("x", valid_from=until),)),
            replace(PLAIN, answers=(Answer("x", valid_from=there),)),
        ),
    ):
        assert one == other
        assert digest(pair_as_json(one)) == digest(pair_as_json(other))
    later = replace(PLAIN, valid_until=until + timedelta(hours=8))
    assert digest(pair_as_json(later)) != digest(pair_as_json(replace(PLAIN, valid_until=until)))


def test_numbers_of_models_are_stored_as_numbers() -> None:
    detail = {"score": np.float32(0.5), "ids": np.arange(2), "kinds": {"b", "a"}}
    assert through_json(detail) == {"score": 0.5, "ids": [0, 1], "kinds": ["a", "b"]}


def test_what_no_database_holds_becomes_a_replacement_character() -> None:
    assert storable("a\x00b\ud800c\udfffd") == "a\ufffdb\ufffdc\ufffdd"
    assert storable("退货 🙂 é") == "退货 🙂 é"
