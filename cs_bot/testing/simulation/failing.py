"""What goes wrong with the order service in a simulated dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shop.failures import Failure, Scripted

Trouble = Literal["none", "slow", "before", "after", "twice", "malformed", "down"]
TROUBLES: tuple[Trouble, ...] = ("none", "slow", "before", "after", "twice", "malformed", "down")
"""`before` and `after` fail once or twice and then work; `down` never works."""
RECOVERS: frozenset[Trouble] = frozenset({"none", "slow", "before", "after", "twice"})
"""What a bot that tries again gets over."""
_KINDS: Mapping[Trouble, tuple[Failure, ...]] = {
    "slow": ("slow",),
    "before": ("error_before", "cut_before"),
    "after": ("error_after", "cut_after"),
    "twice": ("twice",),
    "malformed": ("malformed",),
    "down": ("error_before", "cut_before"),
}
_ALWAYS = 50


def script(plan: Scripted, trouble: Trouble, order: str, *, changes: bool, dice: Random) -> None:
    """Let the requests about an order fail; where something is changed mostly those."""
    if trouble == "none":
        return
    method = "POST" if changes and (dice.random() < 0.8 or trouble in ("after", "twice")) else "GET"
    times = {"down": _ALWAYS, "before": dice.randint(1, 2), "after": dice.randint(1, 2)}
    kinds = _KINDS[trouble]
    plan.script(method, order, [dice.choice(kinds) for _ in range(times.get(trouble, 1))])
