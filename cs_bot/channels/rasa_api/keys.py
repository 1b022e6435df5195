"""Who may use Rasa's HTTP API: whoever has one of its keys; without any key it is off."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fastapi import Request

from cs_bot.channels.rasa_api.refusals import RasaRefused
from cs_bot.settings import ApiSettings

log = logging.getLogger(__name__)

SAFE_CHARS = 16

Right = Literal["read", "write"]

_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys of the API; an empty one is none."""

    write: str = field(default="", repr=False)
    read: str = field(default="", repr=False)
    key_env: str = ApiSettings().key_env

    @classmethod
    def named(cls, settings: ApiSettings, environment: Mapping[str, str]) -> ApiKeys:
        """Return the keys that these settings name."""
        write = _key(settings.key_env, environment)
        return cls(write, _key(settings.read_key_env, environment), settings.key_env)

    @property
    def are_set(self) -> bool:
        """Whether the API is on."""
        return bool(self.write or self.read)

    def check(self, request: Request, right: Right) -> None:
        """Let a request through that shows a key with this right; raises `RasaRefused`."""
        if not self.are_set:
            raise RasaRefused(
                403,
                "Rasa's HTTP API is off: put a key of your own into the environment variable "
                f"{self.key_env} and start the server again.",
            )
        shown = _shown(request)
        if _same(shown, self.write):
            return
        if not _same(shown, self.read):
            raise RasaRefused(
                401,
                "User is not authenticated: send the API key as 'Authorization: Bearer KEY' "
                "or as ?token=KEY.",
            )
        if right == "write":
            raise RasaRefused(403, f"This key may only read; the key in {self.key_env} may write.")


def _key(name: str, environment: Mapping[str, str]) -> str:
    key = environment.get(name, "").strip()
    if 0 < len(key) < SAFE_CHARS:
        log.warning(
            "the key in %s can be guessed: it has fewer than %d characters", name, SAFE_CHARS
        )
    return key


def _shown(request: Request) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    return request.query_params.get("token", "")


def _same(shown: str, key: str) -> bool:
    """Compare in a time that tells nothing of where they differ; no key equals nothing."""
    alike = hmac.compare_digest(shown.encode("utf-8", "replace"), key.encode("utf-8", "replace"))
    return bool(key) and alike
