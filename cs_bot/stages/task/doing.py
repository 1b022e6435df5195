"""Does what the policies decide: says responses, runs actions, applies what they return."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from cs_bot.blocks import Block
from cs_bot.errors import ServiceFailed
from cs_bot.events import ActionTaken, DialogueRestarted, MessageReverted, SessionStarted, TaskEnded
from cs_bot.stages.task.actions.failures import ActionRejected
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.applying import Applier, leave
from cs_bot.stages.task.dialogue.situation import LISTEN, SESSION_START
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.tracker import slots_of, tracker_of
from cs_bot.stages.task.two_stage import LOOPS
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
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_unlikely_intent",
        "action_extract_slots",
        "action_revert_fallback_events",
        *LOOPS,
    }
)
"""Actions that need no code of the project."""
_NOTHING: Mapping[str, Any] = {}
_MOST_ACTIONS = 10
"""Actions of one turn; a chain of follow-ups that is longer goes in circles."""


class Doer:
    """Runs the actions of one project, forms aside."""

    def __init__(self, project: Project, actions: Actions, heard: Heard = nobody_hears) -> None:
        self.project = project
        self.words = Words(project.responses, heard)
        self._actions = actions
        self.applier = Applier(project)

    @property
    def has_code(self) -> frozenset[str]:
        """The names of the actions that can be run."""
        return self._actions.names

    def changes(self, name: str) -> bool:
        """Tell whether an action changes something outside."""
        return self._actions.facts(name).changes

    async def do(self, progress: Progress, name: str) -> None:
        """Do what has this name; raises `ServiceFailed`, `ActionRejected`."""
        if name == SESSION_START:
            await self.begin_session(progress)
        elif name in self._actions.names:
            await self._act(progress, name)
        elif name.startswith("utter_"):
            progress.say(self.said(progress, name))
            progress.note(ActionTaken(name))
        elif name in OWN_ACTIONS:
            self._do_by_default(progress, name)
        else:
            await self._act(progress, name)

    def _do_by_default(self, progress: Progress, name: str) -> None:
        """Do what Rasa's action of this name does where the project has none."""
        match name:
            case "action_restart":
                progress.say(self.said(progress, "utter_restart"))
                progress.note(DialogueRestarted())
                progress.followup = SESSION_START if self._has_session_start else LISTEN
            case "action_deactivate_loop":
                leave(progress)
            case "action_default_fallback":
                progress.say(self.said(progress, "utter_default"))
                progress.note(ActionTaken(name), MessageReverted())
                progress.followup = LISTEN
            case "action_back":
                self._go_back(progress)
            case _:
                progress.note(ActionTaken(name))

    def _go_back(self, progress: Progress) -> None:
        """Take back this message and the one before it; an open question is asked again."""
        progress.say(self.said(progress, "utter_back"))
        progress.note(MessageReverted(), MessageReverted())
        progress.followup = LISTEN
        progress.say(self.open_question(progress))

    def open_question(self, progress: Progress) -> tuple[Block, ...]:
        """Return the question of the form that runs, once more; none where none does."""
        form, slot = progress.dialogue.now.loop, progress.state.requested_slot
        if form not in self.project.forms or slot is None:
            return ()
        message = progress.turn.message
        slots = slots_of(self.project, progress.state, progress.turn.locale)
        channel, seed = message.channel, message.message_id
        return self.words.question(str(form), slot, slots, channel, seed, again=True)

    async def begin_session(self, progress: Progress) -> None:
        """Put the task away and begin anew, as the project's own action says if it has one."""
        if progress.state.task is not None:
            progress.note(TaskEnded(progress.state.task, "cancelled"))
        begun = SessionStarted(self.project.session.carries_slots)
        if not self._has_session_start:
            progress.note(begun)
        else:
            outcome = await self.run(progress, SESSION_START, {})
            if all(event.kind != "session_started" for event in outcome.events):
                progress.note(begun)
            self.applier.apply(progress, outcome)
        progress.followup = LISTEN

    @property
    def _has_session_start(self) -> bool:
        return SESSION_START in self._actions.names

    def has_words(self, name: str) -> bool:
        """Tell whether the project has code for an action, or words of its own."""
        response = "utter_default" if name == "action_default_fallback" else name
        return name in self._actions.names or response in self.project.responses

    def said(
        self, progress: Progress, name: str, values: Mapping[str, Any] = _NOTHING
    ) -> tuple[Block, ...]:
        """Return the blocks of a response, in the light of the slots and further values."""
        turn = progress.turn
        slots = {**slots_of(self.project, progress.state, turn.locale), **values}
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
        progress.ignored.extend(outcome.ignored)
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

    async def _act(self, progress: Progress, name: str) -> None:
        outcome = await self.run(progress, name, {})
        if any(event.kind == "action_execution_rejected" for event in outcome.events):
            raise ActionRejected(f"action {name} rejects itself")
        progress.note(ActionTaken(name))
        self.applier.apply(progress, outcome)
