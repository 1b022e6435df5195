"""Unit of work that folds the turns of a conversation into what the next turn must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from cs_bot.events import DialogueState
from cs_bot.stores import tables
from cs_bot.stores.codec import events_from_json
from cs_bot.stores.protocols import Addition, Past, Standing
from cs_bot.stores.sql.additions import LATEST, additions_after
from cs_bot.stores.sql.console import turn_of
from cs_bot.stores.sql.prepared import Prepared
from cs_bot.types import Exchange

_turn = tables.turns.c
_TURNS = select(
    _turn.seq,
    _turn.events,
    _turn.text,
    _turn.reply,
    _turn.answered_by,
    _turn.at,
    LATEST.label("added"),
).where(_turn.conversation_id == bindparam("id"))
_LAST_TURNS = Prepared(_TURNS.order_by(_turn.seq.desc()).limit(bindparam("count")))
_TURNS_AFTER = Prepared(_TURNS.where(_turn.seq > bindparam("seq")).order_by(_turn.seq))


@dataclass(frozen=True, slots=True)
class Folded:
    """The state after all turns up to this seq and all additions up to this number.

    Neither ever changes and new ones come last, so it stays right.
    """

    seq: int
    state: DialogueState
    added: int = 0


NOTHING_FOLDED = Folded(0, DialogueState())


def past(
    connection: Connection, conversation_id: str, history: int, known: Folded
) -> tuple[Past, Folded]:
    """Return the past, folding only what came after what is known already."""
    turns = _LAST_TURNS.rows(connection, {"id": conversation_id, "count": history + 1})[::-1]
    unseen = [turn for turn in turns if turn["seq"] > known.seq]
    if unseen and len(unseen) == len(turns):
        unseen = _TURNS_AFTER.rows(connection, {"id": conversation_id, "seq": known.seq})
    added: Sequence[Addition] = ()
    if not turns or (turns[-1]["added"] or 0) > known.added:
        added = additions_after(connection, conversation_id, known.added)
    folded = _fold(unseen, added, known)
    exchanges = tuple(
        Exchange(turn["text"], turn["reply"], turn["answered_by"])
        for turn in turns[max(0, len(turns) - history) :]
    )
    return Past(folded.state, exchanges, turns[-1]["at"] if turns else None), folded


def standing(
    connection: Connection, conversation_id: str, message_id: str, history: int, known: Folded
) -> tuple[Standing, Folded]:
    """Return the past, and the turn of a message that is answered already."""
    found, folded = past(connection, conversation_id, history, known)
    return Standing(found, turn_of(connection, conversation_id, message_id)), folded


def _fold(
    turns: Sequence[Mapping[str, Any]], additions: Sequence[Addition], known: Folded
) -> Folded:
    """Fold turns and additions in the order in which they happened."""
    waiting = list(additions)
    for turn in turns:
        while waiting and waiting[0].seq < turn["seq"]:
            known = _with(known, waiting.pop(0))
        state = known.state.apply(events_from_json(turn["events"]))
        known = Folded(turn["seq"], state, known.added)
    for addition in waiting:
        known = _with(known, addition)
    return known


def _with(known: Folded, addition: Addition) -> Folded:
    return Folded(known.seq, known.state.within_turn(addition.events), addition.number)
