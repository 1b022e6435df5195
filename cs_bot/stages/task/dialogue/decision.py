"""What a policy decided, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """The next action, the policy that chose it and how sure that is, from 0 to 1."""

    action: str
    policy: str
    probability: float = 1.0
    because: str = ""
    """The rule or story, with its place."""
    depth: int = 1
    """How many decisions it looked back: 1 where only the latest message and action count."""
    asks_anew: bool = False
    """Whether the message answered something else, so that the loop must not take it."""
