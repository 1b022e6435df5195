"""Reads a message whole: its intents, the spans in it, the dialogue acts these make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs_bot.errors import BadInput
from cs_bot.stages.task.project import Mention
from cs_bot.stages.task.understanding.intents import Intents, trained_intents
from cs_bot.stages.task.understanding.labelled import Act, Labelled, Understood
from cs_bot.stages.task.understanding.labels import Labels, trained_labels
from cs_bot.stages.task.understanding.sparse import Array
from cs_bot.stages.task.understanding.tagger import Span, Tagger, trained_tagger
from cs_bot.text.normalize import normalized

Encode = Callable[[Sequence[str]], Array]

_WITH_THE_WHOLE = 500
"""Messages from which on the tagger is told what the whole message is about."""
_RARE_FEATURES = 2000
"""Messages from which on a feature that one token alone has is not worth its weight."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What the tagger's name of a span stands for: the entity, and the act its value makes."""

    entity: str
    role: str | None = None
    group: str | None = None
    act: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parser:
    """Trained models of one set of labelled messages; each of them may be missing."""

    intents: Intents | None
    labels: Labels | None
    acts: tuple[Act, ...]
    """The acts among the labels, after the intents."""
    tagger: Tagger | None
    names: tuple[_Name, ...]

    def read(self, text: str, vector: Array, before: str = "") -> Understood:
        """Return what a message means; `vector` is that of its normalised text."""
        query = normalized(text)
        best: str | None = None
        confidence = 0.0
        several: tuple[str, ...] = ()
        if self.intents is not None:
            best, confidence = self.intents.best(query, vector)
        acts: list[Act] = []
        about: tuple[str, ...] = (best,) if best else ()
        if self.labels is not None:
            told = self.labels.told(text, before, vector)
            about = tuple(self.labels.names[at] for at, _ in told)
            first_act = len(self.labels.names) - len(self.acts)
            several = tuple(self.labels.names[at] for at, _ in told if at < first_act)
            acts = [self.acts[at - first_act] for at, _ in told if at >= first_act]
            if self.intents is None and several:
                best, confidence = several[0], told[0][1]
        spans = []
        for start, end, number in self._spans(text, about, before):
            name = self.names[int(number)]
            value = text[start:end]
            spans.append(Mention(name.entity, value, start, end, name.role, name.group))
            if name.act is not None:
                acts.append((*name.act, value))
        intents = several or ((best,) if best else ())
        return Understood(best, confidence, intents, tuple(spans), tuple(dict.fromkeys(acts)))

    def _spans(self, text: str, about: Sequence[str], before: str) -> list[Span]:
        return self.tagger.spans(text, about, before) if self.tagger is not None else []


def trained_parser(rows: Sequence[Labelled], encode: Encode) -> Parser:
    """Return the parser of these messages; raises `BadInput` where they teach nothing.

    Takes encoding time and some seconds for each ten thousand messages.
    """
    rows = _without_flags(rows)
    queries = [normalized(row.text) for row in rows]
    vectors = encode(queries)
    intents, about = _intents(rows, queries, vectors)
    labels, acts, told = _labels(rows, vectors)
    tagger, names = _tagger(rows, [told[at] or about[at] for at in range(len(rows))])
    if intents is None and labels is None and tagger is None:
        raise BadInput(
            "the training files label nothing", remedy="write `intent`, `intents` or `slots`"
        )
    return Parser(intents, labels, acts, tagger, names)


def _intents(
    rows: Sequence[Labelled], queries: Sequence[str], vectors: Array
) -> tuple[Intents | None, list[tuple[str, ...]]]:
    """Return the model of messages with one intent, and what it would say of each unseen."""
    about: list[tuple[str, ...]] = [()] * len(rows)
    held = [at for at, row in enumerate(rows) if row.intents is not None and not row.several]
    names = [(rows[at].intents or ("",))[0] for at in held]
    if not any(names):
        return None, about
    model, guesses = trained_intents(
        [queries[at] for at in held],
        vectors[held],
        names,
        guess=any(row.spans for row in rows) and len(rows) >= _WITH_THE_WHOLE,
    )
    for at, guess in zip(held, guesses, strict=True):
        about[at] = (guess,) if guess else ()
    return model, about


def _labels(
    rows: Sequence[Labelled], vectors: Array
) -> tuple[Labels | None, tuple[Act, ...], list[tuple[str, ...]]]:
    """Return the model of several labels a message: its intents, and acts without a span."""
    none: list[tuple[str, ...]] = [()] * len(rows)
    held = [at for at, row in enumerate(rows) if row.several]
    spanless = [_spanless(rows[at]) for at in held]
    counts = Counter(act for acts in spanless for act in acts)
    acts = tuple(sorted(act for act, count in counts.items() if count > 1))
    intents = sorted({name for at in held for name in rows[at].intents or ()})
    if not intents and not acts:
        return None, (), none
    names = (*intents, *("+".join(act) for act in acts))
    numbers = {name: at for at, name in enumerate(intents)}
    places = {act: at + len(intents) for at, act in enumerate(acts)}
    targets = np.zeros((len(held), len(names)), dtype=np.float32)
    for row, (at, further) in enumerate(zip(held, spanless, strict=True)):
        marked = [numbers[name] for name in rows[at].intents or ()]
        targets[row, marked + [places[act] for act in further if act in places]] = 1.0
    before = [rows[at].before for at in held]
    model, told = trained_labels(
        [rows[at].text for at in held], before, vectors[held], targets, names
    )
    for at, guess in zip(held, told, strict=True):
        none[at] = guess
    return model, acts, none


def _spanless(row: Labelled) -> list[Act]:
    """Return the acts whose value is no span of the message."""
    marked = {(mention.entity, mention.value) for mention in row.spans or ()}
    return [act for act in row.acts or () if (f"{act[1]}-{act[2]}", act[3]) not in marked]


def _without_flags(rows: Sequence[Labelled]) -> list[Labelled]:
    """Return the rows less the spans of slots that only ever have one value: these say yes.

    Where such a value happens to stand in a message, it is not what says so.
    """
    acts = {act for row in rows for act in row.acts or ()}
    values = Counter((domain, slot) for _, domain, slot, _ in acts)
    unsaid = {(act[1], act[2]) for row in rows for act in _spanless(row)}
    flags = {f"{d}-{s}" for (d, s), count in values.items() if count == 1 and (d, s) in unsaid}
    return [
        replace(row, spans=tuple(one for one in row.spans if one.entity not in flags))
        if row.spans and row.acts
        else row
        for row in rows
    ]


def _tagger(
    rows: Sequence[Labelled], about: Sequence[Sequence[str]]
) -> tuple[Tagger | None, tuple[_Name, ...]]:
    held = [at for at, row in enumerate(rows) if row.spans is not None]
    named = [list(_named(rows[at])) for at in held]
    names = tuple(dict.fromkeys(name for row in named for _, _, name in row))
    number = {name: str(at) for at, name in enumerate(names)}
    whole = [about[at] if len(held) >= _WITH_THE_WHOLE else () for at in held]
    tagger = trained_tagger(
        [rows[at].text for at in held],
        [[(start, end, number[name]) for start, end, name in row] for row in named],
        whole,
        [rows[at].before for at in held],
        least=2 if len(held) >= _RARE_FEATURES else 1,
    )
    return tagger, names


def _named(row: Labelled) -> Iterator[tuple[int, int, _Name]]:
    """Yield the spans with the act that their value makes, where a row has such an act."""
    acts = {(f"{domain}-{slot}", value): act for act, domain, slot, value in row.acts or ()}
    parts = {
        (f"{domain}-{slot}", value): (domain, slot) for _, domain, slot, value in row.acts or ()
    }
    for one in row.spans or ():
        key = (one.entity, one.value)
        act = (acts[key], *parts[key]) if key in acts else None
        yield one.start, one.end, _Name(one.entity, one.role, one.group, act)
