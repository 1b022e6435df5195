"""A Rasa project served whole: its fallback and its commands, with the real reader."""

import shutil
from pathlib import Path

import pytest

from cs_bot.app import House, opened
from cs_bot.blocks import plain_text
from cs_bot.settings import load
from cs_bot.testing.transcripts import Customer

pytestmark = pytest.mark.slow


async def said(house: House, text: str) -> str:
    trace = await house.ask(text, "en")
    return plain_text(trace.reply.blocks)


async def test_what_concertbot_is_unsure_of_it_asks_to_rephrase(
    rasa_bots: Path, tmp_path: Path
) -> None:
    shutil.copytree(rasa_bots / "concertbot", tmp_path / "bot")
    async with opened(load(tmp_path / "bot")) as house:
        assert await said(house, "hello") == "Hey there!"
        assert await said(house, "bye") == "Goodbye :("
        for unclear in ("what is the capital of france", "asdf qwer", "42"):
            assert await said(house, unclear) == "Sorry, I didn't get that, can you rephrase?"


async def test_a_conversation_is_restarted_and_goes_back(rasa_bots: Path, tmp_path: Path) -> None:
    without_server = shutil.ignore_patterns("endpoints.yml")
    shutil.copytree(rasa_bots / "formbot", tmp_path / "bot", ignore=without_server)
    async with opened(load(tmp_path / "bot")) as house:
        guest = Customer(house.bot, house.stores.conversations, "en")

        async def says(text: str) -> str:
            return plain_text((await guest.say(text)).trace.reply.blocks)

        assert await says("I am looking for a restaurant") == "What cuisine?"
        assert await says("thai") == "How many people?"
        assert await says("/back") == "All right, one step back.\nWhat cuisine?"
        assert await says("/restart") == "restarted"
        assert await says("I am looking for a restaurant") == "What cuisine?"
