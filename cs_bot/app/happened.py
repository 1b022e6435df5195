"""What happened in a turn, in order: its log, and what a rehearsal heard, as test cases see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_bot.blocks import Block
from cs_bot.channels.rasa_payloads import rasa_objects
from cs_bot.events import ActionTaken, Event, LoopEnded, SlotRequested, SlotSet
from cs_bot.stages.task.case_checks import Acted, Filled, Happening, Uttered
from cs_bot.stages.task.rehearsal import HeardResponse, Rehearsal
from cs_bot.stores.protocols import TurnRecord

_REQUESTED = "requested_slot"
_LISTEN = "action_listen"


@dataclass(frozen=True, slots=True)
class _Said:
    """A part of the reply, with the response it comes from where it comes from one."""

    blocks: tuple[Block, ...]
    response: HeardResponse | None = None


def happenings(record: TurnRecord, heard: Rehearsal) -> tuple[Happening, ...]:
    """Return what happened in a turn: actions, slots and messages in their order.

    The log has actions and slots in order and the reply has the messages; a message stands where
    its action or its question does, and at the end where it has neither.
    """
    reply = record.trace.reply
    events = list(reply.events)
    taken = {event.action for event in events if isinstance(event, ActionTaken)}
    found: list[Happening] = [Acted(name) for name in heard.actions if name not in taken]
    for said in _parts(reply.blocks, heard.responses):
        at = None if said.response is None else _place(said.response, events)
        if at is not None:
            found += _told(events[: at + 1])
            events = events[at + 1 :]
        elif said.response is None:
            found += _told(events)
            events = []
        found.append(_uttered(said, record.locale))
    return (*found, *_told(events))


def _parts(blocks: Sequence[Block], heard: Sequence[HeardResponse]) -> Iterator[_Said]:
    """Yield the parts of a reply: what was heard as a whole, and what lies between bit by bit."""
    start = 0
    for response in heard:
        at = _found(response.blocks, blocks, start)
        if at is not None:
            yield from _unheard(blocks[start:at])
            yield _Said(response.blocks, response)
            start = at + len(response.blocks)
    yield from _unheard(blocks[start:])


def _unheard(blocks: Sequence[Block]) -> Iterator[_Said]:
    """Yield messages nobody named: choices belong to the words above them."""
    said: list[Block] = []
    for block in blocks:
        if said and block.kind in ("text", "notice", "card", "form"):
            yield _Said(tuple(said))
            said = []
        said.append(block)
    if said:
        yield _Said(tuple(said))


def _found(part: Sequence[Block], blocks: Sequence[Block], start: int) -> int | None:
    if not part:
        return None
    places = range(start, len(blocks) - len(part) + 1)
    return next((at for at in places if tuple(blocks[at : at + len(part)]) == tuple(part)), None)


def _place(response: HeardResponse, events: Sequence[Event]) -> int | None:
    """Return which event a response belongs to: its own action, its question, or its action's."""
    for at, event in enumerate(events):
        if isinstance(event, ActionTaken) and _is_of(event.action, response):
            return at
        if isinstance(event, SlotRequested) and response.name.endswith(f"_{event.name}"):
            return at
    return None


def _is_of(action: str, response: HeardResponse) -> bool:
    name = response.name
    return action in (name, name.partition("/")[0], response.action)


def _told(events: Sequence[Event]) -> Iterator[Happening]:
    for event in events:
        match event:
            case ActionTaken(action=action) if action != _LISTEN:
                yield Acted(action)
            case SlotSet(name=name, value=value):
                yield Filled(name, value)
            case SlotRequested(name=name):
                yield Filled(_REQUESTED, name)
            case LoopEnded():
                yield Filled(_REQUESTED, None)


def _uttered(said: _Said, locale: str) -> Uttered:
    """Return a message as Rasa's REST channel shows it."""
    objects = rasa_objects(said.blocks, "", locale)
    parts = tuple(str(one["text"]).strip() for one in objects if one.get("text"))
    buttons = [button for one in objects for button in one.get("buttons", ())]
    return Uttered(
        "\n\n".join(parts),
        parts,
        said.response.name or None if said.response is not None else None,
        tuple((str(b["title"]), str(b.get("payload") or b.get("url") or "")) for b in buttons),
    )
