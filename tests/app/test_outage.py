"""A bot whose embedding endpoint is away: it answers by words, and by more when it is back."""

from __future__ import annotations

import logging
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from cs_bot.app.assembly import House, opened
from cs_bot.cli import main
from cs_bot.errors import BadInput
from cs_bot.settings import Settings, load
from cs_bot.starter import starter_directory
from cs_bot.testing.embeddings_server import refuses, scripted_embeddings_server
from cs_bot.testing.ports import free_port
from cs_bot.types import QAPair, Step

ENDPOINT = """[models]
encoder = "openai"
second_encoder = ""
[models.openai]
url = "http://127.0.0.1:{port}/v1"
model = "m1"
[stages.kbqa]
risk = 0.0
"""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(tmp_path: Path, port: int) -> Settings:
    for name in ("knowledge", "dialogs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(starter_directory() / name, tmp_path / name, ignore=ignored)
    (tmp_path / "bot.toml").write_text(ENDPOINT.format(port=port), encoding="utf-8")
    return load(tmp_path)


async def kbqa(house: House, text: str) -> Step:
    trace = await house.ask(text, "zh")
    return next(step for step in trace.steps if step.stage == "kbqa")


def has_first(house: House) -> bool:
    assert house.snapshots.current is not None
    return house.snapshots.current.has_first


async def test_a_bot_starts_without_its_endpoint_and_joins_it_later(
    settings: Settings, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with opened(settings) as house:
            step = await kbqa(house, "请问运费怎么收费的呢")
            assert step.candidates[0].via in ("bm25", "tfidf")
            assert step.detail["without"] == [f"openai:127.0.0.1:{port}:m1:own"]
            assert (await kbqa(house, "如何修改收货地址？")).outcome == "answered"
            (warned,) = caplog.messages
            assert warned == (
                f"embedding endpoint 127.0.0.1:{port}: cannot be reached (ConnectError); "
                "release r1 is searched without it until it answers"
            )
            with scripted_embeddings_server(port):
                await house.complete()
                step = await kbqa(house, "请问运费怎么收费的呢")
                assert "without" not in step.detail
                assert "dense" in step.candidates[0].features


@pytest.mark.slow
async def test_the_second_encoder_answers_for_the_first_meanwhile(
    settings: Settings, port: int
) -> None:
    models = replace(settings.models, second_encoder="e5")
    async with opened(replace(settings, models=models)) as house:
        await house.complete()
        assert not has_first(house)
        step = await kbqa(house, "东西不想要了怎么弄回去")
        assert step.detail["without"] == [f"openai:127.0.0.1:{port}:m1:own"]
        assert "dense" in step.candidates[0].features


async def test_a_release_published_during_an_outage_answers_by_words(
    settings: Settings, port: int
) -> None:
    endpoint = ExitStack()
    endpoint.enter_context(scripted_embeddings_server(port))
    async with opened(settings) as house:
        endpoint.close()
        new = [QAPair("new", "楼顶可以停直升机吗", (), "可以。")]
        await house.stores.knowledge.import_pairs(new, by="test")
        await house.stores.knowledge.publish(note="", by="test")
        await house.published()
        assert (await kbqa(house, "楼顶可以停直升机吗")).outcome == "answered"
        assert not has_first(house)
        with scripted_embeddings_server(port):
            await house.complete()
            assert has_first(house)


async def test_a_start_with_every_vector_on_disk_needs_no_endpoint(
    settings: Settings, port: int
) -> None:
    with scripted_embeddings_server(port):
        async with opened(settings):
            pass
    async with opened(settings) as house:
        assert has_first(house)
        step = await kbqa(house, "请问运费怎么收费的呢")
        assert step.detail["without"] == [f"openai:127.0.0.1:{port}:m1:own"]


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "set CS_BOT_EMBEDDINGS_API_KEY to a key that it accepts"),
        (404, "correct url, model or dimensions"),
    ],
)
async def test_settings_that_the_endpoint_refuses_stop_the_bot(
    settings: Settings, port: int, status: int, remedy: str
) -> None:
    with scripted_embeddings_server(port) as server:
        server.script(refuses(status))
        with pytest.raises(BadInput, match=rf"\[models.openai\]: .* answered {status}.*; {remedy}"):
            async with opened(settings):
                pass


def test_an_import_is_published_without_the_endpoint(
    settings: Settings, port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text('{"id": "x", "question": "楼顶可以停直升机吗", "answer": "可以。"}\n')
    assert main(["knowledge", "import", str(file), "--bot", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "release r1 with 1 pairs answers now" in said.out
    assert "cannot be reached (ConnectError); searched without it until" in said.err


def test_the_doctor_names_the_endpoint(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--bot", str(tmp_path)]) == 2
    assert "openai does not answer: r1 is searched without it" in capsys.readouterr().out
