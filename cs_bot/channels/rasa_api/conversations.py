"""Trackers of the conversations in the log, by the ids that Rasa's clients know them by."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from cs_bot.channels.rasa_api.appending import Added, added_events
from cs_bot.channels.rasa_api.effects import NONE, Effects, shown
from cs_bot.channels.rasa_api.told import session_begun, told_history
from cs_bot.channels.rasa_api.trackers import Verbosity, before, tracker
from cs_bot.channels.rest import CHANNEL, user_id_of
from cs_bot.errors import Busy, NotFound
from cs_bot.events import DialogueState
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stores.protocols import (
    Conversation,
    ConversationLocks,
    ConversationStore,
    History,
    Shown,
)

log = logging.getLogger(__name__)

Announce = Callable[[str, int], Awaitable[None]]
"""Tells that a conversation's log has grown: its id, its top seq."""


class Trackers:
    """Reads conversations as trackers and adds events to them."""

    def __init__(
        self,
        conversations: ConversationStore,
        locks: ConversationLocks,
        project: Project,
        clock: Callable[[], datetime],
        locale: str,
        *,
        announce: Announce,
        names: Mapping[str, str],
    ) -> None:
        self._conversations = conversations
        self._locks = locks
        self._project = project
        self._clock = clock
        self._locale = locale
        self._announce = announce
        self._names = names

    async def tracker(
        self, sender_id: str, verbosity: Verbosity, until: datetime | None = None
    ) -> dict[str, Any]:
        """Return the tracker of a conversation, which is new where nobody has spoken yet.

        `until` leaves out what happened after that time. Nothing is stored.
        """
        conversation = await self._find(sender_id)
        if conversation is None:
            history, locale = History(), self._locale
            told = list(session_begun(self._clock().timestamp()))
        else:
            locale = conversation.locale
            history = await self._conversations.history(conversation.id)
            told = told_history(conversation.created_at, history)
        if until is not None:
            told = before(told, until.timestamp())
        state = history.state(until)
        slots = slots_of(self._project, state, state.locale or locale)
        return tracker(sender_id, told, slots, verbosity)

    async def append(
        self, sender_id: str, body: Any, verbosity: Verbosity, effects: Effects = NONE
    ) -> dict[str, Any]:
        """Add events after the turn that runs, if one does, and return the tracker.

        Raises `BadInput`, `RasaRefused` and `Busy`; then nothing was added.
        """
        conversation = await self._find(sender_id)
        if conversation is None:
            added_events(body, self._project, DialogueState(), 0.0)  # before anything is made
            effects.check(CHANNEL)
            conversation = await self._conversations.open(
                None, channel=CHANNEL, user_id=user_id_of(sender_id), locale=self._locale
            )
        effects.check(conversation.channel)
        async with self._locks.hold(conversation.id):
            past = await self._conversations.past(conversation.id)
            now = self._clock().timestamp()
            added = added_events(body, self._project, past.state, now)
            await self._add(conversation, added, effects)
        return await self.tracker(sender_id, verbosity)

    async def _add(self, conversation: Conversation, added: Added, effects: Effects) -> None:
        messages = shown(added.told) if effects.wanted else ()
        name = self._names.get(conversation.locale, "")
        done = await self._conversations.add(
            conversation.id,
            added.events,
            added.told,
            Shown(name, messages) if messages else None,
        )
        if messages:
            await self._tell(conversation.id, done.seq)

    async def _tell(self, conversation_id: str, top_seq: int) -> None:
        """Tell those who are connected; what is stored stays so, whether they hear of it or not."""
        try:
            await self._announce(conversation_id, top_seq)
        except (Busy, OSError):
            log.info("news of %s did not get out", conversation_id)

    async def _find(self, sender_id: str) -> Conversation | None:
        """Return the conversation of this id, else that of the REST channel's sender.

        Senders choose their names: none of them may stand before a conversation of our own id.
        """
        try:
            return await self._conversations.conversation(sender_id)
        except NotFound:
            return await self._conversations.newest(channel=CHANNEL, user_id=user_id_of(sender_id))
