"""Compares the pairs of a file with the drafts: what would change, what asks the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from cs_bot.types import QAPair

Normalized = Callable[[str], str]
Rows = Sequence[tuple[QAPair, int]]
"""Pairs and the lines they stand on."""

_COMPARED = [item.name for item in fields(QAPair) if item.name not in {"id", "translations"}]


@dataclass(frozen=True, slots=True)
class Change:
    """A pair that an import would add, or change in these fields."""

    pair_id: str
    question: str
    line: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a pair; `line` is None for one of the drafts."""

    pair_id: str
    line: int | None
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A question of the file that, normalised, another pair asks too."""

    asked: Asked
    other: Asked

    @property
    def is_conflict(self) -> bool:
        """Whether the two answer it differently."""
        return self.asked.answer != self.other.answer


@dataclass(frozen=True, slots=True)
class Dangling:
    """A related id of the file that names no pair, neither of the file nor of the drafts."""

    pair_id: str
    line: int
    related: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do to the drafts, in the order of the file."""

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    duplicates: tuple[Clash, ...]
    conflicts: tuple[Clash, ...]
    dangling: tuple[Dangling, ...] = ()

    @property
    def clashing(self) -> frozenset[str]:
        """The pairs of the file that ask what another pair asks already, by id."""
        return frozenset(one.asked.pair_id for one in (*self.duplicates, *self.conflicts))


def preview(
    rows: Rows, drafts: Iterable[QAPair], archived: Mapping[str, QAPair], normalized: Normalized
) -> Preview:
    """Return what importing the rows would do; `archived` are drafts that it would bring back."""
    kept = {pair.id: pair for pair in drafts}
    changes = [_change(pair, line, kept, archived) for pair, line in rows]
    clashes = _clashes(rows, kept, normalized)
    known = kept.keys() | archived.keys()
    return Preview(
        added=tuple(one for one in changes if one.pair_id not in known),
        changed=tuple(one for one in changes if one.fields),
        unchanged=sum(one.pair_id in known and not one.fields for one in changes),
        duplicates=tuple(one for one in clashes if not one.is_conflict),
        conflicts=tuple(one for one in clashes if one.is_conflict),
        dangling=dangling(rows, kept),
    )


def dangling(rows: Rows, kept: Collection[str]) -> tuple[Dangling, ...]:
    """Return the related ids of the rows that name no pair of the rows or of `kept`.

    They do no harm: nothing is offered for them until such a pair is there.
    """
    known = {pair.id for pair, _ in rows}.union(kept)
    return tuple(
        Dangling(pair.id, line, related)
        for pair, line in rows
        for related in pair.related
        if related not in known
    )


def _change(
    pair: QAPair, line: int, kept: Mapping[str, QAPair], archived: Mapping[str, QAPair]
) -> Change:
    named: tuple[str, ...] = ()
    if pair.id in kept:
        named = tuple(_differing(pair, kept[pair.id]))
    elif pair.id in archived:
        named = ("archived", *_differing(pair, archived[pair.id]))
    return Change(pair.id, pair.question, line, named)


def _differing(one: QAPair, other: QAPair) -> Iterator[str]:
    for name in _COMPARED:
        if getattr(one, name) != getattr(other, name):
            yield name
    for language in dict.fromkeys((*one.translations, *other.translations)):
        if one.translations.get(language) != other.translations.get(language):
            yield language


def _clashes(rows: Rows, kept: Mapping[str, QAPair], normalized: Normalized) -> list[Clash]:
    replaced = {pair.id for pair, _ in rows}
    new = defaultdict(list)
    for pair, line in rows:
        for asked in _questions(pair, line):
            new[normalized(asked.text)].append(asked)
    old = _asking_again(kept.values(), replaced, new, normalized)
    found = [
        clash
        for words, askings in new.items()
        if words
        for clash in _within([*old.get(words, ()), *askings])
    ]
    return sorted(found, key=lambda clash: (clash.asked.line or 0, clash.asked.text))


def _asking_again(
    drafts: Iterable[QAPair],
    replaced: Collection[str],
    new: Collection[str],
    normalized: Normalized,
) -> dict[str, list[Asked]]:
    """Return the questions of drafts that stay as they are and that the file asks too."""
    found: defaultdict[str, list[Asked]] = defaultdict(list)
    for pair in drafts:
        for asked in () if pair.id in replaced else _questions(pair, None):
            words = normalized(asked.text)
            if words in new:
                found[words].append(asked)
    return found


def _within(askings: Sequence[Asked]) -> Iterator[Clash]:
    """Set every pair of the file that asks a question against the first that asks it."""
    by_pair = list({asked.pair_id: asked for asked in reversed(askings)}.values())[::-1]
    first, *others = by_pair
    yield from (Clash(asked, first) for asked in others if asked.line is not None)


def _questions(pair: QAPair, line: int | None) -> Iterator[Asked]:
    for wording in (pair.wording(pair.locale), *pair.translations.values()):
        for text in (wording.question, *wording.similar):
            yield Asked(pair.id, line, text, wording.answer.strip())
