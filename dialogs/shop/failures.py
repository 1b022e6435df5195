"""What may go wrong on the way, put into the service from outside: off unless a plan says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from random import Random
from threading import Lock
from typing import Literal, Protocol

Failure = Literal[
    "slow", "error_before", "error_after", "cut_before", "cut_after", "twice", "malformed"
]
"""`slow` answers late; `error_` is a 500 and `cut_` a broken connection, before or after the work
is done; `twice` delivers the request two times; `malformed` does the work and answers no JSON."""
FAILURES: tuple[Failure, ...] = (
    "slow",
    "error_before",
    "error_after",
    "cut_before",
    "cut_after",
    "twice",
    "malformed",
)
_SHARE = 0.3


class Plan(Protocol):
    """Says what happens to a request; `method` and the number of its order tell it."""

    def next(self, method: str, order: str) -> Failure | None: ...


class NoFailures:
    """Lets everything work."""

    def next(self, method: str, order: str) -> None:
        """Return that nothing fails."""


class RandomFailures:
    """Lets about a third of all requests fail, the same ones for the same seed."""

    def __init__(self, seed: int, share: float = _SHARE) -> None:
        self._dice = Random(seed)  # noqa: S311 - it plays a service
        self._share = share
        self._lock = Lock()

    def next(self, method: str, order: str) -> Failure | None:  # noqa: ARG002 - the plan's signature
        """Return what happens to this request."""
        with self._lock:
            fails = self._dice.random() < self._share
            return self._dice.choice(FAILURES) if fails else None


class Scripted:
    """What happens to the requests about each order, one after the other, by method and number."""

    def __init__(self) -> None:
        self._scripts: dict[tuple[str, str], deque[Failure]] = {}
        self._lock = Lock()

    def script(self, method: str, order: str, failures: Iterable[Failure]) -> None:
        """Let the next requests about an order fail like this; those after them work."""
        with self._lock:
            self._scripts.setdefault((method, order.upper()), deque()).extend(failures)

    def next(self, method: str, order: str) -> Failure | None:
        """Return what happens to this request."""
        with self._lock:
            script = self._scripts.get((method, order.upper()))
            return script.popleft() if script else None
