"""What adding events does beside adding them: customers see what a bot event says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cs_bot.blocks import Block
from cs_bot.channels.rasa_api.refusals import RasaRefused, in_query
from cs_bot.channels.rasa_api.told import Told
from cs_bot.channels.rest import CHANNEL
from cs_bot.stages.task.actions.outcome import outcome_of
from cs_bot.stages.task.words import blocks_of

LATEST = "latest"
"""Rasa's name for the channel by which the customer spoke last."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Whether what is added is shown to the customer, and the channel that was asked for."""

    wanted: bool = False
    channel: str | None = None

    def check(self, channel: str) -> None:
        """Refuse what cannot be shown in a conversation of this channel; raises `RasaRefused`."""
        if not self.wanted:
            return
        if channel == CHANNEL:
            raise RasaRefused(
                501,
                "execute_side_effects: the REST channel says nothing unless it is asked; "
                "send the words from your own program.",
                in_query("execute_side_effects"),
            )
        if self.channel not in (LATEST, channel):
            raise RasaRefused(
                400,
                f"execute_side_effects needs output_channel={LATEST} or {channel}, "
                "the only channel of this conversation.",
                in_query("output_channel"),
            )


NONE = Effects()


def shown(told: Iterable[Told]) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of each bot event that has any."""
    messages = (_blocks(event) for event in told if event["event"] == "bot")
    return tuple(blocks for blocks in messages if blocks)


def _blocks(event: Told) -> tuple[Block, ...]:
    message = {**event["data"], "text": event["text"]}
    outcome = outcome_of("tracker/events", [], [message])
    return tuple(block for said in outcome.said for block in blocks_of(said.words))
