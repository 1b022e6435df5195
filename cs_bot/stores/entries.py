"""The durable entries that an inbound message and an answered turn leave in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cs_bot.blocks import as_wire
from cs_bot.events import SlotRequested
from cs_bot.stores.protocols import Inbound, LogEntry, Shown, TurnRecord
from cs_bot.types import Trace

_RATED_STAGES = frozenset({"cache", "kbqa", "documents", "graph", "task"})
"""Stages whose answers ask the customer for a thumb."""


def message_id(seq: int) -> str:
    """Return the id of the message that stands at this place in its conversation."""
    return f"m_{seq}"


def inbound_entries(inbound: Inbound, top_seq: int, at: datetime) -> tuple[LogEntry, ...]:
    """Return the entries of an inbound message: the update it makes, if any, then itself."""
    updates = _update_entries(inbound, top_seq, at)
    seq = top_seq + len(updates) + 1
    said = {
        "message_id": message_id(seq),
        "client_id": inbound.client_id,
        "sender": {"role": "visitor"},
        "blocks": said_blocks(inbound.text),
    }
    return (*updates, LogEntry(seq, "message", at, said))


def said_blocks(text: str) -> list[dict[str, Any]]:
    """Return the stored blocks of what a customer said."""
    return [{"kind": "text", "text": text}]


def _update_entries(inbound: Inbound, top_seq: int, at: datetime) -> tuple[LogEntry, ...]:
    if inbound.update is None:
        return ()
    changed = {
        "message_id": inbound.update.message_id,
        "blocks": [as_wire(block, public=False) for block in inbound.update.blocks],
    }
    return (LogEntry(top_seq + 1, "message.update", at, changed),)


def is_rated(trace: Trace) -> bool:
    """Tell whether the customer is asked for a thumb: for answers, not for questions or greetings.

    A task that still waits for a slot has not answered yet.
    """
    if not trace.reply.blocks:
        return False
    asks = any(isinstance(event, SlotRequested) for event in trace.reply.events)
    return trace.reply.generated or (trace.answered_by in _RATED_STAGES and not asks)


def reply_entry(record: TurnRecord, seq: int) -> LogEntry:
    """Return the entry of the reply that this turn gave."""
    said = {
        "message_id": message_id(seq),
        "sender": {"role": "bot", "name": record.sender},
        "reply_to": record.message_id,
        "answer": {
            "answer_id": record.turn_id,
            "source": record.trace.answered_by,
            "feedback": is_rated(record.trace),
        },
        "blocks": [as_wire(block, public=False) for block in record.trace.reply.blocks],
    }
    return LogEntry(seq, "message", record.at, said)


def shown_entries(shown: Shown, top_seq: int, at: datetime) -> tuple[LogEntry, ...]:
    """Return the entries of messages that answer none."""
    return tuple(
        LogEntry(
            seq,
            "message",
            at,
            {
                "message_id": message_id(seq),
                "sender": {"role": "bot", "name": shown.sender},
                "blocks": [as_wire(block, public=False) for block in blocks],
            },
        )
        for seq, blocks in enumerate(shown.messages, top_seq + 1)
    )
