"""Rasa's two-stage fallback: asks whether the likely intent is meant, then for other words.

A loop like a form; what it waits for stands in the state as the slot that is awaited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cs_bot.blocks import Block, Button, Buttons, Text
from cs_bot.events import (
    ActionTaken,
    DialogueState,
    Kept,
    LoopEnded,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
    SlotRequested,
)
from cs_bot.stages.task.confirming import is_confirmed
from cs_bot.stages.task.project import NLU_FALLBACK, OUT_OF_SCOPE, Project
from cs_bot.stages.task.slots import told_intent
from cs_bot.text.normalize import HAN
from cs_bot.types import Reading

if TYPE_CHECKING:
    from cs_bot.stages.task.doing import Doer
    from cs_bot.stages.task.progress import Progress

LOOPS = frozenset({"action_two_stage_fallback", "two_stage_fallback"})
"""Its names as a loop."""
ASK_AFFIRMATION = "action_default_ask_affirmation"
ASK_REPHRASE = "action_default_ask_rephrase"
_GIVE_UP = "action_default_fallback"
_AFFIRMS = "affirm:"
_REPHRASES = "rephrase:"
_LONGEST_EXAMPLE = 60
_HAN = re.compile(rf"[{HAN}]")
_QUESTION = {"zh": "您是想说“{words}”吗？", "en": 'Did you mean "{words}"?'}
_YES_NO = {"zh": ("是的", "不是"), "en": ("Yes", "No")}


def is_waiting(state: DialogueState) -> bool:
    """Tell whether the fallback waits for an answer."""
    return (state.requested_slot or "").startswith((_AFFIRMS, _REPHRASES))


def clarified(state: DialogueState, words: str, reading: Reading) -> str | None:
    """Return the intent that the answer stands for, None where it is unclear too.

    A yes stands for the intent that was asked for, a no for `out_of_scope`.
    """
    awaited = state.requested_slot or ""
    if awaited.startswith(_AFFIRMS):
        confirmed = is_confirmed(words, reading)
        if confirmed is not None:
            return awaited.removeprefix(_AFFIRMS) if confirmed else OUT_OF_SCOPE
    intent = told_intent(reading)
    return None if intent == NLU_FALLBACK else intent


class TwoStage:
    """The fallback of one project."""

    def __init__(self, doer: Doer) -> None:
        self._doer = doer

    async def run(self, progress: Progress, name: str) -> None:
        """Begin, or take an answer that was unclear or a no."""
        if progress.dialogue.now.loop != name:
            progress.note(ActionTaken(name), LoopStarted(name))
            await self._ask_affirmation(progress)
            return
        heard = _heard(progress.state.moves, name)
        if heard[-2:] == [NLU_FALLBACK] * 2 or heard[-3:] == [
            OUT_OF_SCOPE,
            NLU_FALLBACK,
            OUT_OF_SCOPE,
        ]:
            await self._give_up(progress, name)
            return
        progress.note(ActionTaken(name))
        awaited = progress.state.requested_slot or ""
        if heard[-1] == NLU_FALLBACK:
            await self._ask_affirmation(progress)
        elif heard[-1] != OUT_OF_SCOPE and awaited.startswith(_AFFIRMS):  # after a reminder
            self._ask_again(progress, awaited.removeprefix(_AFFIRMS))
        else:
            await self._ask_rephrase(progress)

    def take_back(self, progress: Progress) -> None:
        """Let the dialogue be as it was before the unclear message."""
        while progress.dialogue.now.loop in LOOPS:
            before = progress.state.moves
            progress.note(MessageReverted())
            if progress.state.moves == before:  # it began too long ago to be taken back
                progress.note(LoopEnded(str(progress.dialogue.now.loop)), SlotRequested(None))

    async def _ask_affirmation(self, progress: Progress) -> None:
        likely = [i.name for i in progress.reading.intents if i.name != NLU_FALLBACK]
        if not likely:
            await self._ask_rephrase(progress)
            return
        if ASK_AFFIRMATION in self._doer.has_code:
            await self._doer.run(progress, ASK_AFFIRMATION, {})
        else:
            self._ask_again(progress, likely[0])
        progress.note(SlotRequested(f"{_AFFIRMS}{likely[0]}"))

    def _ask_again(self, progress: Progress, intent: str) -> None:
        progress.say(affirmation(self._doer.project, intent, progress.turn.locale))

    async def _ask_rephrase(self, progress: Progress) -> None:
        if ASK_REPHRASE in self._doer.has_code:
            await self._doer.run(progress, ASK_REPHRASE, {})
        else:
            progress.say(self._doer.said(progress, "utter_ask_rephrase"))
        progress.note(SlotRequested(_REPHRASES))

    async def _give_up(self, progress: Progress, name: str) -> None:
        """Say so, and go on where the dialogue was before: a form asks again."""
        progress.note(ActionTaken(name))
        await self._doer.do(progress, _GIVE_UP)
        self.take_back(progress)
        progress.say(self._doer.open_question(progress))
        progress.followup = "action_listen"


def affirmation(project: Project, intent: str, locale: str) -> tuple[Block, ...]:
    """Return the question whether this is meant, with a yes and a no."""
    question = _QUESTION.get(locale, _QUESTION["en"]).format(
        words=words_of(project, intent, locale)
    )
    yes, no = _YES_NO.get(locale, _YES_NO["en"])
    buttons = (Button("b1", yes, f"/{intent}"), Button("b2", no, f"/{OUT_OF_SCOPE}"))
    return (Text(question), Buttons(buttons))


def words_of(project: Project, intent: str, locale: str) -> str:
    """Return words of an intent in a language: its first short example, else its name."""
    for example in project.examples:
        own = example.intent.partition("/")[0] == intent
        spoken = "zh" if _HAN.search(example.text) else "en"
        if own and spoken == locale and len(example.text) <= _LONGEST_EXAMPLE:
            return example.text
    return intent.replace("_", " ")


def _heard(moves: Sequence[Kept], loop: str) -> list[str | None]:
    """Return the intents of the messages since the one that began the loop."""
    heard: list[str | None] = []
    for move in reversed(moves):
        if isinstance(move, MessageUnderstood):
            heard.append(move.intent)
        began = isinstance(move, LoopStarted) and move.loop == loop
        if began:
            break
    return [NLU_FALLBACK, *reversed(heard)]
