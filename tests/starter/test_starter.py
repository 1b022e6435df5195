"""The starter bot as a customer meets it: every transcript, through the whole real cascade."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from cs_bot import settings
from cs_bot.app import House, opened
from cs_bot.testing.served import copy_bot
from cs_bot.testing.shop import shop_served
from cs_bot.testing.transcripts import Customer, Transcript, hold, read_transcripts

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def bot(learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bot")
    copy_bot(ROOT, directory, learnt=learnt_starter)
    return directory


@pytest.fixture(scope="module", autouse=True)
def orders() -> Iterator[None]:
    """The order service that the tasks ask."""
    with pytest.MonkeyPatch.context() as patch, shop_served() as shop:
        patch.setenv("CS_BOT_ORDERS_URL", shop.url)
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(bot: Path, orders: None) -> AsyncIterator[House]:
    async with opened(settings.load(bot)) as running:
        await running.complete()
        yield running


@pytest.mark.parametrize(
    "transcript",
    [*read_transcripts(HERE / "transcripts.yml")],
    ids=lambda transcript: transcript.name,
)
async def test_the_conversation_goes_as_written(transcript: Transcript, house: House) -> None:
    visitor = Customer(
        house.bot, house.stores.conversations, transcript.locale, name=transcript.name
    )
    await hold(transcript, visitor)
