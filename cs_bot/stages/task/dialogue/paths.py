"""Unfolds stories: one path for each way through alternatives and checkpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cs_bot.stages.task.story import (
    Checkpoint,
    Either,
    Filled,
    Path,
    Spoke,
    Step,
    Story,
    Written,
)

_MOST_WAYS = 64
"""Paths made of one story; further ones say little that is new."""
_MOST_JOINS = 8
"""Stories tied together by checkpoints into one path: a circle must end."""


@dataclass(frozen=True, slots=True)
class _Piece:
    story: Story
    steps: tuple[Step, ...]
    starts: tuple[Checkpoint, ...]
    """Checkpoints at which it begins: any of several, as Rasa reads them."""
    ends: Checkpoint | None


Fills = Mapping[str, tuple[str, ...]]
"""For entities the slots that they fill in every message."""
NOTHING: Fills = {}


def paths(stories: Sequence[Story], fills: Fills = NOTHING) -> tuple[Path, ...]:
    """Return all paths through the stories, those of rules as they are.

    A story that begins at a checkpoint that no story leads to may follow anything.
    """
    return tuple(
        replace(path, steps=tuple(filling(path.steps, fills))) for path in _unfolded(stories)
    )


def filling(steps: Iterable[Step], fills: Fills) -> Iterator[Step]:
    """Yield the steps, and after each message the slots that its entities fill."""
    for step in steps:
        yield step
        for named in step.entities if isinstance(step, Spoke) else ():
            if named.value is not None:
                for slot in fills.get(named.entity, ()):
                    yield Filled(slot, named.value)


def _unfolded(stories: Sequence[Story]) -> tuple[Path, ...]:
    pieces = [piece for story in stories for piece in _pieces(story)]
    by_start: dict[str, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        for start in piece.starts:
            by_start[start.name].append(piece)
    led_to = {piece.ends.name for piece in pieces if piece.ends}
    first = [
        piece
        for piece in pieces
        if not piece.starts or not any(start.name in led_to for start in piece.starts)
    ]
    return tuple(path for piece in first for path in _from(piece, by_start))


def _from(piece: _Piece, by_start: Mapping[str, list[_Piece]]) -> Iterator[Path]:
    open_start = bool(piece.starts)
    for count, steps in enumerate(_joined(piece, by_start, 0)):
        if count >= _MOST_WAYS:
            return
        yield Path(piece.story, steps, open_start)


def _joined(
    piece: _Piece, by_start: Mapping[str, list[_Piece]], joins: int
) -> Iterator[tuple[Step, ...]]:
    following = by_start.get(piece.ends.name, []) if piece.ends else []
    if not following or joins >= _MOST_JOINS:
        yield piece.steps
        return
    for further in following:
        slots = next(start.slots for start in further.starts if start.name == _end(piece))
        for rest in _joined(further, by_start, joins + 1):
            yield (*piece.steps, *slots, *rest)


def _end(piece: _Piece) -> str:
    assert piece.ends is not None  # noqa: S101 - asked only where it has one
    return piece.ends.name


def _pieces(story: Story) -> Iterator[_Piece]:
    """Yield the story cut at checkpoints in its middle, its alternatives written out."""
    starts: list[Checkpoint] = []
    rest = list(story.steps)
    while rest and isinstance(rest[0], Checkpoint):
        starts.append(rest.pop(0))  # type: ignore[arg-type]  # just looked at
    part: list[Written] = []
    for step in rest:
        if isinstance(step, Checkpoint):
            yield from _written_out(story, part, tuple(starts), step)
            starts, part = [step], []
        else:
            part.append(step)
    if part:
        yield from _written_out(story, part, tuple(starts), None)


def _written_out(
    story: Story, steps: Sequence[Written], starts: tuple[Checkpoint, ...], ends: Checkpoint | None
) -> Iterator[_Piece]:
    for way in _ways(steps)[:_MOST_WAYS]:
        yield _Piece(story, way, starts, ends)


def _ways(steps: Sequence[Written]) -> list[tuple[Step, ...]]:
    ways: list[tuple[Step, ...]] = [()]
    for step in steps:
        if isinstance(step, Either):
            ways = [(*way, *further) for way in ways for further in step.ways][:_MOST_WAYS]
        elif not isinstance(step, Checkpoint):
            ways = [(*way, step) for way in ways]
    return ways
