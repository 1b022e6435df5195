"""`cs-bot migrate`: brings the database up to date, which serving does by itself."""

from __future__ import annotations

import argparse
import asyncio

from cs_bot.cli.options import add_bot, bot_settings
from cs_bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Open the stores once: opening migrates."""
    settings = bot_settings(args)
    asyncio.run(_migrate(settings))
    print("The database is up to date.")
    return 0


async def _migrate(settings: Settings) -> None:
    from cs_bot.app import opened_stores

    async with opened_stores(settings):
        pass
