"""Opens a turn: the dialogue so far, what was read, and the policies of the turn's model."""

from __future__ import annotations

from collections.abc import Callable

from cs_bot.errors import UnknownName
from cs_bot.events import (
    DialogueState,
    TaskStarted,
)
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import Dialogue
from cs_bot.stages.task.moves import Dialogues
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project, Task
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import values_told
from cs_bot.stages.task.waiting import expired, make_room
from cs_bot.types import ModelName, Turn


class Opening:
    """Opens the turns of one project."""

    def __init__(
        self,
        project: Project,
        settings: TaskSettings,
        policies: Policies,
        taught: Callable[[ModelName | None], Policies],
    ) -> None:
        self._project = project
        self._settings = settings
        self._taught = taught
        self._dialogues = Dialogues(policies.features)

    def task(self, name: str | None) -> Task | None:
        """Return a task by name, None where the project has none of that name."""
        try:
            return self._project.task(name or "")
        except UnknownName:
            return None

    def running(self, state: DialogueState) -> Task | None:
        """Return the task that runs, None where none does."""
        return self.task(state.task) if state.task is not None else None

    def begin(self, progress: Progress) -> None:
        """Let the task of the turn run, and put the one away that did.

        After the message was heard: where an action takes that back, the other task runs again.
        """
        make_room(progress)
        progress.note(TaskStarted(progress.task.name))

    def fill(self, progress: Progress) -> None:
        """Set the slots that a message fills whatever is asked; those of forms are left to them."""
        running = self._project.forms.get(progress.dialogue.now.loop or "")
        form = progress.task.form or running
        progress.set(values_told(self._project, progress.reading, form))

    async def of(self, turn: Turn, task: Task) -> Progress:
        """Return the turn before anything was done; what has waited too long is over."""
        reading, policies = await turn.reading(), self._taught(turn.model)
        progress = Progress.begun(turn, reading, task, policies, self.dialogue(turn))
        progress.note(*expired(turn.state, self._project, self._settings))
        return progress

    def dialogue(self, turn: Turn) -> Dialogue:
        """Return the dialogue that led to a turn."""
        return self._dialogues.of(turn.message.conversation_id, turn.state)
