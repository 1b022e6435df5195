"""Begins tasks, goes on with them, and takes answers: what the stages call.

`leading` does what the policies of `dialogue` decide, with `forms` and `doing`; `returning` goes
back to tasks that wait. No state is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from cs_bot.blocks import Block
from cs_bot.errors import UnknownName
from cs_bot.events import (
    DialogueState,
    LoopEnded,
    LoopRejected,
    SlotRequested,
    Suspended,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.confirming import is_confirmed, to_confirm
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.rules import OF_INTENTS
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.doing import OWN_ACTIONS, Doer
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.moves import Dialogues
from cs_bot.stages.task.naming import confirmation
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.offers import Offers
from cs_bot.stages.task.policy import (
    is_cancellation,
    is_cancellation_of_all,
    is_correction,
    is_request,
)
from cs_bot.stages.task.progress import Progress, utterance
from cs_bot.stages.task.project import NLU_FALLBACK, OUT_OF_SCOPE, Project, Task, TaskForm
from cs_bot.stages.task.ranking import another_task, ranked_tasks
from cs_bot.stages.task.returning import Returning
from cs_bot.stages.task.sessions import Sessions
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import differing, told_intent, values_told
from cs_bot.stages.task.story import Acted, Story, steps_of
from cs_bot.stages.task.tasks import stories_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.two_stage import LOOPS, clarified, is_waiting
from cs_bot.stages.task.unsure import falls_back
from cs_bot.stages.task.waiting import expired, make_room, postpone, suspend
from cs_bot.stages.task.wishes import Wish, wishes_of, with_answer
from cs_bot.stages.task.words import Heard, nobody_hears
from cs_bot.types import Abstain, ModelName, Reading, Reply, Triggered, Turn

log = logging.getLogger(__name__)

_UNSURE = Task(NLU_FALLBACK, (NLU_FALLBACK,), None, ())


class TaskBot:
    """The tasks of one project."""

    def __init__(
        self,
        project: Project,
        actions: Actions,
        settings: TaskSettings,
        policies: Policies | None = None,
        taught: Callable[[ModelName | None], Policies] | None = None,
        *,
        heard: Heard = nobody_hears,
    ) -> None:
        """`taught` returns the policies of a turn's model; without it all turns have the same."""
        self.project = project
        self.settings = settings
        self._doer = Doer(project, actions, heard)
        stories = project.stories or stories_of(project.tasks)
        self.policies = policies or Policies.of(project)
        self._taught = taught or (lambda _: self.policies)
        self.falls_back = falls_back(project)
        """Whether the project says what follows an unsure message."""
        self._dialogues = Dialogues(self.policies.features)
        self._has_answers = self.policies.has_answers
        self._leader = Leader(self._doer, settings)
        self._returning = Returning(self._doer, self._leader, settings)
        self.offers = Offers(project, self._doer.words, settings)
        self.sessions = Sessions(self._doer, self.policies)
        self._warn_of_missing_code(stories, actions)

    def _warn_of_missing_code(self, stories: Sequence[Story], actions: Actions) -> None:
        known = {*actions.names, *self.project.forms, *OWN_ACTIONS}
        steps = ((story, step) for story in stories for step in steps_of(story))
        missing = {
            step.action: story.name
            for story, step in steps
            if isinstance(step, Acted) and step.action and step.action not in known
        }
        for name, story in missing.items():
            if not name.startswith("utter_"):
                log.warning("nothing runs the action %s of the task %s", name, story)

    def task(self, name: str) -> Task | None:
        """Return a task by name, None where the project has none of that name."""
        try:
            return self.project.task(name)
        except UnknownName:
            return None

    def expects(self, turn: Turn) -> bool:
        """Return whether a rule or story goes on with an answer to what was said last."""
        if not turn.state.moves or not self._has_answers:
            return False  # asked on every turn: no dialogue need be folded to know that
        return self.policies.expects(self._dialogue(turn))

    def takes_words(self, state: DialogueState) -> bool:
        """Return whether a form waits for words, which any message could be."""
        slot = self.project.slots.get(state.requested_slot or "")
        return slot is not None and any(one.type == "from_text" for one in slot.mappings)

    async def answer(self, turn: Turn) -> Reply | Abstain | None:
        """Take the message as an answer to an offer, or as the wish to go on with what waits.

        None where it is neither: then it means whatever else it may mean.
        """
        if turn.state.offered is None and not turn.state.suspended:
            return None  # so it is on nearly every turn: no message need be read to know that
        option = await self.offers.chosen(turn)
        if option is None:
            return None
        if option.task is None:
            return await self._declined(turn)
        if option.waits:
            progress = await self._begun(turn, option.task)
            waiting = progress.state.waiting(option.task.name)
            if waiting is None:
                return None
            return await self._returning.after(
                progress, await self._returning.to(progress, waiting)
            )
        if option.task.name == turn.state.task:
            return self.ask_again(turn, option.task)
        first = Wish(option.task, option.intent, "", option.reading())
        return await self.start_all(turn, (first, *option.further))

    async def wishes(self, turn: Turn) -> tuple[Wish, ...]:
        """Return the wishes of a message that surely has several, else none."""
        if turn.message.payload is not None:
            return ()
        return wishes_of(self.project, await turn.reading(), self.settings)

    async def start_all(self, turn: Turn, wishes: Sequence[Wish]) -> Reply | Abstain:
        """Start the first task, each with what its own part of the message says.

        The others wait for their turn.
        """
        first, *further = wishes

        async def read() -> Reading:
            return first.reading

        said = replace(turn, reading=read)
        return await self.start(said, first.task, first.intent, words=first.text, further=further)

    async def _declined(self, turn: Turn) -> Reply:
        """Let go what was offered, and ask what is open once more."""
        offer, open_question = turn.state.offered, self.reminder(turn.state, turn.locale)
        task = self.task(offer.tasks[0]) if offer is not None and len(offer.tasks) == 1 else None
        if task is None:
            slots = slots_of(self.project, turn.state, turn.locale)
            return Reply((*self._doer.words.say("utter_clarify_none", slots), *open_question))
        progress = await self._begun(turn, task)
        progress.note(TaskEnded(task.name, "dropped"))
        title = self._returning.title(progress, task)
        progress.say(self._doer.said(progress, "utter_continue_no", {"task": title}))
        return progress.reply()

    async def start(
        self,
        turn: Turn,
        task: Task,
        intent: str | None = None,
        *,
        words: str = "",
        further: Sequence[Wish] = (),
    ) -> Reply | Abstain:
        """Begin a task with what the message already says; a task that runs is put aside.

        `intent` is what the message means, None where something else started the task. One that
        waits goes on where it was, unless the message has other values. `words` are those of the
        message that speak of the task, where not all do; `further` are wishes that come after it.
        """
        progress = await self._begun(turn, task)
        progress.said = words or progress.said
        waiting = progress.state.waiting(task.name)
        if waiting is not None and self._goes_on_with(progress, task.form, waiting):
            return await self._returning.after(
                progress, await self._returning.to(progress, waiting)
            )
        suspend(progress, self.project, self.settings)
        progress.hear(intent or next(iter(task.intents), None))
        self._begin(progress)
        for one in reversed(further):
            postpone(progress, one, self.settings)
        self._fill(progress)
        if intent is None and task.form is not None:
            progress.followup = None
            return await self._led(progress, first=task.form.name)
        return await self._led(progress)

    def command(self, turn: Turn) -> str | None:
        """Return what the message states outright of what every bot understands: `/back`."""
        words = utterance(turn)
        stated = parsed_payload(words) if words.startswith("/") else None
        name = stated.intents[0].name if stated is not None else None
        return name if name in OF_INTENTS else None

    async def obey(self, turn: Turn, intent: str) -> Reply | Abstain:
        """Do what every bot understands: restart, go one step back, begin a session."""
        progress = await self._begun(turn, Task(intent, (intent,), None, (OF_INTENTS[intent],)))
        progress.hear(intent)
        return await self._leader.lead(progress)

    async def fall_back(self, turn: Turn) -> Reply | Abstain:
        """Do what the project says of a message that is too unsure, or abstain."""
        progress = await self._begun(turn, self._running(turn.state) or _UNSURE)
        progress.hear(NLU_FALLBACK)
        self._fill(progress)
        loop = progress.dialogue.now.loop
        if loop is not None and loop not in LOOPS:
            progress.note(LoopRejected(loop))
        decision = self.policies.decide(progress.dialogue)
        asks = decision.action == LISTEN or (decision.action == loop and loop not in LOOPS)
        if decision.policy not in SURE or asks:
            return Abstain("below_threshold")
        return await self._leader.lead(progress)

    async def fall_back_in_core(self, turn: Turn, otherwise: Abstain) -> Reply | Abstain:
        """Do what `config.yml` says for a message that is clear and that nothing follows."""
        told = self.project.thresholds
        intent = told_intent(await turn.reading())
        if told.core is None or turn.state.task is not None or intent in (None, NLU_FALLBACK):
            return otherwise
        likely = (await turn.reading()).probability(str(intent)) >= self.settings.threshold
        if not (likely or self.falls_back) or not self._doer.has_words(told.core_action):
            return otherwise
        progress = await self._begun(turn, Task(told.core_action, (), None, ()))
        progress.hear(intent)
        return await self._leader.lead(progress, first=told.core_action)

    async def clarify(self, turn: Turn) -> Reply | Abstain:
        """Take the answer to the two-stage fallback, or abstain where it is unclear too."""
        reading = await turn.reading()
        intent = clarified(turn.state, utterance(turn), reading)
        if intent is None:
            return Abstain("no_slot_value", detail={"awaits": turn.state.requested_slot})
        progress = await self._begun(turn, self._running(turn.state) or _UNSURE)
        if intent == OUT_OF_SCOPE:
            progress.hear(intent)
            return await self._leader.lead(progress)
        self._leader.two_stage.take_back(progress)
        if intent != told_intent(reading):
            progress.mean(intent)
        running = self._running(progress.state)
        progress.task = running or self.project.task_of(intent) or _UNSURE
        progress.hear(intent)
        if running is None:
            self._begin(progress)
        self._fill(progress)
        return await self._leader.lead(progress)

    def _running(self, state: DialogueState) -> Task | None:
        return self.task(state.task) if state.task is not None else None

    async def remind(self, turn: Turn, due: Triggered) -> Reply:
        """Do what follows the intent of a reminder; a form that runs asks again after it."""
        task = self.project.task_of(due.intent) or Task(due.intent, (due.intent,), None, ())
        progress = await self._begun(turn, task)
        progress.hear(due.intent)
        self._fill(progress)
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopRejected(loop))
        decision = self.policies.decide(progress.dialogue)
        if decision.policy not in SURE or decision.action in (LISTEN, loop):
            return Reply((), ref=task.name, detail={"reminder": due.intent})
        if loop is None and progress.state.task is None:
            progress.note(TaskStarted(task.name))
        reply = await self._leader.lead(progress)
        return reply if isinstance(reply, Reply) else Reply((), ref=task.name)

    async def follow(self, turn: Turn) -> Reply | Abstain:
        """Go on with the rule or story that the message answers, or abstain."""
        reading = await turn.reading()
        intent = told_intent(reading)
        if intent is None or intent == NLU_FALLBACK:
            return Abstain("not_expected")
        task = self.project.task_of(intent) or Task(intent, (intent,), None, ())
        progress = await self._begun(turn, task)
        progress.hear(intent)
        self._fill(progress)
        decision = progress.policies.decide(progress.dialogue)
        if decision.policy not in SURE or decision.depth < 2:
            return Abstain("not_expected", detail={"intent": intent})
        progress.note(TaskStarted(task.name))
        return await self._led(progress)

    async def resume(self, turn: Turn) -> Reply | Abstain:
        """Take the message as an answer to the open question, or abstain with `no_slot_value`."""
        task = self.task(turn.state.task or "")
        action = to_confirm(turn.state)
        if task is None or (task.form is None and action is None):
            return Abstain("unknown_task", detail={"task": turn.state.task})
        progress = await self._begun(turn, task)
        self._hear_wish(progress)
        if is_cancellation_of_all(progress.said):
            progress.note(*(TaskEnded(one.task, "dropped") for one in progress.state.suspended))
            return self._cancelled(progress, task.form)
        if action is not None:
            return await self._answered(progress, task.form, action)
        assert task.form is not None  # noqa: S101 - what is awaited is a slot of it
        told = self.offers.plain_intent(
            progress.reading, ranked_tasks(self.project, progress.reading)
        )
        progress.hear(None if told == NLU_FALLBACK else told)
        if is_cancellation(progress.said):
            progress.note(LoopRejected(task.form.name))
            if not self._goes_on(progress):
                return await self._returning.after(progress, self._cancelled(progress, task.form))
        return await self._led(progress)

    def _hear_wish(self, progress: Progress) -> None:
        """Let a wish that follows an answer in one message wait; the answer is what is left."""
        found = with_answer(self.project, progress.reading, progress.task, self.settings)
        if found is not None and progress.turn.message.payload is None:
            answer, wish = found
            progress.said, progress.reading = answer.text, answer.reading
            postpone(progress, wish, self.settings)

    async def _answered(
        self, progress: Progress, form: TaskForm | None, action: str
    ) -> Reply | Abstain:
        """Run the action that waited for a yes; no word of that is part of any story."""
        confirmed = is_confirmed(progress.said, progress.reading)
        if confirmed:
            progress.confirmed = action
            progress.note(SlotRequested(None))
            return await self._led(progress, first=action)
        if confirmed is not None:
            return await self._returning.after(progress, self._cancelled(progress, form))
        if form is None or self._digresses(progress, form):
            return Abstain("no_slot_value", detail={"awaits": progress.state.requested_slot})
        progress.corrects = True
        return await self._led(progress, first=form.name)

    def _digresses(self, progress: Progress, form: TaskForm) -> bool:
        """Return whether a message begins another task, and so puts nothing right.

        It must ask for it: "the order is 2" is rather the order of what is to be confirmed.
        """
        words = progress.said
        if is_correction(words) or not is_request(words):
            return False
        reading, dials = progress.reading, self.settings
        return another_task(self.project, form, reading, words, dials) is not None

    async def _led(self, progress: Progress, first: str | None = None) -> Reply | Abstain:
        """Do what the policies decide until the bot listens, and go back to what waits."""
        return await self._returning.after(progress, await self._leader.lead(progress, first))

    def _goes_on(self, progress: Progress) -> bool:
        """Return whether a rule or story of the project says what to do when a form is left."""
        decision = progress.policies.decide(progress.dialogue)
        return decision.policy in SURE and decision.action not in (
            LISTEN,
            progress.dialogue.now.loop,
        )

    def _cancelled(self, progress: Progress, form: TaskForm | None) -> Reply:
        if form is not None:
            progress.note(LoopEnded(form.name))
        progress.note(TaskEnded(progress.task.name, "cancelled"))
        progress.say(self._doer.said(progress, "utter_task_cancelled"))
        return progress.reply()

    def ask_again(self, turn: Turn, task: Task) -> Reply:
        """Return the open question of the running task once more."""
        return Reply(self.reminder(turn.state, turn.locale), ref=task.name)

    def reminder(self, state: DialogueState, locale: str) -> tuple[Block, ...]:
        """Return the open question, to follow another stage's answer; none without a question."""
        task = self.task(state.task or "")
        if task is None or is_waiting(state) or state.requested_slot is None:
            return ()
        slots = slots_of(self.project, state, locale)
        words, action = self._doer.words, to_confirm(state)
        if action is not None:
            return confirmation(self.project, words, task, action, state, locale)
        if task.form is None:
            return ()
        return words.question(task.form.name, state.requested_slot, slots, again=True)

    def _begin(self, progress: Progress) -> None:
        """Let the task of the turn run, and put the one away that did.

        After the message was heard: where an action takes that back, the other task runs again.
        """
        make_room(progress)
        progress.note(TaskStarted(progress.task.name))

    def _fill(self, progress: Progress) -> None:
        """Set the slots that a message fills whatever is asked; those of forms are left to them."""
        running = self.project.forms.get(progress.dialogue.now.loop or "")
        form = progress.task.form or running
        progress.set(values_told(self.project, progress.reading, form))

    async def _begun(self, turn: Turn, task: Task) -> Progress:
        """Return the turn before anything was done; what has waited too long is over."""
        reading, policies = await turn.reading(), self._taught(turn.model)
        progress = Progress.begun(turn, reading, task, policies, self._dialogue(turn))
        progress.note(*expired(turn.state, self.project, self.settings))
        return progress

    def _dialogue(self, turn: Turn) -> Dialogue:
        return self._dialogues.of(turn.message.conversation_id, turn.state)

    def _goes_on_with(self, progress: Progress, form: TaskForm | None, waiting: Suspended) -> bool:
        """Return whether a task goes on where it was: the message has no other values for it."""
        if not waiting.is_begun or form is None:
            return waiting.is_begun
        return not differing(self.project, form, waiting.own, progress.reading)
