"""What one customer, one socket and one address may ask of the server, in numbers of the protocol.

Tests pass smaller ones; nothing here reads a clock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from cs_bot.channels.frames import FRAME_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server."""

    frame_bytes: int = FRAME_BYTES
    commands: int = 20
    frames: int = 100
    """Frames of any kind; more close the socket."""
    window_seconds: float = 10.0
    """The time `commands` and `frames` are counted in."""
    replay: int = 300
    sockets: int = 5
    """Sockets of one visitor."""
    sessions: int = 20
    """New visitors of one address a minute."""
    waiting_turns: int = 5
    """Messages of one conversation that may wait behind the one being answered."""
    room_seconds: float = 3.0
    """How long a message waits for such a place before it is refused."""
    hello_seconds: float = 10.0
    ping_seconds: float = 25.0
    pong_seconds: float = 10.0
    send_seconds: float = 5.0
    close_seconds: float = 10.0
    """How long a closing frame may take to leave when the peer does not read."""
    queue_frames: int = 256
    queue_bytes: int = 1_048_576


class Window:
    """Counts what happened in the last seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: deque[float] = deque()

    def admit(self, now: float) -> float:
        """Count one more and return 0, or return the seconds until there is room again."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        if len(self._times) >= self._most:
            return self._times[0] + self._seconds - now
        self._times.append(now)
        return 0.0

    def is_idle(self, now: float) -> bool:
        """Tell whether nothing is counted any more."""
        return not self._times or self._times[-1] <= now - self._seconds
