"""Plays end-to-end test cases: the whole bot, Rasa's REST channel, a store that is thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from cs_bot.app.assembly import House
from cs_bot.app.happened import happenings
from cs_bot.app.makers import new_id
from cs_bot.channels.refusal import Refused
from cs_bot.channels.rest import CHANNEL, RestMessage, RestWebhook, user_id_of
from cs_bot.channels.turns import Answers
from cs_bot.errors import BadInput
from cs_bot.events import SlotSet
from cs_bot.stages.task.case import Case, CaseTurn
from cs_bot.stages.task.case_checks import Checked, Happening, checked
from cs_bot.stages.task.rehearsal import Rehearsal
from cs_bot.stores.protocols import TurnRecord
from cs_bot.types import Message


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """What happened after a message, and what became of each expectation."""

    turn: CaseTurn
    happened: tuple[Happening, ...]
    checks: tuple[Checked, ...]
    answered_by: str
    failure: str = ""
    """Why an action failed, where one did."""

    @property
    def passed(self) -> bool:
        """Whether all expectations are met."""
        return all(check.met for check in self.checks)


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """A test case up to its end, or to the first turn that went otherwise."""

    case: Case
    turns: tuple[PlayedTurn, ...]

    @property
    def passed(self) -> bool:
        """Whether the bot did all that the case expects."""
        return all(turn.passed for turn in self.turns)


class CasePlayer:
    """Plays cases one after the other, each in a conversation of its own."""

    def __init__(self, house: House, rehearsal: Rehearsal) -> None:
        self._house = house
        self._rehearsal = rehearsal
        self._watched = _Watched(house.bot)
        self._webhook = RestWebhook(
            self._watched, house.stores.conversations, new_id, house.settings.bot.locale
        )

    async def play(self, case: Case) -> PlayedCase:
        """Return how a case went; what follows a turn that failed is not played."""
        sender = new_id("test")
        self._rehearsal.stubs = case.stubs
        self._watched.case = case
        if case.slots:
            await self._fill(sender, case)
        turns: list[PlayedTurn] = []
        for turn in case.turns:
            turns.append(await self._turn(sender, turn))
            if not turns[-1].passed:
                break
        return PlayedCase(case, tuple(turns))

    async def _turn(self, sender: str, turn: CaseTurn) -> PlayedTurn:
        self._rehearsal.begin_turn()
        try:
            message = RestMessage(sender=sender, message=turn.text, metadata=dict(turn.metadata))
            await self._webhook.answer(message)
        except ValidationError as error:
            what = error.errors(include_url=False)[0]["msg"]
            raise BadInput(what, where=turn.where, remedy="write another message") from None
        except Refused as error:
            raise BadInput(error.message, where=turn.where, remedy="write another one") from None
        (record,) = self._watched.records
        happened = happenings(record, self._rehearsal)
        reply = record.trace.reply
        failure = str(reply.detail.get("failure", ""))
        return PlayedTurn(
            turn, happened, checked(turn, happened), record.trace.answered_by, failure
        )

    async def _fill(self, sender: str, case: Case) -> None:
        """Let the slots of fixtures hold their values before the first message."""
        conversations, locale = self._house.stores.conversations, self._house.settings.bot.locale
        talk = await conversations.open(
            None, channel=CHANNEL, user_id=user_id_of(sender), locale=locale
        )
        events = tuple(SlotSet(name, value) for name, value in case.slots.items())
        told = [{"event": "slot", "name": name, "value": v} for name, v in case.slots.items()]
        await conversations.add(talk.id, events, told)


@dataclass(slots=True)
class _Watched:
    """The bot, with the record of the last turn at hand, and the time as the case has it."""

    bot: Answers
    case: Case | None = None
    records: list[TurnRecord] = field(default_factory=list)

    async def reply(self, message: Message) -> TurnRecord:
        """Answer a stored message; raises `Busy`."""
        at = None if self.case is None else self.case.at
        self.records.clear()
        said = message if at is None else replace(message, received_at=at)
        self.records.append(await self.bot.reply(said))
        return self.records[-1]
