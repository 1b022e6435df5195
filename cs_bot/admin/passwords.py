"""Hashes and verifies passwords off the event loop; knows no operator and no request."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cs_bot.models.lane import Lane

_MOST_WAITING = 16
"""More log-ins at once than this are an attack; they get `Busy` and not our memory."""


class Passwords:
    """Argon2id in a thread of its own, with OWASP's smallest memory setting (19 MiB)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._lane = Lane("passwords", most_waiting=_MOST_WAITING)
        self._nobodys: str | None = None

    async def hashed(self, password: str) -> str:
        """Return the hash to store; raises `Busy`."""
        return await self._lane.run(self._hasher.hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Tell whether the password is the one; None costs the same work and never fits.

        Raises `Busy`.
        """
        return await self._lane.run(self._fits, password, password_hash)

    def _fits(self, password: str, password_hash: str | None) -> bool:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash(secrets.token_hex(16))
        try:
            self._hasher.verify(password_hash or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None
