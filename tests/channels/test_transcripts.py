"""The golden transcripts, played against the real server: the same files any client is held to."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from cs_bot.channels.asyncapi import frame_schemas
from cs_bot.testing.chat_server import Address, open_session
from cs_bot.testing.frame_transcripts import load, play, transcript_script
from cs_bot.testing.scripted_bot import Script

TRANSCRIPTS = Path(__file__).parents[2] / "channels/protocol/transcripts"
FILES = sorted(TRANSCRIPTS.glob("*.jsonl"))
SCHEMAS = frame_schemas()


@pytest.fixture
def script() -> Script:
    return transcript_script


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_server_plays_its_part(path: Path, server: Address) -> None:
    session = await open_session(server, "web_demo")
    await play(load(path), server, session["visitor_token"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_frame_is_of_its_schema(path: Path) -> None:
    for line in load(path).lines:
        if line["dir"] == "s2c":
            jsonschema.validate(line["frame"], SCHEMAS[f"{line['frame']['type']}.json"])
