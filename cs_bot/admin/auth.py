"""Who may enter the console: log-in, one-time set-up, sessions, roles.

Tokens are 256 random bits and are stored as SHA-256 only; there is no default password.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from cs_bot.admin.passwords import Passwords
from cs_bot.admin.refusals import Refused
from cs_bot.admin.sentences import says
from cs_bot.admin.throttle import Throttle
from cs_bot.stores.folding import folded
from cs_bot.stores.protocols import Operator, OperatorStore

COOKIE = "csb_console"
SESSION_LIFETIME = timedelta(hours=12)
ADMIN = "admin"

_SETUP_LIFETIME = timedelta(hours=24)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """An operator who has just come in, and the token of the new session."""

    operator: Operator
    token: str


async def offer_setup_link(operators: OperatorStore, *, clock: Clock, base_url: str) -> str | None:
    """Return a new one-time link that makes the first operator, None when there is one already.

    The link is valid for 24 hours and replaces every earlier one.
    """
    if await operators.has_operators():
        return None
    token = secrets.token_urlsafe(32)
    await operators.offer_setup(_stored(token), clock() + _SETUP_LIFETIME)
    return f"{base_url.rstrip('/')}/admin/#/setup?token={token}"


class Access:
    """Opens, checks and closes console sessions."""

    def __init__(self, operators: OperatorStore, passwords: Passwords, *, clock: Clock) -> None:
        self._operators = operators
        self._passwords = passwords
        self._throttle = Throttle(clock)
        self._clock = clock

    async def setup_needed(self) -> bool:
        """Tell whether nobody has been set up yet."""
        return not await self._operators.has_operators()

    async def set_up(self, token: str, name: str, password: str) -> Entry:
        """Make the first operator with the one-time token; raises `Refused`."""
        if not await self.setup_needed():
            raise _bad_setup_token()
        password_hash = await self._passwords.hashed(password)
        if not await self._operators.take_setup(_stored(token), now=self._clock()):
            raise _bad_setup_token()
        return await self._enter(await self._operators.create_operator(name, password_hash, ADMIN))

    async def log_in(self, name: str, password: str, *, address: str) -> Entry:
        """Open a session for the right password; raises `Refused`, also after five failures."""
        key = f"{address} {folded(name)}"  # as the store finds it: `ａdmin` is no second name
        self._throttle.begin(key)
        operator = await self._operators.operator_by_name(name)
        known_hash = None if operator is None else operator.password_hash
        if not await self._passwords.fits(password, known_hash) or operator is None:
            raise Refused("unauthenticated", says("wrong_password"))
        self._throttle.succeed(key)
        return await self._enter(operator)

    async def log_out(self, token: str | None) -> None:
        """Close the session; an unknown one is none already."""
        if token:
            await self._operators.close_session(_stored(token))

    async def operator_of(self, token: str | None) -> Operator | None:
        """Return whose session this is, None when there is none or it has ended."""
        if not token:
            return None
        return await self._operators.session_operator(_stored(token), now=self._clock())

    def require(self, role: str) -> Callable[[Request], Awaitable[None]]:
        """Return the check that a request comes from an operator of this role."""

        async def check(request: Request) -> None:
            operator = await self.operator_of(request.cookies.get(COOKIE))
            if operator is None:
                raise Refused("unauthenticated")
            if operator.role != role:
                raise Refused("forbidden")
            request.state.operator = operator

        return check

    async def _enter(self, operator: Operator) -> Entry:
        token = secrets.token_urlsafe(32)
        await self._operators.open_session(
            _stored(token), operator.id, self._clock() + SESSION_LIFETIME
        )
        return Entry(operator, token)


def _acting(request: Request) -> Operator:
    operator: Operator = request.state.operator
    return operator


Acting = Annotated[Operator, Depends(_acting)]
"""The operator of a request that `Access.require` has let through."""


def _stored(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _bad_setup_token() -> Refused:
    return Refused("forbidden", says("setup_token"))
