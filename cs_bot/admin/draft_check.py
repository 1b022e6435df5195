"""Finds what must not be published: equal questions in two pairs, empty wordings. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cs_bot.admin.sentences import Sentence, says
from cs_bot.errors import BadInput
from cs_bot.stores.answers_json import tasks_named
from cs_bot.types import QAPair, Wording

Normalized = Callable[[str], str]

_MOST_NAMED = 10
"""Problems that one refusal spells out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why the drafts cannot be published."""

    pair_id: str
    field: str
    sentence: Sentence


class Unpublishable(BadInput):
    """Pairs that cannot become a release; `problems` tells why."""

    def __init__(self, problems: Sequence[Problem], *, where: str, remedy: str) -> None:
        self.problems = problems
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        super().__init__(f"{count} to put right before publishing", where=where, remedy=remedy)

    def __str__(self) -> str:
        named = self.problems[:_MOST_NAMED]
        lines = [f"  {one.pair_id}, {one.field}: {one.sentence.spoken('en')}" for one in named]
        if len(named) < len(self.problems):
            lines.append(f"  and {len(self.problems) - len(named)} more")
        return "\n".join([super().__str__(), *lines])


@dataclass(frozen=True, slots=True)
class Equal:
    """A text that is, normalised, also a question of the named pair."""

    text: str
    pair_id: str
    question: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question of one pair: where it stands and what it says."""

    pair_id: str
    field: str
    text: str


def equal_questions(
    texts: Sequence[str], pairs: Iterable[QAPair], normalized: Normalized
) -> tuple[Equal, ...]:
    """Return which texts are, normalised, questions of these pairs."""
    asked = _by_normalized(pairs, normalized)
    return tuple(
        Equal(text, other.pair_id, other.text)
        for text in texts
        if text
        for other in _one_per_pair(asked.get(normalized(text), ()))
    )


def problems(
    pairs: Sequence[QAPair], normalized: Normalized, tasks: Collection[str] | None = None
) -> tuple[Problem, ...]:
    """Return everything that keeps these pairs from being published, by pair.

    `tasks` are those that a button may start; None does not look at buttons.
    """
    found = [*_empty(pairs, normalized), *_equal(pairs, normalized)]
    found += [] if tasks is None else _pointless(pairs, tasks)
    return tuple(sorted(found, key=lambda problem: (problem.pair_id, problem.field)))


def refuse_problems(
    pairs: Sequence[QAPair],
    normalized: Normalized,
    *,
    where: str,
    remedy: str,
    tasks: Collection[str] | None = None,
) -> None:
    """Raise `Unpublishable` when anything keeps these pairs from being published."""
    found = problems(pairs, normalized, tasks)
    if found:
        raise Unpublishable(found, where=where, remedy=remedy)


def _empty(pairs: Iterable[QAPair], normalized: Normalized) -> Iterator[Problem]:
    for pair in pairs:
        for prefix, wording in _wordings(pair):
            if not normalized(wording.question):
                yield Problem(pair.id, f"{prefix}question", says("no_words"))
            if not wording.answer.strip():
                yield Problem(pair.id, f"{prefix}answer", says("no_answer"))


def _pointless(pairs: Iterable[QAPair], tasks: Collection[str]) -> Iterator[Problem]:
    """Yield the buttons that would start a task the bot does not have."""
    for pair in pairs:
        for number, answer in enumerate(pair.answers):
            for path, task in tasks_named(answer):
                if task not in tasks:
                    yield Problem(pair.id, f"answers.{number}.{path}", says("no_task", task=task))


def _equal(pairs: Iterable[QAPair], normalized: Normalized) -> Iterator[Problem]:
    for words, asked in _by_normalized(pairs, normalized).items():
        if not words:
            continue
        for one in asked:
            others = (other for other in asked if other.pair_id != one.pair_id)
            other = next(others, None)
            if other:
                yield Problem(
                    one.pair_id,
                    one.field,
                    says("equal_question", text=one.text, other=other.pair_id, question=other.text),
                )


def _by_normalized(
    pairs: Iterable[QAPair], normalized: Normalized
) -> defaultdict[str, list[_Asked]]:
    found: defaultdict[str, list[_Asked]] = defaultdict(list)
    for pair in pairs:
        for asked in _asked(pair):
            found[normalized(asked.text)].append(asked)
    return found


def _asked(pair: QAPair) -> Iterator[_Asked]:
    for prefix, wording in _wordings(pair):
        yield _Asked(pair.id, f"{prefix}question", wording.question)
        for number, text in enumerate(wording.similar):
            yield _Asked(pair.id, f"{prefix}similar.{number}", text)


def _wordings(pair: QAPair) -> Iterator[tuple[str, Wording]]:
    yield "", pair.wording(pair.locale)
    for locale, wording in pair.translations.items():
        yield f"translations.{locale}.", wording


def _one_per_pair(asked: Iterable[_Asked]) -> Iterable[_Asked]:
    return {one.pair_id: one for one in asked}.values()
