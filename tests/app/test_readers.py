"""Each release is read by what its own questions taught."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cs_bot.app.readers import Readers
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.settings import Settings
from cs_bot.testing.encoder import WordEncoder
from cs_bot.types import Message, QAPair, Reading, User

DIALOGS = Path(__file__).parents[2] / "dialogs"
ASKED = "查一下我的会员等级"
STATE = DialogueState()


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    shutil.copytree(DIALOGS, tmp_path / "dialogs", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "knowledge").mkdir()
    lane = Lane("encode")
    readers = Readers(Settings(tmp_path), QueryVectors(WordEncoder(), lane))
    yield readers
    readers.close()
    lane.close()


def pairs(*questions: str) -> list[QAPair]:
    return [QAPair(f"p{n}", text, (), "好的。") for n, text in enumerate(questions)]


async def read(readers: Readers, snapshot: Snapshot | None) -> Reading:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    message = Message("c_1", "m_1", ASKED, "web", User("v_1"), "zh", at)
    return await readers.read(message, ASKED, STATE, snapshot)


async def test_a_release_that_is_current_again_is_read_as_before(readers: Readers) -> None:
    first = readers.build("r1", pairs(ASKED, "会员有什么好处"))
    before = await read(readers, first)
    second = readers.build("r2", pairs("怎么开发票", "怎么付款"))
    assert await read(readers, second) != before
    assert await read(readers, first) == before


async def test_without_a_release_the_project_alone_teaches(readers: Readers) -> None:
    assert (await read(readers, None)).intents == ()
    readers.learn()
    intents = {intent.name for intent in (await read(readers, None)).intents}
    assert intents == {"order_status", "order_number", "refund", "invoice"}


async def test_the_reader_of_a_release_leaves_with_its_index(readers: Readers) -> None:
    for number in range(3):
        readers.build(f"r{number}", pairs("怎么开发票"))
    gc.collect()
    assert len(readers) == 0
