"""Shows how test cases went: what was expected, what came, and the conversation with both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cs_bot.app.cases import PlayedCase, PlayedTurn
    from cs_bot.stages.task.case_checks import Checked


def case_lines(played: PlayedCase) -> Iterator[str]:
    """Yield the report of a case that failed, its conversation as a diff."""
    yield f"{played.case.name} ({played.case.where})"
    for turn, check in _unmet(played):
        yield f"  {check.expected.where}: {check.expected} was expected, {_got(turn, check)}"
    for turn in played.turns:
        yield f"    user: {turn.turn.text}"
        yield from (f"  {line}" for line in _diff(turn))


def case_dict(played: PlayedCase) -> dict[str, Any]:
    """Return the report of a case that failed as JSON values."""
    mismatches = [
        {"where": c.expected.where, "told": str(c.expected), "got": _got(turn, c)}
        for turn, c in _unmet(played)
    ]
    talk = [line for turn in played.turns for line in (f"  user: {turn.turn.text}", *_diff(turn))]
    return {
        "test_case": played.case.name,
        "where": played.case.where,
        "mismatches": mismatches,
        "conversation": talk,
    }


def _unmet(played: PlayedCase) -> Iterator[tuple[PlayedTurn, Checked]]:
    for turn in played.turns:
        yield from ((turn, check) for check in turn.checks if not check.met)


def _got(turn: PlayedTurn, check: Checked) -> str:
    """Return what came instead, among what is of the kind that was expected."""
    from cs_bot.stages.task.case import Acting, Filling
    from cs_bot.stages.task.case_checks import Acted, Filled, Uttered

    if check.found is not None:
        return f"{check.found} came"
    match check.expected:
        case Filling(name=name):
            filled = (one for one in turn.happened if isinstance(one, Filled))
            values = [one.value for one in filled if one.name == name]
            return f"{name} was set to {_shown(values)}" if values else f"{name} was not set"
        case Acting():
            done = [one.action for one in turn.happened if isinstance(one, Acted)]
            return f"run were {', '.join(done)}" if done else "nothing was run"
    said = [one.text for one in turn.happened if isinstance(one, Uttered)]
    return f"{' / '.join(map(repr, said))} came" if said else "nothing was said"


def _shown(values: list[Any]) -> str:
    return ", then ".join(json.dumps(value, ensure_ascii=False, default=str) for value in values)


def _diff(turn: PlayedTurn) -> Iterator[str]:
    """Yield what was expected and did not come (-), what came (+ where nothing expects it)."""
    from cs_bot.stages.task.case_checks import Uttered

    yield from (f"- {check.expected}" for check in turn.checks if not check.met)
    met = [check.found for check in turn.checks if check.met and check.found is not None]
    for happening in turn.happened:
        expected = any(happening is found for found in met)
        if expected or not turn.passed or isinstance(happening, Uttered):
            sign = " " if expected or turn.passed else "+"
            yield f"{sign} {happening}"
    if not turn.passed:
        yield f"  (answered by {turn.answered_by})"
    if turn.failure:
        yield f"  ({turn.failure})"
