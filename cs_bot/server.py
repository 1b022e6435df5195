"""One port for everything: pages, the customers' protocol, the operators' API, operations."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from cs_bot import __version__, registry
from cs_bot.admin.http import admin_routes
from cs_bot.app import House, now
from cs_bot.channels.channel import Channel
from cs_bot.channels.draining import DrainingServer
from cs_bot.channels.frames import FRAME_BYTES
from cs_bot.channels.rest import CHANNEL as REST
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.settings import Table
from cs_bot.text.normalize import normalized
from cs_bot.web.serving import web_routes

_DRAIN_SECONDS = 10


def channels_of(house: House) -> tuple[Channel, ...]:
    """Return every registered channel, built-in or guest."""
    names = registry.names("cs_bot.channels")
    return tuple(registry.load("cs_bot.channels", name)(house) for name in names)


def http_app(house: House, channels: Sequence[Channel]) -> FastAPI:
    """Return the application of a bot that runs."""
    app = FastAPI(
        title="cs_bot",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for channel in channels:
        app.include_router(channel.routes)
    app.include_router(
        admin_routes(
            house.stores,
            ask=house.ask,
            published=house.published,
            tasks=house.tasks,
            channels=(*house.settings.channels, REST),
            judged=lambda: house.contracts.judged,
            checks=house.draft_checks,
            roll_back_model=house.models.roll_back,
            normalized=normalized,
            dials=house.settings.stages.get("kbqa", Table("stages.kbqa")).read(KbqaSettings),
            clock=now,
            secure_cookies=house.settings.server.public_url.startswith("https:"),
        )
    )
    app.include_router(web_routes(ready=house.ready))
    return app


class _Server(DrainingServer):
    """A server that says when it listens, and leaves the process to those who started it.

    uvicorn would raise the signal that stopped it again and end the process before companions
    and stores are closed.
    """

    def __init__(self, config: uvicorn.Config, channels: Sequence[Channel]) -> None:
        super().__init__(config, self._drain_channels)
        self._channels = channels
        self.listens = asyncio.Event()

    async def _drain_channels(self) -> None:
        await asyncio.gather(*(channel.drain() for channel in self._channels))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does and say so."""
        await super().startup(sockets)
        self.listens.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop in good order on an interrupt or a request to terminate."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


@asynccontextmanager
async def serving(house: House, listening: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """Serve while the block runs; the yielded task ends when the process is told to stop."""
    channels = channels_of(house)
    for channel in channels:
        await channel.start()
    config = uvicorn.Config(
        http_app(house, channels),
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES,  # uvicorn closes larger ones with 1009
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        server_header=False,
    )
    server = _Server(config, channels)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        listens = asyncio.create_task(server.listens.wait())
        await asyncio.wait((listens, task), return_when=asyncio.FIRST_COMPLETED)
        listens.cancel()
        yield task
    finally:
        server.should_exit = True
        await task
