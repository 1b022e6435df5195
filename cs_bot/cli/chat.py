"""`cs-bot chat`: a conversation in the terminal, logged like any other."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import threading
from collections.abc import Iterator

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

    with _terminal_as_it_was():
        asyncio.run(_chat(settings, args.locale or settings.bot.locale, trace=args.trace))
    return 0


async def _chat(settings: Settings, locale: str, *, trace: bool) -> None:
    from cs_bot.app import new_id, opened
    from cs_bot.channels.terminal import chat
    from cs_bot.cli.companions import companions

    beside = companions(settings.companions, settings.directory, shared=True)
    async with beside, opened(settings, tries="cs-bot chat") as house:
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
    # Not in a pool, which waits for its threads: Ctrl-C would then end nothing before Enter.
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()

    def hear(text: str | None) -> None:
        if not line.done():
            line.set_result(text)

    def read() -> None:
        try:
            text: str | None = input(prompt)
        except (EOFError, OSError):
            print()
            text = None
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(hear, text)

    threading.Thread(target=read, name="terminal", daemon=True).start()
    return await line


@contextlib.contextmanager
def _terminal_as_it_was() -> Iterator[None]:
    """Give the terminal back as it was: a line that is being edited hides what is typed."""
    if not sys.stdin.isatty():
        yield
        return
    import termios

    modes = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)
