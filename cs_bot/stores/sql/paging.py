"""Cursor paging of lists that are sorted newest first, as SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from cs_bot.stores.cursors import read_cursor


def older_than(
    cursor: str, at: ColumnElement[datetime], row_id: ColumnElement[str]
) -> ColumnElement[bool]:
    """Return the condition of rows that come after the cursor's row."""
    moment, last_id = read_cursor(cursor)
    return or_(at < moment, and_(at == moment, row_id < last_id))
