"""Visitor tokens: signed statements of who somebody is on one channel, made and read here only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from cs_bot.errors import CsBotError
from cs_bot.stores.protocols import SecretStore

SECRET = "visitor_token"  # noqa: S105 - the name of the secret, not the secret
KEY_BYTES = 32
ALGORITHM = "HS256"
LIFETIME = timedelta(days=90)
VERSION = 1
"""Claim `tv`: raising it revokes every token given out so far."""
# PyJWT would hold `exp` and `iat` against the real clock; they are checked against the given one.
_OPTIONS: jwt.types.Options = {
    "verify_exp": False,
    "verify_iat": False,
    "require": ["vid", "chn", "tv", "exp"],
}


class TokenRefused(CsBotError):
    """A token that is forged, expired, revoked, or for another channel."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a token speaks for."""

    id: str
    channel: str


class VisitorTokens:
    """Issues and reads tokens; the key is made once and kept in the secret store."""

    def __init__(self, secret_store: SecretStore, clock: Callable[[], datetime]) -> None:
        self._secret_store = secret_store
        self._clock = clock
        self._key: bytes | None = None

    async def issue(self, visitor: Visitor) -> str:
        """Return a token that is valid for 90 days from now."""
        key = await self._signing_key()
        now = self._clock()
        claims = {
            "vid": visitor.id,
            "chn": visitor.channel,
            "tv": VERSION,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, key, ALGORITHM, headers={"kid": _kid(key)})

    async def read(self, token: str) -> Visitor:
        """Return who the token speaks for; raises `TokenRefused`."""
        key = await self._signing_key()
        if not token.isascii():
            raise TokenRefused("not a token: it has other characters than tokens have")
        try:
            claims = jwt.decode(token, key, [ALGORITHM], options=_OPTIONS)
        except jwt.InvalidTokenError as error:
            raise TokenRefused(f"not a token of this server: {error}") from None
        return self._visitor(claims)

    def _visitor(self, claims: dict[str, object]) -> Visitor:
        visitor, channel, expires = claims["vid"], claims["chn"], claims["exp"]
        if not (isinstance(visitor, str) and isinstance(channel, str) and isinstance(expires, int)):
            raise TokenRefused("the token's claims are not what they should be")
        if claims["tv"] != VERSION or expires <= self._clock().timestamp():
            raise TokenRefused("the token is expired or revoked")
        return Visitor(visitor, channel)

    async def _signing_key(self) -> bytes:
        if self._key is None:
            self._key = await self._secret_store.secret(
                SECRET, lambda: secrets.token_bytes(KEY_BYTES)
            )
        return self._key


def _kid(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]
