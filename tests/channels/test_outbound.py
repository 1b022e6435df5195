"""The bounded queue of frames for a slow peer."""

from __future__ import annotations

import asyncio

from cs_bot.channels.outbound import Outbound


def queue(most_frames: int = 3, most_bytes: int = 100) -> Outbound:
    return Outbound(most_frames=most_frames, most_bytes=most_bytes)


async def test_frames_leave_in_order() -> None:
    outbound = queue()
    waiting = asyncio.create_task(outbound.next())
    outbound.offer("a", droppable=False)
    outbound.offer("b", droppable=False)
    assert [await waiting, await outbound.next(), outbound.take()] == ["a", "b", None]


def test_signals_make_room_for_what_must_not_be_lost() -> None:
    outbound = queue()
    for text, droppable in [("a", False), ("typing", True), ("b", False)]:
        assert outbound.offer(text, droppable=droppable)
    assert outbound.offer("c", droppable=False)
    assert [outbound.take() for _ in range(4)] == ["a", "b", "c", None]


def test_a_signal_without_room_is_dropped_and_nothing_else() -> None:
    outbound = queue()
    for text in "abc":
        outbound.offer(text, droppable=False)
    assert outbound.offer("typing", droppable=True)
    assert [outbound.take() for _ in range(4)] == ["a", "b", "c", None]


def test_too_many_frames_are_an_overflow() -> None:
    outbound = queue()
    assert [outbound.offer(text, droppable=False) for text in "abcd"] == [True, True, True, False]


def test_too_many_bytes_are_an_overflow_until_some_have_left() -> None:
    outbound = queue(most_bytes=10)
    assert outbound.offer("长长长", droppable=False)
    assert not outbound.offer("ab", droppable=False)
    outbound.take()
    assert outbound.offer("ab", droppable=False)
