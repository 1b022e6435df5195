"""The frames that wait for a slow peer: bounded, signals first to go, and never an endless heap."""

from __future__ import annotations

import asyncio
from collections import deque


class Outbound:
    """A queue of JSON texts with one reader.

    They wait as UTF-8: one character beyond the BMP makes a Python text four times as large.
    """

    def __init__(self, *, most_frames: int, most_bytes: int) -> None:
        self._most_frames = most_frames
        self._most_bytes = most_bytes
        self._frames: deque[tuple[bytes, bool]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()

    def offer(self, text: str, *, droppable: bool) -> bool:
        """Take a frame; False when there is no room for one that must not be lost."""
        frame = text.encode()
        if not self._has_room(len(frame)):
            self._drop_signals()
        if self._has_room(len(frame)):
            self._frames.append((frame, droppable))
            self._bytes += len(frame)
            self._filled.set()
            return True
        return droppable

    def take(self) -> str | None:
        """Return the oldest frame, None when there is none."""
        if not self._frames:
            return None
        frame, _ = self._frames.popleft()
        self._bytes -= len(frame)
        return frame.decode()

    async def next(self) -> str:
        """Wait for the oldest frame and return it."""
        while (text := self.take()) is None:
            self._filled.clear()
            await self._filled.wait()
        return text

    def _has_room(self, size: int) -> bool:
        return len(self._frames) < self._most_frames and self._bytes + size <= self._most_bytes

    def _drop_signals(self) -> None:
        self._frames = deque(item for item in self._frames if not item[1])
        self._bytes = sum(len(frame) for frame, _ in self._frames)
