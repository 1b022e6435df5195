"""Leaves alone what has failed many times in a row, and tries it again after a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    """In a row."""
    rests_until: float | None = None
    """Open until then, half-open from then on; None while closed."""
    probing: bool = False


class Breakers:
    """One circuit breaker a name: closed, open after `rest_after` failures, half-open afterwards.

    Half-open lets one call through, whose end closes or opens it again; `clock` counts seconds.
    """

    def __init__(self, *, rest_after: int, rest_seconds: float, clock: Callable[[], float]) -> None:
        self._rest_after = rest_after
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._circuits: defaultdict[str, _Circuit] = defaultdict(_Circuit)

    def refusal(self, name: str) -> str | None:
        """Return why no call may be made now; None lets this one through, to be told its end."""
        circuit = self._circuits[name]
        if circuit.rests_until is None:
            return None
        left = circuit.rests_until - self._clock()
        if left > 0:
            return f"is left alone for {left:.0f} s more after {circuit.failures} failures in a row"
        if circuit.probing:
            return f"is tried by one call after {circuit.failures} failures in a row"
        circuit.probing = True
        return None

    def succeeded(self, name: str) -> None:
        """Take the call as a sign of life: the circuit is closed."""
        self._circuits[name] = _Circuit()

    def failed(self, name: str) -> None:
        """Count the failure; enough of them, or one of the call that tries, open the circuit."""
        circuit = self._circuits[name]
        circuit.failures += 1
        if circuit.probing or circuit.failures >= self._rest_after:
            circuit.rests_until = self._clock() + self._rest_seconds
        circuit.probing = False

    def unknown(self, name: str) -> None:
        """Take back a call whose end tells nothing; another one may try."""
        self._circuits[name].probing = False
