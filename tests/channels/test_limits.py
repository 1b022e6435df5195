"""Counting what happened lately."""

from __future__ import annotations

from cs_bot.channels.limits import Window


def test_a_window_admits_so_many_and_says_how_long_to_wait() -> None:
    window = Window(2, 10.0)
    assert [window.admit(now) for now in (0.0, 4.0, 5.0)] == [0.0, 0.0, 5.0]
    assert window.admit(10.0) == 0.0
    assert window.admit(13.0) == 1.0


def test_a_window_is_idle_when_nothing_counts_any_more() -> None:
    window = Window(2, 10.0)
    assert window.is_idle(0.0)
    window.admit(0.0)
    assert not window.is_idle(9.9)
    assert window.is_idle(10.0)
