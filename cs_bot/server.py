"""One port for everything: pages, the customers' protocol, the operators' API, operations."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from cs_bot import __version__
from cs_bot.admin.http import admin_routes
from cs_bot.app import House, new_id, now
from cs_bot.channels.chat import Chat
from cs_bot.channels.draining import DrainingServer
from cs_bot.channels.rest import rest_routes
from cs_bot.channels.routes import chat_routes
from cs_bot.text.normalize import normalized
from cs_bot.web.serving import web_routes

_FRAME_BYTES = 65_536
"""The largest frame a client may send; uvicorn closes larger ones with 1009."""
_DRAIN_SECONDS = 10


def http_app(house: House, chat: Chat) -> FastAPI:
    """Return the application of a bot that runs."""
    app = FastAPI(
        title="cs_bot",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(chat_routes(chat))
    app.include_router(
        rest_routes(
            answers=house.bot,
            conversations=house.stores.conversations,
            ids=new_id,
            locale=house.settings.bot.locale,
        )
    )
    app.include_router(
        admin_routes(
            house.stores,
            ask=house.ask,
            published=house.published,
            normalized=normalized,
            clock=now,
            secure_cookies=house.settings.server.public_url.startswith("https:"),
        )
    )
    app.include_router(web_routes(ready=house.ready))
    return app


def chat_of(house: House) -> Chat:
    """Return the customers' side of a bot that runs."""
    return Chat(
        bot=house.settings.bot,
        channels=house.settings.channels,
        public_url=house.settings.server.public_url,
        answers=house.bot,
        conversations=house.stores.conversations,
        secrets=house.stores.secrets,
        wake_ups=house.wake_ups,
        clock=now,
        ids=new_id,
    )


class _Server(DrainingServer):
    """A server that says when it listens, and leaves the process to those who started it.

    uvicorn would raise the signal that stopped it again and end the process before companions
    and stores are closed.
    """

    def __init__(self, config: uvicorn.Config, chat: Chat) -> None:
        super().__init__(config, chat.drain)
        self.listens = asyncio.Event()

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
    chat = chat_of(house)
    await chat.start()
    config = uvicorn.Config(
        http_app(house, chat),
        ws="websockets-sansio",
        ws_max_size=_FRAME_BYTES,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        server_header=False,
    )
    server = _Server(config, chat)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        listens = asyncio.create_task(server.listens.wait())
        await asyncio.wait((listens, task), return_when=asyncio.FIRST_COMPLETED)
        listens.cancel()
        yield task
    finally:
        server.should_exit = True
        await task
