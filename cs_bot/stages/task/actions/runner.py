"""Runs rasa-sdk actions in this process, each in a lane, so that none can stall the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cs_bot.errors import Busy
from cs_bot.models.lane import Lane
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.load import load_actions
from cs_bot.stages.task.actions.loops import ThreadLoops
from cs_bot.stages.task.actions.outcome import ActionOutcome, outcome_of
from cs_bot.stages.task.actions.protocol import ActionFacts

log = logging.getLogger(__name__)


class ActionRunner:
    """The actions of one bot; a slow one occupies a lane of its own until it ends.

    An action runs in the event loop of its lane's thread, so that a blocking `run`, even one
    declared `async`, holds up nobody else.
    """

    def __init__(
        self,
        actions: Sequence[Any],
        domain: Mapping[str, Any],
        *,
        timeout_seconds: float,
        lanes: int,
    ) -> None:
        self._domain = dict(domain)
        self._timeout_seconds = timeout_seconds
        self._lanes = tuple(Lane(f"action-{n}", most_waiting=1) for n in range(lanes))
        self._idle = list(self._lanes)
        self._loops = ThreadLoops()
        self._executor = _executor(actions)
        self.names = frozenset(self._executor.actions) if self._executor else frozenset()
        self._facts = {action.name(): _facts(action) for action in actions}

    @classmethod
    def load(
        cls, directory: Path, domain: Mapping[str, Any], *, timeout_seconds: float, lanes: int
    ) -> ActionRunner:
        """Import the actions of a bot's folder; raises `BadInput`."""
        actions = load_actions(directory)
        return cls(actions, domain, timeout_seconds=timeout_seconds, lanes=lanes)

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        """Run one action; raises `ServiceFailed`, or `ActionRejected` when the action says so."""
        if name not in self.names:
            raise ActionFailed(name, "it has no code", "unknown", reached=False)
        call = {
            "next_action": name,
            "sender_id": tracker["sender_id"],
            "tracker": tracker,
            "domain": self._domain,
        }
        try:
            async with asyncio.timeout(self._timeout_seconds):
                result = await self._in_lane(name, call)
        except TimeoutError:
            why = f"no answer within {self._timeout_seconds:g} s"
            raise ActionFailed(name, why, "late") from None
        return outcome_of(name, result.events, result.responses)

    def facts(self, name: str) -> ActionFacts:
        """Return what the class of an action says: `changes = True`, `idempotent = True`."""
        return self._facts.get(name, ActionFacts())

    async def _in_lane(self, name: str, call: Mapping[str, Any]) -> Any:
        """Run the call in an idle lane, which is idle again when the call has really ended."""
        if not self._idle:
            raise ActionFailed(name, "all lanes are taken", "busy", reached=False)
        lane = self._idle.pop()
        work = asyncio.ensure_future(lane.run(self._work, call))
        work.add_done_callback(lambda done: self._ended(lane, done))
        try:
            return await asyncio.shield(work)
        except Busy as busy:
            raise ActionFailed(name, str(busy), "busy", reached=False) from busy

    def _ended(self, lane: Lane, done: asyncio.Future[Any]) -> None:
        self._idle.append(lane)
        if not done.cancelled():
            done.exception()  # looked at here, for a late failure has nobody else to tell

    def _work(self, call: Mapping[str, Any]) -> Any:
        """Run one call to its end in this thread; a coroutine is cancelled when it is late."""
        from rasa_sdk import ActionExecutionRejection

        name = call["next_action"]
        try:
            return self._loops.run(self._in_time(call))
        except ActionExecutionRejection as rejection:
            raise ActionRejected(str(rejection)) from None
        except TimeoutError:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            # An action that calls `exit()` ends itself, not the server.
            where = call["tracker"].get("conversation_id", "")
            log.exception("action %s failed in %s", name, where)
            raise ActionFailed(name, type(error).__name__, "raised") from error

    async def _in_time(self, call: Mapping[str, Any]) -> Any:
        async with asyncio.timeout(self._timeout_seconds):
            return await self._executor.run(dict(call))

    def close(self) -> None:
        """Let running actions end and take no more."""
        for lane in self._lanes:
            lane.close()
        self._loops.close()


def _facts(action: Any) -> ActionFacts:
    changes, idempotent = (getattr(action, name, False) for name in ("changes", "idempotent"))
    return ActionFacts(changes=changes is True, idempotent=idempotent is True)


def _executor(actions: Sequence[Any]) -> Any:
    if not actions:
        return None
    from rasa_sdk.executor import ActionExecutor  # imported late: it brings sanic

    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    return executor
