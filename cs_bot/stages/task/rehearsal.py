"""A rehearsal of tasks: hears what they do, and stands in for the actions that a test stubs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.blocks import Block
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts, Actions
from cs_bot.stages.task.showing import blocks_of


@dataclass(frozen=True, slots=True)
class HeardResponse:
    """Something was said: a response, or words of an action's own, whose name is empty.

    `action` is the last one that had been run by then.
    """

    name: str
    blocks: tuple[Block, ...]
    action: str | None


class Rehearsal:
    """One conversation after the other, as tests watch it."""

    def __init__(self) -> None:
        self.stubs: Mapping[str, ActionOutcome] = {}
        """What actions return instead of being run."""
        self.responses: list[HeardResponse] = []
        self.actions: list[str] = []
        """The actions that were run, to their end or not."""

    def begin_turn(self) -> None:
        """Forget what was heard."""
        self.responses.clear()
        self.actions.clear()

    def hear(self, name: str, blocks: Sequence[Block]) -> None:
        """Note a response, in the place of the action that is known to say it."""
        heard = HeardResponse(name, tuple(blocks), self.actions[-1] if self.actions else None)
        awaited = HeardResponse(name, (), heard.action)
        if awaited in self.responses:
            self.responses[self.responses.index(awaited)] = heard
        else:
            self.responses.append(heard)

    def returned(self, action: str, outcome: ActionOutcome) -> None:
        """Note what an action says: its words, and responses that are heard one after the other."""
        for said in outcome.said:
            if said.response:
                self.responses.append(HeardResponse(said.response, (), action))
            words = blocks_of(said.words)
            if words:
                self.responses.append(HeardResponse("", words, action))

    def instead_of(self, actions: Actions) -> Actions:
        """Return what runs the actions of the bot in this rehearsal."""
        return _Rehearsed(actions, self)


class _Rehearsed:
    """The actions of a bot, some of them stubbed."""

    def __init__(self, actions: Actions, rehearsal: Rehearsal) -> None:
        self._actions = actions
        self._rehearsal = rehearsal

    @property
    def names(self) -> frozenset[str]:
        return self._actions.names | frozenset(self._rehearsal.stubs)

    def facts(self, name: str) -> ActionFacts:
        return self._actions.facts(name)

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        self._rehearsal.actions.append(name)
        stub = self._rehearsal.stubs.get(name)
        outcome = await self._actions.run(name, tracker) if stub is None else stub
        self._rehearsal.returned(name, outcome)
        return outcome
