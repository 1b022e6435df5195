"""`cs-bot init DIR`: a new bot directory from the starter bot."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from cs_bot import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="where to make the bot")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Copy the starter bot and publish its knowledge."""
    from cs_bot.starter import copy_starter

    directory: Path = args.directory.resolve()
    copy_starter(directory)
    pairs = asyncio.run(_publish(directory))
    print(f"{directory} holds a bot with {pairs} published pairs. Start it with:")
    print(f"  cs-bot serve --bot {args.directory}")
    return 0


async def _publish(directory: Path) -> int:
    from cs_bot.app import opened_stores
    from cs_bot.starter import publish_first

    bot = settings.load(directory)
    async with opened_stores(bot) as stores:
        release = await publish_first(bot, stores.knowledge, stores.labels)
    return release.pairs if release else 0
