"""Raw text becomes a command, a signal, or one clear refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import Button, Buttons, as_wire
from cs_bot.channels.client_frames import Action, BadCommand, MessageSend, NotAFrame, read_frame
from cs_bot.channels.frames import Typing
from cs_bot.channels.server_frames import event_frame
from cs_bot.stores.protocols import LogEntry


def frame(kind: str, command_id: object = "1", **data: Any) -> str:
    return json.dumps({"type": kind, "id": command_id, "data": data})


@pytest.mark.parametrize(
    "raw",
    ["", "{", "[]", "null", "1", '"x"', "{}", '{"type":1}', "[" * 60_000, "1" * 5_000, "{'a':1}"],
    ids=lambda raw: raw[:8],
)
def test_text_that_is_no_envelope_is_not_a_frame(raw: str) -> None:
    with pytest.raises(NotAFrame):
        read_frame(raw)


@pytest.mark.parametrize(
    ("raw", "code", "command_id", "says"),
    [
        (frame("teleport"), "unknown_type", "1", "teleport"),
        (frame("message.send", text="长" * 4001), "too_long", "1", "data.text"),
        (frame("message.send", text=""), "bad_request", "1", "empty"),
        (frame("message.send", text=" \n\u3000"), "bad_request", "1", "empty"),
        (frame("message.send", text="a\x00b"), "bad_request", "1", "data.text"),
        (frame("message.send", text="a\ud800"), "bad_request", "1", "data.text"),
        (frame("message.send", text=5), "bad_request", "1", "data.text"),
        (
            frame("message.send", text="a", attachments=["u"]),
            "unsupported_media",
            "1",
            "attachments",
        ),
        (frame("message.send", "x" * 37, text="a"), "bad_request", None, "id"),
        (frame("message.send", 7, text="a"), "bad_request", None, "id"),
        (frame("message.send", "a b", text="a"), "bad_request", None, "id"),
        (frame("action", message_id="m_1"), "bad_request", "1", "item_id"),
        (frame("action", message_id="m_1", item_id="a", button_id="b"), "bad_request", "1", "or"),
        (
            frame("form.submit", message_id="m", form_id="f", values={"a": 1}),
            "bad_request",
            "1",
            "values",
        ),
        (frame("feedback", answer_id="a", value=2), "bad_request", "1", "value"),
        (frame("feedback", answer_id="a", value=1, reasons=["x"]), "bad_request", "1", "reasons"),
        (frame("feedback", answer_id="a", value=1, comment="x" * 501), "too_long", "1", "comment"),
        (frame("sync", after_seq=-1), "bad_request", "1", "after_seq"),
        (frame("sync", after_seq=2**60), "bad_request", "1", "after_seq"),
        (frame("sync", after_seq="3"), "bad_request", "1", "after_seq"),
        ('{"type":"sync","id":"1"}', "bad_request", "1", "data"),
        ('{"type":"sync","id":"1","data":[]}', "bad_request", "1", "data"),
    ],
)
def test_a_bad_command_says_what_is_wrong(
    raw: str, code: str, command_id: str | None, says: str
) -> None:
    with pytest.raises(BadCommand, match=says) as refused:
        read_frame(raw)
    assert (refused.value.code, refused.value.command_id) == (code, command_id)


def test_unknown_fields_are_ignored() -> None:
    read = read_frame('{"type":"message.send","id":"1","new":1,"data":{"text":"a","mood":"b"}}')
    assert isinstance(read, MessageSend)


def test_none_of_these_is_told_apart_from_no_choice() -> None:
    read = read_frame(frame("action", message_id="m_1", item_id=None))
    assert isinstance(read, Action)
    assert read.data.item_id is None


def test_a_signal_that_makes_no_sense_is_taken_as_the_plain_one() -> None:
    assert read_frame('{"type":"typing","data":7}') == Typing(type="typing")


def test_an_event_leaves_without_what_its_buttons_say_to_the_bot() -> None:
    block = as_wire(Buttons((Button("b", "t", "/secret"),)), public=False)
    entry = LogEntry(3, "message", datetime(2026, 1, 1, tzinfo=UTC), {"blocks": [block]})
    assert "secret" not in json.dumps(event_frame(entry))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["type", "id", "data", "seq"]), json_values))
def test_no_json_breaks_the_reader(envelope: dict[str, Any]) -> None:
    try:
        read_frame(json.dumps(envelope))
    except (NotAFrame, BadCommand) as refused:
        str(refused).encode()
