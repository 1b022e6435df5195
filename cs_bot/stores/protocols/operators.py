"""Who may enter the console, and the keys the server makes for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works in the console."""

    id: str
    name: str
    role: str
    password_hash: str


class OperatorStore(Protocol):
    """Who may enter the console. Tokens are stored hashed (SHA-256), never as they are."""

    async def has_operators(self) -> bool:
        """Tell whether anybody has been set up."""
        ...

    async def create_operator(self, name: str, password_hash: str, role: str) -> Operator:
        """Store an operator; raises `Conflict` when the name is taken (case folded)."""
        ...

    async def operator_by_name(self, name: str) -> Operator | None:
        """Return the operator of that name (case folded)."""
        ...

    async def open_session(self, token_hash: str, operator_id: str, expires_at: datetime) -> None:
        """Remember a console session."""
        ...

    async def session_operator(self, token_hash: str, *, now: datetime) -> Operator | None:
        """Return whose session this is, None when unknown or expired."""
        ...

    async def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        ...

    async def offer_setup(self, token_hash: str, expires_at: datetime) -> None:
        """Replace the one-time set-up token."""
        ...

    async def take_setup(self, token_hash: str, *, now: datetime) -> bool:
        """Use up the set-up token; False when it is not this one, used, or expired."""
        ...


class SecretStore(Protocol):
    """Keys the server makes for itself once."""

    async def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the secret of that name; the first caller's `make()` decides, atomically."""
        ...
