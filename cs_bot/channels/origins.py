"""Decides which web pages may talk to a channel, by the Origin their browser names.

A client that is no browser names none; it cannot be made to act for somebody else, so it may come.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from cs_bot.settings import ChannelSettings

_PORTS = {"http": "80", "https": "443"}


class Origins:
    """The origins of all channels of one server."""

    def __init__(self, channels: Mapping[str, ChannelSettings], public_url: str = "") -> None:
        self._channels = channels
        self._own = _normal(public_url) if public_url else None

    def admits(self, origin: str | None, host: str, channel: str) -> bool:
        """Tell whether a page of this origin may use the channel; `host` is the Host header."""
        if origin is None:
            return True
        page = _normal(origin)
        if page is None:
            return False
        allowed = self._channels[channel].origins
        if not allowed:
            return self._is_own(page, host)
        return "*" in allowed or page in {_normal(item) for item in allowed}

    def admits_any(self, origin: str | None, host: str) -> bool:
        """Tell whether some channel admits the page; before the first frame no key is known."""
        return any(self.admits(origin, host, key) for key in self._channels)

    def _is_own(self, page: str, host: str) -> bool:
        return page == self._own or page in {_normal(f"{scheme}://{host}") for scheme in _PORTS}


def _normal(origin: str) -> str | None:
    """Return scheme, host and port in one spelling, None for what is no address.

    A page without an origin says `null`.
    """
    try:
        parts = urlsplit(origin.lower())
    except ValueError:  # no browser writes such brackets
        return None
    host, _, port = parts.netloc.rpartition(":")
    if not port.isdigit():
        host, port = parts.netloc, _PORTS.get(parts.scheme, "")
    return f"{parts.scheme}://{host}:{port}"
