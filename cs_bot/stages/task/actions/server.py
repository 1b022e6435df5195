"""Where an action server is and what it wants to be told, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class ActionServer:
    """An action server of rasa-sdk's protocol; what may be secret is not in its `repr`."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    cafile: str = ""

    @property
    def host(self) -> str:
        """Host and port, all of an address that may be shown."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def webhook(self) -> str:
        """The address that runs actions."""
        parts = urlsplit(self.url)
        return parts._replace(path=parts.path.rstrip("/") or "/webhook").geturl()

    @property
    def actions(self) -> str:
        """The address that lists the actions, beside the other one."""
        parts = urlsplit(self.webhook)
        folder = parts.path.rpartition("/")[0]
        return parts._replace(path=f"{folder}/actions").geturl()


def is_web_address(url: str) -> bool:
    """Tell whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
