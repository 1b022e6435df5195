"""The golden transcripts, played against the real server: the same files any client is held to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from cs_bot.channels.asyncapi import frame_schemas
from cs_bot.stores.protocols import Stores
from cs_bot.testing.chat_server import Address, open_session
from cs_bot.testing.frame_transcripts import load, play, transcript_script
from cs_bot.testing.scripted_bot import ScriptedBot

TRANSCRIPTS = Path(__file__).parents[2] / "channels/protocol/transcripts"
FILES = sorted(TRANSCRIPTS.glob("*.jsonl"))
SCHEMAS = frame_schemas()
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def bot(stores: Stores, ids: Callable[[str], str]) -> ScriptedBot:
    return ScriptedBot(stores.conversations, clock=lambda: NOON, ids=ids, script=transcript_script)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_server_plays_its_part(path: Path, server: Address) -> None:
    session = await open_session(server, "web_demo")
    await play(load(path), server, session["visitor_token"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_frame_is_of_its_schema(path: Path) -> None:
    for line in load(path).lines:
        if line["dir"] == "s2c":
            jsonschema.validate(line["frame"], SCHEMAS[f"{line['frame']['type']}.json"])
