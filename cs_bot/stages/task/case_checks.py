"""Compares what happened in a turn with what a test case expects; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.stages.task.case import ANYTHING, Acting, CaseTurn, Expected, Filling, Uttering


@dataclass(frozen=True, slots=True)
class Uttered:
    """A message of the bot; `response` is its name in the domain, None where it has none."""

    text: str
    parts: tuple[str, ...]
    """Its paragraphs, which reach the customer as messages of their own."""
    response: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        said = self.text or ", ".join(title for title, _ in self.buttons)
        return f"bot: {said}{f'  ({self.response})' if self.response else ''}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot was set."""

    name: str
    value: Any

    def __str__(self) -> str:
        return f"slot_was_set: {self.name}: {self.value!r}"


@dataclass(frozen=True, slots=True)
class Acted:
    """An action was run, to its end or until it failed."""

    action: str

    def __str__(self) -> str:
        return f"action_executed: {self.action}"


Happening = Uttered | Filled | Acted


@dataclass(frozen=True, slots=True)
class Checked:
    """An expectation and the happening that meets it: None where nothing does, or nothing need."""

    expected: Expected
    found: Happening | None
    met: bool


def checked(turn: CaseTurn, happened: Sequence[Happening]) -> tuple[Checked, ...]:
    """Return all expectations of a turn with what became of them, in the order they are written."""
    return (*_steps(turn.steps, happened), *_assertions(turn, happened))


def _steps(steps: Sequence[Expected], happened: Sequence[Happening]) -> Iterator[Checked]:
    taken: set[tuple[str, int]] = set()
    for step in steps:
        kind = step.step if isinstance(step, Uttering) else "slot"
        free = [at for at, _ in enumerate(happened) if (kind, at) not in taken]
        at = next((at for at in free if _fits(step, happened[at])), None)
        if at is not None and not _unwanted(step):
            taken.add((kind, at))
        yield _checked(step, None if at is None else happened[at])


def _assertions(turn: CaseTurn, happened: Sequence[Happening]) -> Iterator[Checked]:
    start = 0
    for assertion in turn.assertions:
        rest = range(start, len(happened))
        at = next((at for at in rest if _fits(assertion, happened[at])), None)
        if at is not None and turn.in_order and not _unwanted(assertion):
            start = at + 1
        yield _checked(assertion, None if at is None else happened[at])


def _checked(expected: Expected, found: Happening | None) -> Checked:
    return Checked(expected, found, (found is None) is _unwanted(expected))


def _unwanted(expected: Expected) -> bool:
    return not isinstance(expected, Acting) and expected.unwanted


def _fits(expected: Expected, happening: Happening) -> bool:
    match expected, happening:
        case Uttering(), Uttered():
            return _says(expected, happening)
        case Filling(), Filled():
            return expected.name == happening.name and _has(expected, happening.value)
        case Acting(), Acted():
            return expected.action == happening.action
    return False


def _has(expected: Filling, value: Any) -> bool:
    return value is not None if expected.value is ANYTHING else same(expected.value, value)


def _says(expected: Uttering, said: Uttered) -> bool:
    name = said.response or ""
    return (
        (expected.text is None or expected.text in (said.text.strip(), *said.parts))
        and (expected.matches is None or expected.matches.search(said.text) is not None)
        and (expected.response is None or expected.response in (name, name.partition("/")[0]))
        and all(_shown(told, said) for told in expected.buttons or ())
    )


def _shown(told: tuple[str, str | None], said: Uttered) -> bool:
    title, payload = told
    return any(title == has and payload in (None, sends) for has, sends in said.buttons)


def same(told: Any, held: Any) -> bool:
    """Return whether two slot values are the same: `1` is 1.0, but neither true nor "1"."""
    if isinstance(told, bool) or isinstance(held, bool):
        return told is held
    return bool(told == held)
