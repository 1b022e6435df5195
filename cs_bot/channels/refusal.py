"""The error a command ends with when the customer's input cannot be used as it is."""

from __future__ import annotations

from collections.abc import Mapping

from cs_bot.channels.frames import ErrorCode
from cs_bot.errors import CsBotError

BUSY = "the server is busy; send it again in a moment"
"""What people outside hear instead of the reason, which names files and servers."""


class Refused(CsBotError):
    """A command that is not carried out: the protocol's code, a sentence, what is wrong where."""

    def __init__(
        self, code: ErrorCode, message: str, *, fields: Mapping[str, str] | None = None
    ) -> None:
        self.code = code
        self.message = message
        self.fields = fields
        super().__init__(message)
