"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from cs_bot import settings
from cs_bot.settings import Settings


def add_bot(parser: argparse.ArgumentParser) -> None:
    """Add `--bot DIR`."""
    parser.add_argument(
        "--bot",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the bot directory, or a Rasa project (default: the current directory)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON for a machine to read")


def bot_settings(args: argparse.Namespace) -> Settings:
    """Return the settings of the bot directory; raises `BadInput`."""
    directory: Path = args.bot
    return settings.load(directory.resolve())


def knowledge_file(bot: Settings | None, name: str) -> Path:
    """Return a file of the bot's knowledge folder."""
    assert bot is not None  # noqa: S101 - the bot is read unless all files were named
    return bot.directory / bot.bot.knowledge / name
