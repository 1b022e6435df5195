"""An encoder behind a real HTTP endpoint: right rows, second tries, and every way to fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import pytest

from cs_bot.errors import BadInput, EncoderDown
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.models.openai_embeddings import QUERY_SECONDS, RESTING_SECONDS, OpenAIEncoder
from cs_bot.testing.embeddings_server import (
    Answer,
    ScriptedEmbeddingsServer,
    all_numbered_zero,
    filled_with,
    hangs,
    one_short,
    refuses,
    reversed_rows,
    rows_of,
    says_bytes,
    scripted_embeddings_server,
)
from cs_bot.testing.llm_server import Scripted, fails
from cs_bot.testing.ports import free_port

BASE = ["怎么退货", "how do I pay", "发票"]
MANY = [f"question {number}" for number in range(150)]


@dataclass
class Time:
    """A clock that moves only while somebody sleeps, and writes down for how long."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def server() -> Iterator[ScriptedEmbeddingsServer]:
    with scripted_embeddings_server() as scripted:
        yield scripted


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def encoder(server: ScriptedEmbeddingsServer, time: Time) -> Iterator[OpenAIEncoder]:
    with closing(
        OpenAIEncoder(server.url, "m1", api_key="k\n", sleep=time.sleep, clock=time.clock)
    ) as encoder:
        yield encoder


def expected(texts: list[str]) -> np.ndarray:
    rows = np.array([row["embedding"] for row in rows_of(texts)])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_rows_come_in_order_and_of_length_one(encoder: OpenAIEncoder) -> None:
    vectors = encoder.encode(BASE)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, expected(BASE), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_the_request_is_what_such_endpoints_expect(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    encoder.encode(BASE)
    assert server.requests == [{"model": "m1", "input": BASE}]
    assert (server.paths, server.authorization) == (["/v1/embeddings"], ["Bearer k"])


def test_without_a_key_none_is_sent(server: ScriptedEmbeddingsServer) -> None:
    with closing(OpenAIEncoder(f"{server.url}/", "m1")) as encoder:
        encoder.encode(BASE)
    assert (server.paths, server.authorization) == (["/v1/embeddings"], [""])


def test_a_base_is_sent_in_parts_of_at_most_64_texts(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    vectors = encoder.encode(MANY)
    assert [len(asked["input"]) for asked in server.requests] == [64, 64, 22]
    np.testing.assert_allclose(vectors, expected(MANY), rtol=1e-5)


def test_an_empty_text_is_not_sent_and_a_long_one_is_cut(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    encoder.encode(["", "  ", "退" * 20_000])
    (asked,) = server.requests
    assert asked["input"][:2] == [".", "."]
    assert len(asked["input"][2]) == 4000


def test_the_width_is_found_by_the_first_call(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    encoder.encode(BASE)
    assert encoder.dimensions == 64
    assert encoder.encode([]).shape == (0, 64)
    assert len(server.requests) == 1


def test_asked_for_its_width_first_it_asks_the_endpoint_once(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    assert (encoder.dimensions, encoder.dimensions) == (64, 64)
    assert len(server.requests) == 1


def test_a_width_in_the_settings_is_asked_for_and_insisted_on(
    server: ScriptedEmbeddingsServer,
) -> None:
    with closing(OpenAIEncoder(server.url, "m1", dimensions=3)) as encoder:
        assert encoder.dimensions == 3
        server.script(filled_with(1, 2, 2))
        np.testing.assert_allclose(encoder.encode(["a"]), [[1 / 3, 2 / 3, 2 / 3]], rtol=1e-6)
        with pytest.raises(EncoderDown, match="gave rows of 64 numbers, not 3"):
            encoder.encode(BASE)
    assert server.requests[0]["dimensions"] == 3


def test_its_name_tells_host_model_and_width() -> None:
    with closing(OpenAIEncoder("https://u:secret@host.test:8080/v1", "m1")) as encoder:
        assert encoder.name == "openai:host.test:8080:m1:own"
    with closing(OpenAIEncoder("https://host.test/v1", "m1", dimensions=256)) as encoder:
        assert encoder.name == "openai:host.test:m1:256"


def test_rows_out_of_order_are_put_in_order(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    server.script(reversed_rows)
    np.testing.assert_allclose(encoder.encode(BASE), expected(BASE), rtol=1e-5)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (one_short, "gave 2 rows for 3 texts"),
        (all_numbered_zero, "its rows are not numbered from 0 on"),
        (filled_with(1.0, float("nan")), "gave numbers that are not finite"),
        (filled_with(1.0, float("inf")), "gave numbers that are not finite"),
        (filled_with(0, 0), "gave a row of zeros"),
        (filled_with(1.0, "a"), "its rows are not numbers of one width"),
        (filled_with(), "its rows are not numbers of one width"),
        (filled_with(1.0, [2.0]), "its rows are not numbers of one width"),
        (filled_with(10**400), "its rows are not numbers of one width"),
        (says_bytes(b"<html>"), "its answer holds no embeddings"),
        (says_bytes(b'{"data": 3}'), "its answer holds no embeddings"),
        (says_bytes(b'{"data": [{"index": 0}]}'), "its answer holds no embeddings"),
        (says_bytes(b"\xff"), "its answer holds no embeddings"),
        (says_bytes(b"[" * 100_000), "its answer holds no embeddings"),
    ],
)
def test_an_answer_that_makes_no_sense_is_not_asked_for_again(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, answer: Answer, why: str
) -> None:
    server.script(answer)
    with pytest.raises(EncoderDown) as caught:
        encoder.encode(BASE)
    assert str(caught.value) == f"embedding endpoint {caught.value.host}: {why}"
    assert len(server.requests) == 1


def test_huge_and_tiny_numbers_are_directions_like_others(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    server.script(filled_with(3e300, 4e300), filled_with(3e-300, 4e-300))
    for _ in range(2):
        np.testing.assert_allclose(encoder.encode(["a"]), [[0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_base_is_tried_again_ever_later(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, time: Time, status: int
) -> None:
    server.script(refuses(status), refuses(status), refuses(status))
    np.testing.assert_allclose(encoder.encode(BASE), expected(BASE), rtol=1e-5)
    assert time.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("3600", 30.0), ("0", 0.5), ("Mon, 01 Jan", 0.5)]
)
def test_the_endpoint_may_ask_for_a_longer_pause(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, time: Time, asked: str, waited: float
) -> None:
    server.script(refuses(429, retry_after=asked))
    encoder.encode(BASE)
    assert time.slept == [waited]


def test_after_five_tries_a_base_is_given_up(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    server.script(*[refuses(500)] * 5)
    with pytest.raises(EncoderDown, match="answered 500") as caught:
        encoder.encode(BASE)
    assert (caught.value.status, caught.value.retryable) == (500, True)
    assert len(server.requests) == 5


@pytest.mark.parametrize("status", [307, 400, 401, 404])
def test_a_refusal_that_will_not_pass_is_final_and_never_tells_the_key(
    server: ScriptedEmbeddingsServer, time: Time, status: int
) -> None:
    server.script(refuses(status))
    address = server.url.replace("//", "//user:hidden@")
    with (
        closing(OpenAIEncoder(address, "m1", api_key="secret-key", sleep=time.sleep)) as encoder,
        pytest.raises(EncoderDown) as caught,
    ):
        encoder.encode(BASE)
    assert (caught.value.status, caught.value.retryable) == (status, False)
    assert not {"secret-key", "hidden"} & set(str(caught.value).replace(":", " ").split())
    assert time.slept == []


def test_an_endpoint_that_is_not_there_is_tried_again_for_a_base(time: Time) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    with (
        closing(OpenAIEncoder(url, "m1", sleep=time.sleep, clock=time.clock)) as encoder,
        pytest.raises(EncoderDown, match=r"cannot be reached \(ConnectError\)"),
    ):
        encoder.encode(BASE)
    assert time.slept == [0.5, 1.0, 2.0, 4.0]


def test_an_endpoint_that_hangs_is_left_after_its_time(server: ScriptedEmbeddingsServer) -> None:
    server.script(hangs)
    with (
        closing(OpenAIEncoder(server.url, "m1", timeout_seconds=0.05)) as encoder,
        pytest.raises(EncoderDown, match="was too slow"),
    ):
        encoder.encode(BASE)
    assert len(server.requests) == 1


def test_a_query_is_tried_once_and_the_next_ones_not_at_all(
    server: ScriptedEmbeddingsServer,
    encoder: OpenAIEncoder,
    time: Time,
) -> None:
    server.script(refuses(503))
    with pytest.raises(EncoderDown, match="answered 503"):
        encoder.encode(["怎么退货"])
    with pytest.raises(EncoderDown, match="failed just now and is left alone"):
        encoder.encode(["怎么付款"])
    assert (len(server.requests), time.slept) == (1, [])
    time.now += RESTING_SECONDS
    assert encoder.encode(["怎么付款"]).shape == (1, 64)


def test_a_text_that_the_endpoint_refuses_silences_nobody_else(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    server.script(refuses(400))
    with pytest.raises(EncoderDown, match="answered 400"):
        encoder.encode(["odd"])
    assert encoder.encode(["怎么付款"]).shape == (1, 64)


def test_a_base_is_encoded_while_queries_leave_the_endpoint_alone(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder
) -> None:
    server.script(refuses(503))
    with pytest.raises(EncoderDown):
        encoder.encode(["怎么退货"])
    assert encoder.encode(BASE).shape == (3, 64)


def test_a_base_is_not_waited_for_while_the_endpoint_is_known_to_be_down(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, time: Time
) -> None:
    server.script(*[refuses(503)] * 3)
    for down in (encoder.check, lambda: encoder.encode(BASE), lambda: encoder.dimensions):
        with pytest.raises(EncoderDown, match="answered 503"):
            down()
    assert (len(server.requests), time.slept) == (3, [])
    assert encoder.encode(BASE).shape == (3, 64)


def test_a_base_that_was_given_up_is_asked_for_briefly_the_next_time(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, time: Time
) -> None:
    server.script(*[refuses(500)] * 6)
    for _ in range(2):
        with pytest.raises(EncoderDown):
            encoder.encode(BASE)
    assert len(server.requests) == 6


def test_a_query_waits_two_seconds_at_most(server: ScriptedEmbeddingsServer) -> None:
    assert QUERY_SECONDS == 2.0
    server.script(hangs)
    with (
        closing(OpenAIEncoder(server.url, "m1", timeout_seconds=0.05)) as encoder,
        pytest.raises(EncoderDown, match="was too slow"),
    ):
        encoder.encode(["怎么退货"])


async def test_queries_that_come_together_are_tried_once_too(
    server: ScriptedEmbeddingsServer, encoder: OpenAIEncoder, time: Time
) -> None:
    server.script(refuses(503))
    with closing(Lane("test")) as lane:
        ask = QueryVectors(encoder, lane).of
        failed = await asyncio.gather(ask("怎么退货"), ask("怎么付款"), return_exceptions=True)
    assert [type(error) for error in failed] == [EncoderDown, EncoderDown]
    assert [asked["input"] for asked in server.requests] == [["怎么退货", "怎么付款"]]
    assert time.slept == []


def test_a_bot_that_stops_does_not_sit_a_pause_out(server: ScriptedEmbeddingsServer) -> None:
    encoder = OpenAIEncoder(server.url, "m1")

    def closing_late(texts: Sequence[str]) -> Scripted:
        threading.Timer(0.05, encoder.close).start()
        return fails(429, retry_after="30")

    server.script(closing_late)
    with pytest.raises(EncoderDown, match="is not asked any more: the bot stops"):
        encoder.encode(BASE)


@pytest.mark.parametrize(
    "url",
    ["", "host.test/v1", "ftp://host.test", "https://", "https://host:port/v1", "http://[::1"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match=r"\[models.openai\] url: .*; write https://HOST/v1"):
        OpenAIEncoder(url, "m1")


@pytest.mark.parametrize("key", ["schlüssel", "k1\nk2"])
def test_a_key_that_is_none_is_refused_without_saying_it(key: str) -> None:
    with pytest.raises(BadInput, match="the key holds characters that no key has") as caught:
        OpenAIEncoder("https://host.test/v1", "m1", api_key=key)
    assert key not in str(caught.value)
