"""The state machine of a connection, fed frame by frame without socket, store or clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_bot.channels.client_frames import Feedback, Hello
from cs_bot.channels.limits import Limits
from cs_bot.channels.protocol import (
    CarryOut,
    ChatProtocol,
    Close,
    Effect,
    Greet,
    Replay,
    Send,
    State,
    resume_of,
)
from cs_bot.stores.protocols import Conversation, LogEntry

NOON = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = Limits()


def conversation(top_seq: int = 0) -> Conversation:
    return Conversation("c_1", "web", "v_1", "zh", "epoch", top_seq, NOON)


def entry(seq: int) -> LogEntry:
    return LogEntry(seq, "message", NOON, {"message_id": f"m_{seq}", "blocks": []})


def raw(kind: str, command_id: str = "1", **data: Any) -> str:
    return json.dumps({"type": kind, "id": command_id, "data": data})


def hello(**position: Any) -> str:
    return raw("hello", token="t", key="web", **position)


def greeted(protocol: ChatProtocol, top_seq: int = 0, **position: Any) -> list[Effect]:
    [greet] = protocol.receive(hello(**position), 0.0)
    assert isinstance(greet, Greet)
    return protocol.greeted(greet.hello, "v_1", "n_1", conversation(top_seq), 0)


def live(top_seq: int = 0, limits: Limits = LIMITS) -> ChatProtocol:
    protocol = ChatProtocol(limits, 0.0)
    greeted(protocol, top_seq)
    return protocol


def sent(effects: Sequence[Effect]) -> list[Any]:
    return [effect.frame for effect in effects if isinstance(effect, Send)]


def test_nothing_may_come_before_hello() -> None:
    protocol = ChatProtocol(LIMITS, 0.0)
    [closed] = protocol.receive(raw("message.send", text="hi"), 0.0)
    assert isinstance(closed, Close)
    assert closed.code == 4400
    assert protocol.state is State.CLOSING


def test_a_command_between_hello_and_welcome_closes() -> None:
    protocol = ChatProtocol(LIMITS, 0.0)
    protocol.receive(hello(), 0.0)
    [closed] = protocol.receive(raw("read", upto_seq=0), 0.0)
    assert isinstance(closed, Close)
    assert closed.code == 4400


def test_a_second_hello_is_refused_and_the_connection_goes_on() -> None:
    protocol = live()
    assert sent(protocol.receive(hello(), 1.0))[0]["data"]["code"] == "conflict"
    assert protocol.state is State.LIVE


@pytest.mark.parametrize(
    ("position", "top_seq", "resume"),
    [
        ({}, 44, "fresh"),
        ({"after_seq": 41, "epoch": "epoch", "conversation_id": "c_1"}, 44, "replayed"),
        ({"after_seq": 44, "epoch": "epoch"}, 44, "replayed"),
        ({"after_seq": 0}, 300, "replayed"),
        ({"after_seq": 0}, 301, "gap"),
        ({"after_seq": 41, "epoch": "another"}, 44, "gap"),
        ({"after_seq": 41}, 44, "gap"),
        ({"after_seq": 45, "epoch": "epoch"}, 44, "gap"),
        ({"after_seq": 41, "epoch": "epoch", "conversation_id": "c_2"}, 44, "gap"),
    ],
)
def test_a_position_is_replayed_fully_or_not_at_all(
    position: dict[str, Any], top_seq: int, resume: str
) -> None:
    greeting = Hello.model_validate_json(hello(**position))
    assert resume_of(greeting, conversation(top_seq), LIMITS) == resume


def test_a_replay_starts_after_the_position_and_a_gap_starts_at_the_top() -> None:
    assert greeted(ChatProtocol(LIMITS, 0.0), 44, after_seq=41, epoch="epoch")[1] == Replay(41)
    assert greeted(ChatProtocol(LIMITS, 0.0), 44, after_seq=41, epoch="old")[1] == Replay(44)


def test_an_entry_that_is_known_is_not_sent_twice() -> None:
    protocol = live(top_seq=2)
    assert [frame["seq"] for frame in sent(protocol.appended([entry(2), entry(3)]))] == [3]
    assert protocol.appended([entry(3)]) == []


def test_a_hole_is_read_from_the_log_before_what_comes_after_it() -> None:
    protocol = live(top_seq=2)
    assert protocol.appended([entry(5)]) == [Replay(2)]
    assert protocol.announced(5) == [Replay(2)]
    assert protocol.announced(2) == []


def test_sync_sends_what_was_sent_before() -> None:
    protocol = live(top_seq=9)
    ack, replay = protocol.receive(raw("sync", after_seq=5), 1.0)
    assert (sent([ack])[0]["type"], replay) == ("ack", Replay(5))
    assert [f["seq"] for f in sent(protocol.appended([entry(n) for n in (6, 7, 8, 9)]))] == [
        6,
        7,
        8,
        9,
    ]


def test_sync_over_too_long_a_gap_is_refused() -> None:
    [refused] = sent(live(top_seq=400).receive(raw("sync", after_seq=99), 1.0))
    assert refused["data"]["code"] == "conflict"


def test_a_frame_that_is_too_big_closes_with_1009() -> None:
    [closed] = live().receive('{"type":"' + "é" * 33_000 + '"}', 1.0)
    assert isinstance(closed, Close)
    assert closed.code == 1009


@pytest.mark.parametrize("frame", [b"{}", "{", "[]"])
def test_what_is_no_frame_closes_with_4400(frame: str | bytes) -> None:
    [closed] = live().receive(frame, 1.0)
    assert isinstance(closed, Close)
    assert closed.code == 4400


def test_the_command_after_the_twentieth_in_ten_seconds_has_to_wait() -> None:
    protocol = live()
    for n in range(20):
        assert sent(protocol.receive(raw("read", upto_seq=0), 1.0 + n / 10))[0]["type"] == "ack"
    [refused] = sent(protocol.receive(raw("read", upto_seq=0), 4.0))
    assert refused["data"]["code"] == "rate_limited"
    assert refused["data"]["retry_after_ms"] == 7_000
    assert sent(protocol.receive(raw("read", upto_seq=0), 11.0))[0]["type"] == "ack"


def test_a_flood_of_signals_closes_with_4529() -> None:
    protocol = live()
    effects = [protocol.receive('{"type":"ping"}', 1.0) for _ in range(100)]
    assert effects[-1] == [Close(4529, "too many frames")]


def test_hello_has_ten_seconds() -> None:
    protocol = ChatProtocol(LIMITS, 5.0)
    assert protocol.wake_at == 15.0
    assert protocol.tick(14.9) == []
    [closed] = protocol.tick(15.0)
    assert isinstance(closed, Close)
    assert closed.code == 4508


def test_silence_is_answered_with_a_ping_and_then_the_end() -> None:
    protocol = live()
    assert protocol.wake_at == 25.0
    assert sent(protocol.tick(25.0)) == [{"type": "ping"}]
    assert protocol.wake_at == 35.0
    [closed] = protocol.tick(35.0)
    assert isinstance(closed, Close)
    assert closed.code == 1011


@pytest.mark.parametrize("frame", ['{"type":"pong"}', '{"type":"ping"}', "no id", "typing"])
def test_any_frame_shows_that_the_peer_is_there(frame: str) -> None:
    text = {"no id": '{"type":"new"}', "typing": '{"type":"typing"}'}.get(frame, frame)
    protocol = live()
    protocol.tick(25.0)
    protocol.receive(text, 30.0)
    assert not any(isinstance(effect, Close) for effect in protocol.tick(35.0))


def test_typing_alone_does_not_put_off_the_ping_the_client_waits_for() -> None:
    protocol = live()
    protocol.receive('{"type":"typing"}', 24.0)
    assert sent(protocol.tick(25.0)) == [{"type": "ping"}]


def test_nothing_happens_after_the_end() -> None:
    protocol = live()
    assert protocol.close(4503, "bye") == [Close(4503, "bye")]
    assert protocol.close(4509, "again") == []
    assert protocol.receive(raw("read", upto_seq=0), 1.0) == []
    assert protocol.tick(1e9) == []
    assert protocol.appended([entry(1)]) == []
    assert protocol.announced(1) == []
    assert protocol.typing(on=True) == []


def test_only_some_errors_are_worth_another_try() -> None:
    protocol = live()
    for code, retryable in [("busy", True), ("not_found", False), ("form_invalid", True)]:
        [frame] = sent(protocol.failed("1", code, "why"))  # type: ignore[arg-type]  # a literal in a loop
        assert frame["data"]["retryable"] is retryable


# Any sequence of frames

commands = st.sampled_from(
    [
        hello(),
        hello(after_seq=0),
        raw("message.send", text="hi"),
        raw("message.send", text=""),
        raw("action", message_id="m_1", item_id=None),
        raw("feedback", answer_id="a", value=1),
        raw("sync", after_seq=0),
        raw("sync", after_seq=7),
        raw("read", upto_seq=1),
        raw("unheard-of"),
    ]
)
signals = st.sampled_from(['{"type":"ping"}', '{"type":"pong"}', '{"type":"typing"}'])
steps = st.one_of(
    st.tuples(st.just("frame"), commands),
    st.tuples(st.just("signal"), signals),
    st.tuples(st.just("raw"), st.text(max_size=20) | st.binary(max_size=5)),
    st.tuples(st.just("grow"), st.integers(1, 4)),
    st.tuples(st.just("wait"), st.floats(0.01, 40)),
)


class ModelShell:
    """Carries effects out on a log that is a list, as the real shell does on a store."""

    def __init__(self) -> None:
        self.protocol = ChatProtocol(LIMITS, 0.0)
        self.log: list[LogEntry] = []
        self.sent: list[Any] = []
        self.closed = 0

    def grow(self) -> LogEntry:
        self.log.append(entry(len(self.log) + 1))
        return self.log[-1]

    def perform(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame=frame):
                    assert not self.closed
                    self.sent.append(frame)
                case Close():
                    self.closed += 1
                case Replay(after_seq=after):
                    self.perform(self.protocol.appended(self.log[after:]))
                case Greet(hello=greeting):
                    top = conversation(len(self.log))
                    self.perform(self.protocol.greeted(greeting, "v", "n", top, 0))
                case CarryOut(command=command):
                    self.carry_out(command)

    def carry_out(self, command: Any) -> None:
        if isinstance(command, Feedback):
            self.perform(self.protocol.done(command.id))
            return
        new = self.grow()
        self.perform(
            self.protocol.stored(command.id, new.seq, f"m_{new.seq}", dup=False, entries=[new])
        )


@settings(max_examples=300)
@given(st.lists(steps, max_size=40))
def test_any_sequence_keeps_the_promises_of_the_protocol(
    happened: list[tuple[str, Any]],
) -> None:
    shell = ModelShell()
    now = 0.0
    for kind, value in [("frame", hello()), *happened] if len(happened) % 2 else happened:
        before, was_live = len(shell.sent), shell.protocol.state is State.LIVE
        if kind == "grow":
            for _ in range(value):
                shell.grow()
            shell.perform(shell.protocol.announced(len(shell.log)))
        elif kind == "wait":
            now += value
            shell.perform(shell.protocol.tick(now))
        else:
            shell.perform(shell.protocol.receive(value, now))
            answers = [f for f in shell.sent[before:] if f["type"] in ("ack", "error")]
            expected = 1 if kind == "frame" and was_live and not shell.closed else 0
            assert len(answers) == expected
    assert shell.closed <= 1
    assert not shell.sent or shell.sent[0]["type"] == "welcome"
    in_order(shell)


def in_order(shell: ModelShell) -> None:
    """Events come without a hole; only a sync may go back, and never past what was shown."""
    position = shell.sent[0]["data"]["top_seq"] if shell.sent else 0
    for frame in shell.sent:
        if "seq" in frame:
            assert frame["seq"] <= position + 1
            position = frame["seq"]
    if shell.protocol.state is State.LIVE:
        assert shell.protocol.sent_seq == len(shell.log)
