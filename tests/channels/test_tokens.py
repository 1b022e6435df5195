"""Visitor tokens: who they speak for, and everything that makes them worthless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import jwt
import pytest

from cs_bot.channels.tokens import ALGORITHM, TokenRefused, Visitor, VisitorTokens
from cs_bot.testing.clock import FakeClock

VISITOR = Visitor("v_1", "web")
KEY = b"k" * 32


class OneSecret:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    async def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        return self._secret


def tokens(clock: FakeClock, key: bytes = KEY) -> VisitorTokens:
    return VisitorTokens(OneSecret(key), clock)


def forged(clock: FakeClock, changes: Mapping[str, object]) -> str:
    expires = int((clock() + timedelta(days=1)).timestamp())
    claims = {"vid": "v_1", "chn": "web", "tv": 1, "exp": expires, **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, KEY, ALGORITHM)


async def test_a_token_says_who_somebody_is_for_ninety_days() -> None:
    clock = FakeClock()
    token = await tokens(clock).issue(VISITOR)
    clock.forward(days=90, seconds=-1)
    assert await tokens(clock).read(token) == VISITOR
    clock.forward(seconds=1)
    with pytest.raises(TokenRefused):
        await tokens(clock).read(token)


async def test_a_token_names_its_key() -> None:
    token = await tokens(FakeClock()).issue(VISITOR)
    assert len(jwt.get_unverified_header(token)["kid"]) == 8


async def test_a_token_of_another_server_is_refused() -> None:
    clock = FakeClock()
    token = await tokens(clock, b"x" * 32).issue(VISITOR)
    with pytest.raises(TokenRefused):
        await tokens(clock).read(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1},
        {"tv": 0},
        {"tv": None},
        {"vid": None},
        {"vid": 7},
        {"chn": None},
    ],
    ids=str,
)
async def test_a_token_that_lacks_something_is_refused(changes: dict[str, object]) -> None:
    clock = FakeClock()
    with pytest.raises(TokenRefused):
        await tokens(clock).read(forged(clock, changes))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800", "e30.e30."])
async def test_text_that_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        await tokens(FakeClock()).read(token)


async def test_a_token_without_signature_is_refused() -> None:
    clock = FakeClock()
    claims = jwt.decode(forged(clock, {}), options={"verify_signature": False})
    with pytest.raises(TokenRefused):
        await tokens(clock).read(jwt.encode(claims, None, "none"))
