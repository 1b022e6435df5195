"""A message with what somebody says it means: what is trained on and scored against."""

from __future__ import annotations

from dataclasses import dataclass

from cs_bot.stages.task.project import Mention

Act = tuple[str, str, str, str]
"""What is done, in which domain, with which slot and value: `Inform, hotel, price, 300`."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message; None means that nobody has labelled this side of it.

    `intents` holds one name, or none where the message is out of scope; several only in rows that
    say `intents`. `before` is what the bot said last, where a row tells it.
    """

    text: str
    intents: tuple[str, ...] | None = None
    spans: tuple[Mention, ...] | None = None
    acts: tuple[Act, ...] | None = None
    several: bool = False
    """The row may have several intents."""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of one message; intents best first, the first one with its confidence."""

    intent: str | None
    confidence: float
    intents: tuple[str, ...]
    spans: tuple[Mention, ...] = ()
    acts: tuple[Act, ...] = ()
