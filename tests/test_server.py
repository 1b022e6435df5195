from __future__ import annotations

import asyncio
import socket

from cs_bot.listening import bound_socket
from cs_bot.settings import ServerSettings


async def test_small_answers_leave_at_once() -> None:
    """Two small writes must not wait 40 ms for each other (Nagle's algorithm)."""
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection: socket.socket = writer.get_extra_info("socket")
        accepted.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = bound_socket(ServerSettings(port=0))
    async with await asyncio.start_server(hear, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await accepted != 0
        writer.close()
        await writer.wait_closed()
