"""One line in the process's log for every turn: ids, stage, score and time, never the words."""

from __future__ import annotations

import logging

from cs_bot.stores.protocols import TurnRecord

log = logging.getLogger(__name__)


async def log_turn(record: TurnRecord) -> None:
    """Write the line, at INFO (`cs-bot serve --verbose` shows it)."""
    trace = record.trace
    log.info(
        "%s %s answered by %s ref=%s score=%.2f release=%s model=%s in %.1f ms: %s",
        record.conversation_id,
        record.message_id,
        trace.answered_by,
        trace.reply.ref,
        trace.reply.score,
        record.release,
        trace.model and trace.model.id,
        record.ms,
        " ".join(f"{step.stage}={step.outcome}" for step in trace.steps),
    )
