"""`cs-bot serve`: the bot, its companions, the widget, the console and the API on one port."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import import_module

from cs_bot.cli.options import add_bot, bot_settings
from cs_bot.settings import Settings
from cs_bot.stores.protocols import OperatorStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    parser.add_argument("--host", help="where to listen (default: bot.toml [server] host)")
    parser.add_argument("--port", type=int, help="the port (default: bot.toml [server] port)")
    parser.add_argument("--verbose", action="store_true", help="log every turn")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    started = time.perf_counter()
    settings = bot_settings(args)
    server = replace(
        settings.server,
        host=args.host or settings.server.host,
        port=settings.server.port if args.port is None else args.port,
    )
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Only our own lines: a library's could hold what a customer said, in an address for instance.
    logging.getLogger("cs_bot").setLevel(logging.INFO if args.verbose else logging.WARNING)
    gc.disable()  # nothing made while starting is garbage: looking for it takes 0.1 s
    with asyncio.Runner(loop_factory=_event_loop) as runner:
        return runner.run(_serve(replace(settings, server=server), started))


def _event_loop() -> asyncio.AbstractEventLoop:
    """Return libuv's loop where there is one: to a thread and back takes half of asyncio's time."""
    try:
        from uvloop import new_event_loop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return new_event_loop()


async def _serve(settings: Settings, started: float) -> int:
    from cs_bot.listening import bound_socket

    async with AsyncExitStack() as stack:
        listening = stack.enter_context(bound_socket(settings.server))
        from cs_bot.app import opened
        from cs_bot.cli.companions import companions

        beside = companions(settings.companions, settings.directory)
        house, _, server = await asyncio.gather(
            stack.enter_async_context(opened(settings)),
            stack.enter_async_context(beside),
            asyncio.to_thread(import_module, "cs_bot.server"),  # FastAPI: 0.4 s to import
        )
        running = await stack.enter_async_context(server.serving(house, listening))
        gc.freeze()
        gc.enable()
        await _say_ready(settings, house.stores.operators, time.perf_counter() - started)
        await running
    return 0


async def _say_ready(settings: Settings, operators: OperatorStore, seconds: float) -> None:
    from cs_bot.admin.auth import offer_setup_link
    from cs_bot.app import now

    base_url = settings.server.public_url or f"http://{settings.server.host}:{settings.server.port}"
    print(f"cs_bot answers at {base_url} (ready in {seconds:.1f} s)", flush=True)
    link = await offer_setup_link(operators, clock=now, base_url=base_url)
    if link is None:
        print(f"The console is at {base_url}/admin/", flush=True)
    else:
        print(f"Set up the console once, within 24 hours, at:\n  {link}", flush=True)
