"""`cs-bot chat`: a conversation in the terminal, logged like any other."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from cs_bot.cli.options import add_bot, bot_settings
from cs_bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--locale", choices=("zh", "en"), help="the customer's language")
    parser.add_argument("--trace", action="store_true", help="show what each stage did")
    add_bot(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Talk until the input ends."""
    settings = bot_settings(args)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - gives input() its editing keys

    asyncio.run(_chat(settings, args.locale or settings.bot.locale, trace=args.trace))
    return 0


async def _chat(settings: Settings, locale: str, *, trace: bool) -> None:
    from cs_bot.app import new_id, opened
    from cs_bot.channels.terminal import chat
    from cs_bot.cli.companions import companions

    async with companions(settings.companions, settings.directory), opened(settings) as house:
        await chat(
            house.bot,
            house.stores.conversations,
            read_line=_read_line,
            write=print,
            ids=new_id,
            locale=locale,
            trace=trace,
        )


async def _read_line(prompt: str) -> str | None:
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        print()
        return None
