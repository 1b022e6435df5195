"""Transcripts: conversations written down in YAML and held against the bot, turn by turn.

A file is a list of conversations: `conversation` (its name), `locale`, and `turns`. A turn says
what the customer does (`say`, `pick`, `press` or `submit`) and any of what must come back:
`answered_by`, `ref`, `says` (a piece of the reply's text, or a list of pieces), `suggests` (pair
ids that the list must hold), `stage` (stage: outcome), `logged` (the words the log keeps).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from cs_bot.blocks import Buttons, Suggest, plain_text
from cs_bot.bot import Bot
from cs_bot.channels.choices import pick
from cs_bot.channels.commands import inbound_of
from cs_bot.channels.inbound import accepted_message, payload_as_json
from cs_bot.stores.protocols import ConversationStore, Feedback, Inbound, TurnRecord
from cs_bot.types import Message, Payload, Pressed, Submitted


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation as it should go."""

    name: str
    locale: str
    turns: tuple[Mapping[str, Any], ...]


def read_transcripts(path: Path) -> Iterator[Transcript]:
    """Yield the conversations of a file."""
    for item in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
        yield Transcript(item["conversation"], item.get("locale", "zh"), tuple(item["turns"]))


@dataclass
class Customer:
    """Somebody who talks to the bot through its log, as every channel does."""

    bot: Bot
    conversations: ConversationStore
    locale: str = "zh"
    channel: str = "web_demo"
    name: str = "visitor"
    turns: list[TurnRecord] = field(default_factory=list)
    _conversation: str | None = None
    _latest: Message | None = None

    async def say(self, text: str, payload: Payload | None = None) -> TurnRecord:
        """Send a message and return the turn that answered it."""
        stored = None if payload is None else payload_as_json(payload)
        return await self._sent(Inbound(self._next_id(), text, self.locale, stored))

    async def pick(self, pair_id: str | None) -> TurnRecord:
        """Choose a line of the list that was shown last; None for none of them."""
        (shown,) = await self.conversations.entries(self._conversation or "", limit=1)
        message_id = shown.data["message_id"]
        blocks = await self.conversations.message_blocks(self._conversation or "", message_id)
        choice = pick(blocks, pair_id)
        return await self._sent(inbound_of(self._next_id(), message_id, choice, self.locale))

    async def rate(self, value: int) -> None:
        """Give the last answer a thumb, 1 or -1."""
        last = self.turns[-1]
        await self.conversations.rate(last.conversation_id, last.turn_id, Feedback(value))

    async def again(self) -> TurnRecord:
        """Let the latest message reach the bot once more, as where a channel lost the answer."""
        assert self._latest is not None
        return await self.bot.reply(self._latest)

    async def _sent(self, inbound: Inbound) -> TurnRecord:
        opened = await self.conversations.open(
            self._conversation, channel=self.channel, user_id=self.name, locale=self.locale
        )
        self._conversation = opened.id
        accepted = await self.conversations.accept(opened.id, inbound)
        self._latest = accepted_message(opened, inbound, accepted)
        record = await self.bot.reply(self._latest)
        self.turns.append(record)
        return record

    def _next_id(self) -> str:
        return f"{self.name}-{len(self.turns)}"

    async def act(self, turn: Mapping[str, Any]) -> TurnRecord:
        """Do what a transcript's turn says the customer does."""
        if "pick" in turn:
            return await self.pick(turn["pick"])
        if "press" in turn:
            return await self.say(turn["press"], Pressed(self._payload_of(turn["press"])))
        if "submit" in turn:
            form_id, values = next(iter(turn["submit"].items()))
            return await self.say("", Submitted(form_id, values))
        return await self.say(turn["say"])

    def _payload_of(self, title: str) -> str:
        for block in self.turns[-1].trace.reply.blocks:
            for button in block.buttons if isinstance(block, Buttons) else ():
                if button.title == title and button.payload is not None:
                    return button.payload
        raise AssertionError(f"there is no button {title!r} to press")


async def hold(transcript: Transcript, customer: Customer) -> None:
    """Play the transcript; raises `AssertionError` that names the turn and shows its trace."""
    for number, turn in enumerate(transcript.turns, 1):
        record = await customer.act(turn)
        wrong = list(_differences(turn, record))
        steps = [f"{step.stage}: {step.outcome}" for step in record.trace.steps]
        said = plain_text(record.trace.reply.blocks)
        assert not wrong, (
            f"{transcript.name}, turn {number} {dict(turn)}: {'; '.join(wrong)}\n"
            f"reply: {said}\ntrace: {' > '.join(steps)}"
        )


def _differences(turn: Mapping[str, Any], record: TurnRecord) -> Iterator[str]:
    reply = record.trace.reply
    said = plain_text(reply.blocks)
    if turn.get("answered_by", record.trace.answered_by) != record.trace.answered_by:
        yield f"answered by {record.trace.answered_by}"
    if turn.get("ref", reply.ref) != reply.ref:
        yield f"ref {reply.ref}"
    for piece in _listed(turn.get("says")):
        if piece not in said:
            yield f"does not say {piece!r}"
    shown = [i.item_id for block in reply.blocks if isinstance(block, Suggest) for i in block.items]
    for pair_id in _listed(turn.get("suggests")):
        if pair_id not in shown:
            yield f"does not suggest {pair_id}, only {shown}"
    outcomes = {step.stage: step.outcome for step in record.trace.steps}
    for stage, outcome in turn.get("stage", {}).items():
        if outcomes.get(stage) != outcome:
            yield f"stage {stage} was {outcomes.get(stage)}"
    if turn.get("logged", record.text) != record.text:
        yield f"the log keeps {record.text!r}"


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
