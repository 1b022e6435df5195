"""Begins a new session of a conversation after a long silence (`session_config`)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cs_bot.errors import ServiceFailed
from cs_bot.events import DialogueState, SessionStarted
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import SESSION_START
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.moves import dialogue_of
from cs_bot.stages.task.outdated import outdated
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Session, Task
from cs_bot.types import Reading, Reply, Triggered, Turn

log = logging.getLogger(__name__)

_TASK = Task(SESSION_START, (), None, ())


class Sessions:
    """The sessions of one project's conversations."""

    def __init__(self, doer: Doer, policies: Policies) -> None:
        self._doer = doer
        self._policies = policies
        self._session = doer.project.session

    async def opened(self, turn: Turn, last_at: datetime | None) -> Reply | None:
        """Return what comes before the answer where the message begins a session, else None.

        `last_at` is when the conversation's last turn was, None in its first one.
        """
        if isinstance(turn.message.payload, Triggered):
            return None
        if last_at is not None and not is_over(self._session, last_at, turn.message.received_at):
            return self._without_what_is_outdated(turn)
        if SESSION_START not in self._doer.has_code and (last_at is None or _is_blank(turn.state)):
            return None
        dialogue = dialogue_of(turn.state, self._policies.features)
        progress = Progress.begun(turn, Reading(), _TASK, self._policies, dialogue)
        try:
            await self._doer.begin_session(progress)
        except ServiceFailed as failure:
            log.warning("a session begins without %s: %s", SESSION_START, failure)
            return Reply((), events=(SessionStarted(self._session.carries_slots),))
        return progress.reply()

    def _without_what_is_outdated(self, turn: Turn) -> Reply | None:
        left = outdated(self._doer.project, self._doer.has_code, turn.state)
        if not left:
            return None
        log.warning(
            "%s goes on without what an older version of the project left: the task %s, waiting "
            "for %s",
            turn.message.conversation_id,
            turn.state.task,
            turn.state.requested_slot,
        )
        return Reply((), events=left)


def is_over(session: Session, last_at: datetime, now: datetime) -> bool:
    """Tell whether a session ended in the silence between these times; 0 minutes means never."""
    if session.expires_minutes <= 0:
        return False
    return now - last_at > timedelta(minutes=session.expires_minutes)


def _is_blank(state: DialogueState) -> bool:
    """Tell whether nothing is there that a new session would put away."""
    return state.task is None and not state.moves and not state.paused
