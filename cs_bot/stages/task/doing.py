"""Does what the policies decide: says responses, runs actions, applies what they return."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from cs_bot.blocks import Block
from cs_bot.errors import ServiceFailed
from cs_bot.events import ActionTaken, DialogueRestarted, LoopEnded, SlotSet, TaskEnded
from cs_bot.stages.task.actions.failures import ActionRejected
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.tracker import slots_of, tracker_of
from cs_bot.stages.task.words import Heard, Words, blocks_of, nobody_hears

log = logging.getLogger(__name__)

OWN_ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_back",
        "action_session_start",
        "action_deactivate_loop",
        "action_default_fallback",
        "two_stage_fallback",
        "action_two_stage_fallback",
    }
)
"""Actions that need no code of the project."""
_MOST_ACTIONS = 10
"""Actions of one turn; a chain of follow-ups that is longer goes in circles."""


class Doer:
    """Runs the actions of one project, forms aside."""

    def __init__(self, project: Project, actions: Actions, heard: Heard = nobody_hears) -> None:
        self.project = project
        self.words = Words(project.responses, heard)
        self._actions = actions

    @property
    def has_code(self) -> frozenset[str]:
        """The names of the actions that can be run."""
        return self._actions.names

    def changes(self, name: str) -> bool:
        """Tell whether an action changes something outside."""
        return self._actions.facts(name).changes

    async def do(self, progress: Progress, name: str) -> None:
        """Do what has this name; raises `ServiceFailed`, `ActionRejected`."""
        if name in self._actions.names:
            await self._act(progress, name)
        elif name == "action_restart":
            self._say_if_there(progress, "utter_restart")
            progress.note(DialogueRestarted())
        elif name == "action_deactivate_loop":
            self._leave(progress)
        elif name == "action_default_fallback":
            self._say_if_there(progress, "utter_default")
            progress.note(ActionTaken(name))
        elif name.startswith("utter_"):
            progress.say(self.said(progress, name))
            progress.note(ActionTaken(name))
        else:
            await self._act(progress, name)

    def said(self, progress: Progress, name: str) -> tuple[Block, ...]:
        """Return the blocks of a response, in the light of the slots."""
        turn = progress.turn
        slots = slots_of(self.project, progress.state, turn.locale)
        chosen = f"utter_{progress.reading.retrieved}"
        if name not in self.project.responses and chosen.startswith(f"{name}/"):
            name = chosen
        return self.words.say(name, slots, turn.message.channel, turn.message.message_id)

    async def run(self, progress: Progress, name: str, found: Mapping[str, Any]) -> ActionOutcome:
        """Run an action and add its words; the order of words is the order of actions."""
        if len(progress.actions) >= _MOST_ACTIONS:
            raise ServiceFailed(f"task {progress.task.name}", "its actions go in circles")
        loop = progress.dialogue.now.loop
        tracker = tracker_of(
            self.project,
            progress.turn,
            progress.state,
            progress.reading,
            loop,
            found,
            done=progress.actions,
        )
        progress.actions.append(name)
        outcome = await self._actions.run(name, tracker)
        kept = {slot: value for slot, value in outcome.slots if value is not None}
        slots = {**tracker["slots"], **kept}
        for said in outcome.said:
            values = {**slots, **said.values}
            if said.response:
                message = progress.turn.message
                channel, seed = message.channel, message.message_id
                progress.say(self.words.say(said.response, values, channel, seed))
            progress.say(blocks_of(said.words))
        return outcome

    def is_slot(self, name: str) -> bool:
        """Tell whether the domain has the slot, and say so in the log where it does not."""
        if name not in self.project.slots and name != "requested_slot":
            log.warning("an action sets the slot %s, which the domain does not have", name)
        return name in self.project.slots

    async def _act(self, progress: Progress, name: str) -> None:
        outcome = await self.run(progress, name, {})
        kinds = {event.kind for event in outcome.events}
        if "action_execution_rejected" in kinds:
            raise ActionRejected(f"action {name} rejects itself")
        progress.note(ActionTaken(name))
        if "restart" in kinds:
            progress.note(DialogueRestarted())
        for slot, value in outcome.slots:
            if slot == "*":
                progress.note(*(SlotSet(held, None) for held in progress.state.slots))
            elif self.is_slot(slot):
                progress.note(SlotSet(slot, value))
        if outcome.leaves_loop:
            self._leave(progress, "completed")
        followup = outcome.followup
        if outcome.asks_again and progress.task.form is not None:
            followup = progress.task.form.name
        progress.followup = followup if followup != "action_listen" else None

    def _leave(self, progress: Progress, how: str = "cancelled") -> None:
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopEnded(loop))
        if progress.state.task is not None:
            progress.note(TaskEnded(progress.state.task, how))

    def _say_if_there(self, progress: Progress, name: str) -> None:
        if name in self.project.responses:
            progress.say(self.said(progress, name))
