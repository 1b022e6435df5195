"""Unit of work that folds the turns of a conversation into what the next turn must know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from cs_bot.events import DialogueState
from cs_bot.stores import tables
from cs_bot.stores.codec import events_from_json
from cs_bot.stores.protocols import Past
from cs_bot.types import Exchange

_TURN = [tables.turns.c[name] for name in ("seq", "events", "text", "reply", "answered_by")]


@dataclass(frozen=True, slots=True)
class Folded:
    """The state after all turns up to this seq. Turns never change, so it stays right."""

    seq: int
    state: DialogueState


NOTHING_FOLDED = Folded(0, DialogueState())


def past(
    connection: Connection, conversation_id: str, history: int, known: Folded
) -> tuple[Past, Folded]:
    """Return the past, folding only the turns that came after what is known already."""
    turns = _last_turns(connection, conversation_id, history + 1)
    unseen = [turn for turn in turns if turn.seq > known.seq]
    if unseen and len(unseen) == len(turns):
        unseen = _turns_after(connection, conversation_id, known.seq)
    folded = _fold(unseen, known)
    exchanges = tuple(
        Exchange(turn.text, turn.reply, turn.answered_by)
        for turn in turns[max(0, len(turns) - history) :]
    )
    return Past(folded.state, exchanges), folded


def _fold(turns: Iterable[Row[Any]], known: Folded) -> Folded:
    for turn in turns:
        known = Folded(turn.seq, known.state.apply(events_from_json(turn.events)))
    return known


def _last_turns(connection: Connection, conversation_id: str, count: int) -> Sequence[Row[Any]]:
    own = tables.turns.c
    query = (
        select(*_TURN)
        .where(own.conversation_id == conversation_id)
        .order_by(own.seq.desc())
        .limit(count)
    )
    return connection.execute(query).all()[::-1]


def _turns_after(connection: Connection, conversation_id: str, seq: int) -> list[Row[Any]]:
    own = tables.turns.c
    query = (
        select(*_TURN)
        .where(own.conversation_id == conversation_id, own.seq > seq)
        .order_by(own.seq)
    )
    return list(connection.execute(query).all())
