"""What a prepared statement stores and finds is what SQLAlchemy itself stores and finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, bindparam, create_engine, insert, select, update
from sqlalchemy.pool import StaticPool

from cs_bot.stores import tables
from cs_bot.stores.columns import dump_json
from cs_bot.stores.sql.prepared import Prepared

_INBOUND = tables.inbound
_CHINA = timezone(timedelta(hours=8))
_ROW: dict[str, Any] = {
    "conversation_id": "c_1",
    "message_id": "m_1",
    "client_id": "k\x00\ud800",
    "first_seq": 1,
    "seq": 1,
    "text": "能退吗",
    "locale": "zh",
    "payload": None,
    "at": datetime(2026, 3, 1, 12, 30, 0, 250, tzinfo=_CHINA),
    "turn_id": None,
    "metadata": {"a": [1, "二"]},
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool, json_serializer=dump_json)
    _INBOUND.create(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def test_values_are_stored_as_sqlalchemy_stores_them(connection: Connection) -> None:
    assert Prepared(insert(_INBOUND)).count(connection, _ROW) == 1
    connection.execute(insert(_INBOUND), {**_ROW, "message_id": "m_2", "client_id": "k2"})
    stored = connection.exec_driver_sql("SELECT * FROM inbound ORDER BY message_id").all()
    names = [column.name for column in _INBOUND.c]
    ours, theirs = (dict(zip(names, row, strict=True)) for row in stored)
    differ = {name for name in names if ours[name] != theirs[name]}
    assert differ == {"message_id", "client_id"}
    assert ours["client_id"] == "k\ufffd\ufffd"


def test_rows_are_read_as_sqlalchemy_reads_them(connection: Connection) -> None:
    connection.execute(insert(_INBOUND), _ROW)
    query = select(_INBOUND).where(_INBOUND.c.message_id == bindparam("message")).limit(3)
    (row,) = Prepared(query).rows(connection, {"message": "m_1"})
    assert row == dict(connection.execute(query, {"message": "m_1"}).mappings().one())
    assert row["at"] == _ROW["at"]
    assert row["at"].tzinfo is UTC


def test_what_changed_is_counted_and_returned(connection: Connection) -> None:
    connection.execute(insert(_INBOUND), _ROW)
    changed = update(_INBOUND).where(_INBOUND.c.message_id == bindparam("message"))
    moved = changed.values(seq=_INBOUND.c.seq + bindparam("by")).returning(_INBOUND.c.seq)
    assert Prepared(moved).rows(connection, {"message": "m_1", "by": 2}) == [{"seq": 3}]
    answered = Prepared(changed.values(turn_id=bindparam("turn")))
    assert answered.count(connection, {"message": "m_1", "turn": "a_1"}) == 1
    assert answered.count(connection, {"message": "m_9", "turn": "a_1"}) == 0


@given(
    st.text(max_size=40),
    st.datetimes(timezones=st.just(UTC)),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab二", max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner),
        max_leaves=6,
    ),
)
def test_any_value_comes_back_as_sqlalchemy_gives_it(text: str, at: datetime, data: Any) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool, json_serializer=dump_json)
    with engine.begin() as opened:
        _INBOUND.create(opened)
        Prepared(insert(_INBOUND)).count(opened, {**_ROW, "text": text, "at": at, "metadata": data})
        query = select(_INBOUND.c.text, _INBOUND.c.at, _INBOUND.c.metadata)
        (row,) = Prepared(query).rows(opened, {})
        assert row == dict(opened.execute(query).mappings().one())
    engine.dispose()
