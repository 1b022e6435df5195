"""Takes the port, before anything that costs time is started."""

from __future__ import annotations

import socket

from cs_bot.errors import Busy
from cs_bot.settings import ServerSettings


def bound_socket(settings: ServerSettings) -> socket.socket:
    """Take the port before anything else is started; raises `Busy` when somebody has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only where the protocol is named: 40 ms an answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = error.strerror if isinstance(error, OSError) else "a port is from 0 to 65535"
        raise Busy(
            f"{settings.host}:{settings.port} cannot be listened on: {why}",
            remedy="stop what uses it or choose another port in bot.toml [server] port",
        ) from error
    return listening
