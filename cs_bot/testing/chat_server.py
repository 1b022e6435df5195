"""A real chat server on a free port of this machine, and a client that speaks raw frames."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from cs_bot.channels.chat import Chat
from cs_bot.channels.draining import DrainingServer
from cs_bot.channels.frames import FRAME_BYTES, SUBPROTOCOL
from cs_bot.channels.routes import chat_routes

Frame = dict[str, Any]
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens."""

    port: int

    @property
    def http(self) -> str:
        """The address of pages and REST."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket(self) -> str:
        """The address of the chat's sockets."""
        return f"ws://127.0.0.1:{self.port}/api/v1/chat/ws"


@asynccontextmanager
async def chat_server(chat: Chat, app: FastAPI | None = None) -> AsyncIterator[Address]:
    """Serve the chat (in this app, if one is given) until the block ends."""
    app = app or FastAPI()
    app.include_router(chat_routes(chat))
    await chat.start()
    async with serving(app, chat.drain) as address:
        yield address


@asynccontextmanager
async def serving(app: FastAPI, drain: Callable[[], Awaitable[None]]) -> AsyncIterator[Address]:
    """Serve any application on a free port until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    server = DrainingServer(config, drain)
    running = asyncio.create_task(server._serve([listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    try:
        yield Address(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await running


class RawClient:
    """One socket that sends and expects frames."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._numbers = 0

    async def send(self, frame: Frame) -> None:
        """Send one frame."""
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def next(self) -> Frame:
        """Return the next frame; raises `TimeoutError` when none comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            frame: Frame = json.loads(await self.socket.recv())
            return frame

    async def until(self, kind: str) -> Frame:
        """Return the next frame of this type, passing over others."""
        while (frame := await self.next())["type"] != kind:
            pass
        return frame

    async def hello(self, token: str, key: str, **position: Any) -> Frame:
        """Greet, and return the welcome."""
        data = {"token": token, "key": key, "locale": "zh-CN", **position}
        await self.command("hello", data)
        return await self.until("welcome")

    async def command(self, kind: str, data: Frame) -> str:
        """Send a command under a new id, and return the id."""
        self._numbers += 1
        command_id = f"{id(self):x}-{self._numbers}"
        await self.send({"type": kind, "id": command_id, "data": data})
        return command_id

    async def answer(self) -> Frame:
        """Return the bot's next message."""
        while (frame := await self.until("message"))["data"]["sender"]["role"] != "bot":
            pass
        return frame

    async def say(self, text: str) -> tuple[Frame, Frame]:
        """Say something; return the ack and the bot's answer."""
        await self.command("message.send", {"text": text})
        ack = await self.until("ack")
        return ack, await self.answer()

    async def closed(self) -> tuple[int, str]:
        """Wait until the server closes, and return its code and reason."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed as end:
                received = end.rcvd
                return (received.code, received.reason) if received else (1006, "")


def words(message: Frame) -> str:
    """Return the text of a message's first block."""
    return str(message["data"]["blocks"][0]["text"])


@asynccontextmanager
async def raw_client(address: Address, **options: Any) -> AsyncIterator[RawClient]:
    """Connect a client."""
    async with connect(
        address.websocket, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, **options
    ) as socket:
        yield RawClient(socket)


async def open_session(address: Address, key: str, **body: Any) -> Frame:
    """Open a visitor's session over HTTP and return the answer."""
    async with httpx.AsyncClient() as http:
        response = await http.post(
            f"{address.http}/api/v1/chat/sessions", json={"key": key, "locale": "zh-CN", **body}
        )
        response.raise_for_status()
        session: Frame = response.json()
        return session
