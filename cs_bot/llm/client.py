"""What the house asks of a language model, whoever provides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a chat as language models take it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model said; `finish` is `stop`, `length` or what else the endpoint reports."""

    text: str
    tokens_in: int
    tokens_out: int
    finish: str


class LLM(Protocol):
    """A language model that completes a chat."""

    async def complete(
        self, messages: Sequence[ChatMessage], *, temperature: float, max_tokens: int
    ) -> Completion:
        """Return the model's next message; raises `ServiceFailed`."""
        ...
