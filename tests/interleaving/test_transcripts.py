"""Conversations that mix tasks, questions and small talk, through the whole real bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cs_bot import settings
from cs_bot.app import House, opened
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.testing.served import copy_bot
from cs_bot.testing.transcripts import Customer, Transcript, hold, read_transcripts

HERE = Path(__file__).parent

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    directory = tmp_path_factory.mktemp("shop")
    copy_bot(HERE / "bot", directory)
    async with opened(settings.load(directory)) as running:
        await running.complete()
        yield running


@pytest.mark.parametrize(
    "transcript",
    [*read_transcripts(HERE / "zh.yml"), *read_transcripts(HERE / "en.yml")],
    ids=lambda transcript: transcript.name,
)
@pytest.mark.asyncio(loop_scope="module")
async def test_the_conversation_goes_as_written(transcript: Transcript, house: House) -> None:
    visitor = Customer(
        house.bot, house.stores.conversations, transcript.locale, name=transcript.name
    )
    await hold(transcript, visitor)


def test_everything_in_the_files_of_the_shop_is_understood() -> None:
    assert [str(remark) for remark in load_project(HERE / "bot" / "dialogs").remarks] == []
