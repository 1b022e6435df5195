"""An OpenAI-compatible endpoint over real HTTP: answers, second tries, and every way to fail."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from cs_bot.errors import BadInput, ServiceFailed
from cs_bot.llm.client import ChatMessage, Completion
from cs_bot.llm.openai_compatible import OpenAICompatible
from cs_bot.testing.llm_server import (
    Scripted,
    ScriptedLLMServer,
    fails,
    says,
    scripted_llm_server,
)

HELLO = [ChatMessage("system", "Be kind."), ChatMessage("user", "你好")]


@dataclass
class Waits:
    """A sleep that only writes down how long."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedLLMServer]:
    async with scripted_llm_server() as scripted:
        yield scripted


async def completed(llm: OpenAICompatible) -> Completion:
    try:
        return await llm.complete(HELLO, temperature=0.3, max_tokens=50)
    finally:
        await llm.close()


async def test_the_answer_comes_with_its_cost(server: ScriptedLLMServer) -> None:
    server.script(says("您好！"))
    completion = await completed(OpenAICompatible(server.url, "m1", api_key="k"))
    assert completion == Completion("您好！", 7, 3, "stop")


async def test_the_request_is_what_such_endpoints_expect(server: ScriptedLLMServer) -> None:
    server.script(says("您好！"))
    await completed(OpenAICompatible(f"{server.url}/", "m1", api_key="k\n"))
    assert server.authorization == ["Bearer k"]
    assert server.requests == [
        {
            "model": "m1",
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "你好"},
            ],
            "temperature": 0.3,
            "max_tokens": 50,
        }
    ]


async def test_without_a_key_none_is_sent(server: ScriptedLLMServer) -> None:
    server.script(says("您好！"))
    await completed(OpenAICompatible(server.url, "m1"))
    assert server.authorization == [""]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_passing_failure_is_tried_once_more(server: ScriptedLLMServer, status: int) -> None:
    server.script(fails(status, retry_after="1.5"), says("您好！"))
    waits = Waits()
    completion = await completed(OpenAICompatible(server.url, "m1", sleep=waits))
    assert (completion.text, waits.seconds) == ("您好！", [1.5])


async def test_a_second_failure_is_told(server: ScriptedLLMServer) -> None:
    server.script(fails(500), fails(503), says("never asked for"))
    with pytest.raises(ServiceFailed, match="answered 503 Service Unavailable") as caught:
        await completed(OpenAICompatible(server.url, "m1", sleep=Waits()))
    assert caught.value.retryable
    assert len(server.requests) == 2


async def test_a_long_wait_is_not_waited_for(server: ScriptedLLMServer) -> None:
    server.script(fails(429, retry_after="60"))
    waits = Waits()
    with pytest.raises(ServiceFailed, match="answered 429"):
        await completed(OpenAICompatible(server.url, "m1", sleep=waits))
    assert waits.seconds == []


async def test_a_date_to_retry_after_counts_as_a_short_wait(server: ScriptedLLMServer) -> None:
    server.script(fails(503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), says("您好！"))
    waits = Waits()
    await completed(OpenAICompatible(server.url, "m1", sleep=waits))
    assert waits.seconds == [0.5]


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_wrong_request_is_not_repeated(server: ScriptedLLMServer, status: int) -> None:
    server.script(fails(status))
    with pytest.raises(ServiceFailed, match=f"answered {status}") as caught:
        await completed(OpenAICompatible(server.url, "m1", sleep=Waits()))
    assert not caught.value.retryable
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome</html>",
        b"",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b"\xff\xfe",
        b'{"choices": [{"message": "hello"}]}',
    ],
)
async def test_an_answer_that_is_no_completion_is_a_failure(
    server: ScriptedLLMServer, body: bytes
) -> None:
    server.script(Scripted(body))
    with pytest.raises(ServiceFailed, match="no chat completion"):
        await completed(OpenAICompatible(server.url, "m1"))


async def test_no_words_are_an_empty_text(server: ScriptedLLMServer) -> None:
    server.script(Scripted(b'{"choices": [{"message": {"content": null}}]}'))
    assert (await completed(OpenAICompatible(server.url, "m1"))).text == ""


async def test_an_endless_answer_is_cut_off(server: ScriptedLLMServer) -> None:
    server.script(Scripted(b" " * 1_000_001))
    with pytest.raises(ServiceFailed, match="sent more than"):
        await completed(OpenAICompatible(server.url, "m1"))


async def test_a_slow_answer_is_given_up(server: ScriptedLLMServer) -> None:
    never = asyncio.Event()
    server.script(says("too late", when=never))
    with pytest.raises(ServiceFailed, match=r"no answer within 0\.05 s") as caught:
        await completed(OpenAICompatible(server.url, "m1", timeout_seconds=0.05))
    assert caught.value.retryable
    never.set()


async def test_a_call_waits_for_an_answer_that_comes_in_time(server: ScriptedLLMServer) -> None:
    ready = asyncio.Event()
    server.script(says("您好！", when=ready))
    llm = OpenAICompatible(server.url, "m1")
    call = asyncio.create_task(completed(llm))
    await server.asked.wait()
    assert not call.done()
    ready.set()
    assert (await call).text == "您好！"


async def test_nobody_there_is_tried_twice_and_told() -> None:
    async with scripted_llm_server() as gone:
        url = gone.url
    waits = Waits()
    with pytest.raises(ServiceFailed, match="cannot be reached") as caught:
        await completed(OpenAICompatible(url, "m1", sleep=waits))
    assert caught.value.retryable
    assert len(waits.seconds) == 1


def test_an_address_without_its_scheme_is_bad_input() -> None:
    with pytest.raises(BadInput, match="'localhost:8080' is no web address"):
        OpenAICompatible("localhost:8080", "m1")
