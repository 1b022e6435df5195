"""One simulated customer: looks at what the bot asks, and answers as its behaviour has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from cs_bot.testing.simulation import wordings
from cs_bot.testing.simulation.goals import Goal, Order, TaskName, goal_of, mistyped, named
from cs_bot.testing.simulation.slips import righted, slips, with_a_slip, wrong_in

Behaviour = Literal[
    "plain",
    "digresses",
    "corrects",
    "cancels",
    "says_too_much",
    "unusable",
    "switches",
    "carries_over",
    "impatient",
]
BEHAVIOURS: tuple[Behaviour, ...] = (
    "plain",
    "digresses",
    "corrects",
    "cancels",
    "says_too_much",
    "unusable",
    "switches",
    "carries_over",
    "impatient",
)
CONFIRM = "confirm"
_MOST_TRIES = 3
_ASKS = re.compile("请您核对|Please check|Please confirm|请您确认")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bot said last, and what it waits for: a slot, `confirm`, or nothing."""

    text: str = ""
    awaits: str | None = None
    task: str | None = None
    ended: tuple[tuple[str, str], ...] = ()
    """Tasks that ended in this turn, and how."""


@dataclass
class SimulatedCustomer:
    """Says what comes next; `goal` changes when the customer changes their mind."""

    goal: Goal
    behaviour: Behaviour
    locale: str
    dice: Random
    other: Order
    """Another delivered order of theirs, which can be mixed up with the right one."""
    transit: Order
    """An order on its way, to ask about in between."""
    confirmed: list[Goal] = field(default_factory=list)
    """What they said yes to."""
    has_cancelled: bool = False
    is_done: bool = False
    misunderstood: int = 0
    """Turns in which the bot did not take what was said as it was meant."""
    gave_up: bool = False
    _asked: str | None = None
    _to_confirm: str = ""
    _said: Goal | None = None
    """What they have told the bot so far, slips included."""
    _twist: int = 0
    """How many of the bot's questions they answer plainly before they behave."""
    _is_twisted: bool = False
    _openings: int = 0
    _corrections: int = 0
    _over: bool = False
    """Whether the task of the goal has ended."""
    _told_of: set[str] = field(default_factory=set)
    """Slots that the bot has been told of."""
    _left: bool = False
    """Whether another task is in between."""
    _follow: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._twist = self.dice.randint(0, 3)
        self._said = self.goal
        if self.behaviour == "corrects":
            self._said = with_a_slip(self.goal, self.other, self.dice)

    def first(self) -> str:
        """Return what opens the conversation."""
        if self.behaviour == "carries_over" and self.goal.task != "order_status":
            return self._words(wordings.WITH_ORDER["order_status"], self.goal)
        return self._opening()

    def next(self, heard: Heard) -> str | None:
        """Return what is said now, None when there is nothing more to say."""
        ways = [how for task, how in heard.ended if task == self.goal.task]
        self._over = self._over or any(how != "cancelled" for how in ways)
        if heard.awaits == CONFIRM and (self._asked != CONFIRM or _ASKS.search(heard.text)):
            self._to_confirm = heard.text  # remembered, whatever else is said in between
        self._asked = heard.awaits
        if self._follow:
            return self._follow.pop(0)
        if self.is_done:
            return None
        if self.has_cancelled and heard.awaits is None:
            return None
        if heard.awaits is None:
            return self._without_question(heard)
        if self.has_cancelled:
            return self._cancel_again(heard)
        if self._over:  # something else is still open, and no longer wanted
            self.is_done = True
            return self._pick(wordings.CANCEL)
        if self._left and heard.task == self.goal.task:
            self.misunderstood += self.transit.number not in heard.text  # was it answered?
            self._left = False
        if heard.task != self.goal.task:
            return self._in_the_wrong_task()
        if not self._is_twisted and self._twist <= 0:
            said = self._behave(heard)
            if said is not None:
                self._is_twisted = True
                return said
        self._twist -= 1
        return self._confirmation() if heard.awaits == CONFIRM else self._answer(heard.awaits)

    def _without_question(self, heard: Heard) -> str | None:
        """Go on when the bot waits for nothing."""
        if self.behaviour == "carries_over" and self._openings == 0:
            if self.goal.order.number not in heard.text and self._corrections < _MOST_TRIES:
                self.misunderstood += 1
                self._corrections += 1
                return self._words(wordings.WITH_ORDER["order_status"], self.goal)
            if self.goal.task != "order_status":
                self._openings += 1
                return self._words(wordings.CARRIED[self.goal.task], self.goal)
        if self._left:
            self._left = False
            return self._words(wordings.SWITCH_BACK[self.goal.task], self.goal)
        if self._over:
            return self._ended()
        self.misunderstood += 1
        return self._again()

    def _ended(self) -> str | None:
        """Stop, or name the right order where the wrong one was told of."""
        if self.goal.task == "order_status" and self._told.order != self.goal.order:
            self._said, self._over, self._is_twisted = self.goal, False, True
            return self._words(wordings.CORRECTIONS["order_id"], self.goal)
        self.is_done = True
        return None

    def _cancel_again(self, heard: Heard) -> str | None:
        """Say once more that it is to stop; the bot still waits for something."""
        self.misunderstood += 1
        self._corrections += 1
        if self._corrections > _MOST_TRIES:
            self.gave_up = self.is_done = True
            return self._pick(wordings.HUMAN)
        return self._pick(wordings.NO if heard.awaits == CONFIRM else wordings.CANCEL)

    def _in_the_wrong_task(self) -> str:
        """Say again what is wanted, or stop where even that does not help."""
        self.misunderstood += 1
        return self._again()

    def _again(self) -> str:
        """Say what is wanted in other words, and after some tries want a human."""
        if self._openings >= _MOST_TRIES:
            self.gave_up = self.is_done = True
            return self._pick(wordings.HUMAN)
        return self._opening()

    def _opening(self) -> str:
        self._openings += 1
        said = self._told
        if self.behaviour == "says_too_much" and self._openings == 1:
            return self._words(wordings.TOO_MUCH[self.goal.task], said)
        with_order = self.dice.random() < 0.3
        if with_order:
            self._told_of.add("order_id")
        table = wordings.WITH_ORDER if with_order else wordings.OPENINGS
        return self._words(table[self.goal.task], said)

    @property
    def _told(self) -> Goal:
        return self._said or self.goal

    def _behave(self, heard: Heard) -> str | None:
        """Return what makes this customer special, None where it does not fit here."""
        awaits = heard.awaits or ""
        match self.behaviour:
            case "digresses":
                return self._pick(wordings.DIGRESSIONS)
            case "cancels":
                self.has_cancelled = True
                return self._pick(wordings.NO if awaits == CONFIRM else wordings.CANCEL)
            case "unusable" if awaits in wordings.UNUSABLE:
                return self._words(wordings.UNUSABLE[awaits], self.goal)
            case "switches":
                return self._switch()
            case "corrects" if self._slips() and self._slips()[0] in self._told_of:
                return self._correction()
            case _:
                return None

    def _switch(self) -> str:
        """Want something else: an order query in between, or from an order query a new goal."""
        if self.goal.task != "order_status":
            self._left = True
            inquiry = Goal("order_status", self.transit)
            return self._words(wordings.WITH_ORDER["order_status"], inquiry)
        task: TaskName = self.dice.choice(("refund", "invoice"))
        self.goal = self._said = goal_of(task, self.goal.order, self.locale, self.dice)
        self._openings = 0
        self._told_of = set()
        return self._opening()

    def _answer(self, awaits: str) -> str:
        told = self._told
        self._told_of.add(awaits)
        if awaits == "refund_reason":
            return self._reason(told)
        if awaits == "invoice_title":
            return self._pick(wordings.TITLES[told.title])
        if awaits not in wordings.ANSWERS:
            return self._pick(wordings.CANCEL)
        return self._words(wordings.ANSWERS[awaits], told)

    def _confirmation(self) -> str:
        """Read what is to be confirmed and say yes, or put right what is wrong."""
        if self._slips():
            return self._correction()
        wrong = wrong_in(self._to_confirm, self.goal, self.locale)
        if wrong is None:
            self.confirmed.append(self.goal)
            if self.behaviour == "impatient":
                self._follow.append(self._pick(wordings.YES))
            return self._pick(wordings.YES)
        self.misunderstood += 1
        self._corrections += 1
        if self._corrections > _MOST_TRIES:
            self.has_cancelled = True
            return self._pick(wordings.NO)
        return self._words(wordings.CORRECTIONS[wrong], self.goal)

    def _slips(self) -> list[str]:
        """Return the slots of which the bot was told something wrong."""
        return slips(self._told, self.goal)

    def _correction(self) -> str:
        """Put one slip right."""
        slot = self._slips()[0]
        self._said = righted(self._told, self.goal, slot)
        return self._words(wordings.CORRECTIONS[slot], self.goal)

    def _reason(self, goal: Goal) -> str:
        return self._pick(wordings.REASONS[goal.reason])

    def _words(self, words: wordings.Words, goal: Goal) -> str:
        """Return one of the wordings, filled in."""
        joined = " and the " if self.locale == "en" else "和"
        title = self._pick(wordings.TITLES[goal.title]) if goal.title else ""
        if goal.title == "company":
            number = f"税号{goal.tax_number}" if self.locale == "zh" else goal.tax_number
            title = (
                f"{goal.company}，{number}" if self.locale == "zh" else f"{goal.company}, {number}"
            )
        values = {
            "order": goal.order.number,
            "items": joined.join(named(goal.items, self.locale)),
            "reason": self._reason(goal) if goal.reason else "",
            "title": title,
            "company": goal.company or "",
            "tax_number": goal.tax_number or "",
            "mistyped": mistyped(goal.tax_number) if goal.tax_number else "",
            "email": goal.email,
        }
        return self._pick(words).format(**values)

    def _pick(self, words: wordings.Words) -> str:
        options: Sequence[str] = words[self.locale]
        return self.dice.choice(options)
