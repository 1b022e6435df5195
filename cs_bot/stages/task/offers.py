"""Asks which of some likely tasks is meant, and takes the answer, or the wish to go on with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.events import Suspended, TasksOffered
from cs_bot.stages.task.clarifying import ALL, NEITHER, likeliest, named_in, numbered, options_of
from cs_bot.stages.task.confirming import is_confirmed
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.progress import utterance
from cs_bot.stages.task.project import Project, Task
from cs_bot.stages.task.ranking import Ranked, does_something, is_clear, share_of
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import told_intent
from cs_bot.stages.task.titles import names_of, title_of
from cs_bot.stages.task.told import Told, entities_of, told_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.waiting import wants_on
from cs_bot.stages.task.wishes import Wish
from cs_bot.stages.task.words import Words
from cs_bot.types import Candidate, Entity, Intent, Reading, Reply, Turn


@dataclass(frozen=True, slots=True)
class Option:
    """What was chosen: a task with what was said of it, none of those that were offered if None."""

    task: Task | None
    intent: str = ""
    told: Told = ()
    waits: bool = False
    """Whether it was put aside or postponed."""
    further: tuple[Wish, ...] = ()
    """Tasks that come after it."""

    def reading(self) -> Reading:
        """Return the meaning of the message that spoke of the task."""
        return _stated(self.intent, self.told)


class Offers:
    """The questions about tasks of one project."""

    def __init__(self, project: Project, words: Words, settings: TaskSettings) -> None:
        self._project = project
        self._words = words
        self._settings = settings

    def clarification(self, turn: Turn, ranked: Ranked, reading: Reading) -> Reply | None:
        """Return the question which task is meant, None where it should not be asked.

        Never twice in a row, and only where one of the tasks does more than say something.
        """
        options = options_of(ranked, self._settings.clarify) if turn.state.offered is None else ()
        if not any(map(does_something, options)):
            return None
        intents = tuple(_meant(task, reading) for task in options)
        slots = slots_of(self._project, turn.state, turn.locale)
        titles = [
            title_of(self._project, self._words, task, slots, intent)
            for task, intent in zip(options, intents, strict=True)
        ]
        payloads = (f"/{intent}" for intent in intents)
        choices = tuple(zip(titles, payloads, strict=True))
        message = turn.message
        said = self._words.clarification(choices, slots, message.channel, message.message_id)
        shares = ranked[: len(options)]
        return Reply(
            said,
            score=min(1.0, sum(share for _, share in shares)),
            candidates=tuple(Candidate(t.name, t.name, round(p, 4), "intent") for t, p in shares),
            events=(
                TasksOffered(tuple(t.name for t in options), intents, told_of(reading.entities)),
            ),
            detail={"asks_which": tuple(task.name for task in options)},
        )

    def plain_intent(self, reading: Reading, ranked: Ranked) -> str | None:
        """Return the intent a message has in the middle of a form.

        None where it is as likely one task as another: a rule would start the wrong one.
        """
        told = told_intent(reading)
        return (
            None if told and not is_clear(ranked, self._settings) and self._asks(ranked) else told
        )

    async def chosen(self, turn: Turn) -> Option | None:
        """Return what the message chooses of what was offered or waits, None where nothing."""
        offer, words = turn.state.offered, utterance(turn)
        if offer is not None and len(offer.tasks) == 1:
            answer = is_confirmed(words, await turn.reading())
            if answer is False:
                return Option(None)
            waiting = turn.state.waiting(offer.tasks[0])
            if answer and waiting is not None:
                return self._of_waiting(waiting)
        elif offer is not None:
            option = await self._of_offer(turn, offer, words)
            if option is not None:
                return option
        return await self._gone_on_with(turn, words)

    async def _of_offer(self, turn: Turn, offer: TasksOffered, words: str) -> Option | None:
        tasks = self._known(offer.tasks)
        if len(tasks) != len(offer.tasks):
            return None
        at, entities = await self._answered(turn, offer, tasks, words)
        if at is None:
            return None
        if at == NEITHER:
            return Option(None)
        told = (*told_of(entities), *offer.told)
        named = list(zip(tasks, offer.intents, strict=True))
        if at == ALL:
            further = (Wish(task, name, "", _stated(name, told)) for task, name in named[1:])
            return Option(tasks[0], offer.intents[0], told, further=tuple(further))
        options = [Option(task, intent, told) for task, intent in named]
        return options[at]

    async def _answered(
        self, turn: Turn, offer: TasksOffered, tasks: Sequence[Task], words: str
    ) -> tuple[int | None, Sequence[Entity]]:
        """Return the place of the task that is chosen, and what the answer says beside that."""
        pressed = parsed_payload(words)
        if pressed is not None:
            name = pressed.intents[0].name
            at = offer.intents.index(name) if name in offer.intents else None
            return (NEITHER if name == "deny" else at), pressed.entities
        at = numbered(words, len(tasks))
        if at is not None:
            return at, ()
        reading = await turn.reading()
        at = named_in(words, [self._names(turn, task) for task in tasks])
        if at is None:
            shares = [share_of(task, reading) for task in tasks]
            others = max(
                (share_of(t, reading) for t in self._project.tasks if t not in tasks), default=0
            )
            at = likeliest(shares, max(reading.background, others))
        return at, reading.entities

    async def _gone_on_with(self, turn: Turn, words: str) -> Option | None:
        waiting = [
            one
            for one in turn.state.suspended
            if one.turns <= self._settings.suspended_turns and self._known((one.task,))
        ]
        name = wants_on(words) if waiting else None
        if name is None:
            return None
        if not name:
            return self._of_waiting(waiting[-1]) if turn.state.task is None else None
        tasks = self._known([one.task for one in waiting])
        at = named_in(name, [self._names(turn, task) for task in tasks])
        if at is None:
            reading = await turn.reading()
            at = likeliest([share_of(task, reading) for task in tasks], reading.background)
        return None if at is None else self._of_waiting(waiting[at])

    def _of_waiting(self, waiting: Suspended) -> Option:
        task = self._project.task(waiting.task)
        return Option(task, waiting.intent or "", waiting.told, waits=True)

    def _names(self, turn: Turn, task: Task) -> tuple[str, ...]:
        slots = slots_of(self._project, turn.state, turn.locale)
        return names_of(title_of(self._project, self._words, task, slots), task)

    def _known(self, names: Sequence[str]) -> list[Task]:
        tasks = {task.name: task for task in self._project.tasks}
        return [tasks[name] for name in names if name in tasks]

    def _asks(self, ranked: Ranked) -> bool:
        return any(map(does_something, options_of(ranked, self._settings.clarify)))


def _stated(intent: str, told: Told) -> Reading:
    return Reading((Intent(intent, 1.0),), entities_of(told), 0.0)


def _meant(task: Task, reading: Reading) -> str:
    """Return the likeliest intent of a task."""
    return max(task.intents, key=reading.probability)
