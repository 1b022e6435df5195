"""Cursors of lists sorted newest first: the time and id of the last row that was shown."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from cs_bot.errors import BadInput


def write_cursor(at: datetime, row_id: str) -> str:
    """Return the cursor of the page after this row."""
    return urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Return time and id of the last row shown; raises `BadInput` for what we never wrote."""
    try:
        at, _, row_id = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(
            "this is no cursor of ours", where="cursor", remedy="start again from the first page"
        )
    return moment, row_id
