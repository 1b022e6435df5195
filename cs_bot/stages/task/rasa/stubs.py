"""Reads `stub_custom_actions`: what actions return in test cases instead of being run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stages.task.actions.outcome import ActionOutcome, outcome_of
from cs_bot.stages.task.rasa.nodes import Node, plain

_FOR_A_CASE = "::"


@dataclass(frozen=True, slots=True)
class Stub:
    """One stub: of a single test case, or of all in the file where `case` is empty."""

    case: str
    action: str
    outcome: ActionOutcome
    place: str


@dataclass(frozen=True, slots=True)
class Stubs:
    """The stubs of one file."""

    all: tuple[Stub, ...] = ()

    def of(self, case: str) -> dict[str, ActionOutcome]:
        """Return the stubs of a test case by action; its own count before those of the file."""
        general = {stub.action: stub.outcome for stub in self.all if not stub.case}
        return {**general, **{one.action: one.outcome for one in self.all if one.case == case}}

    def refuse_unknown_cases(self, cases: Iterable[str]) -> None:
        """Raise `BadInput` where a stub is for a test case that the file does not have."""
        known = ("", *cases)
        for stub in self.all:
            if stub.case not in known:
                raise UnknownName("test case", stub.case, known[1:], where=stub.place)


def read_stubs(node: Node | None) -> Stubs:
    """Return the stubs of a file; raises `BadInput`."""
    return Stubs() if node is None else Stubs(tuple(_stub(k, n) for k, n in node.items()))


def _stub(key: str, node: Node) -> Stub:
    for name, child in node.items():
        if name not in ("events", "responses"):
            raise UnknownName("key of a stub", name, ("events", "responses"), where=child.place)
    case, _, action = key.rpartition(_FOR_A_CASE)
    events, responses = _listed(node, "events", "event"), _listed(node, "responses", "")
    return Stub(case, action, outcome_of(action, events, responses), node.place)


def _listed(node: Node, key: str, needs: str) -> list[Any]:
    child = node.child(key)
    if child is None or child.value is None:
        return []
    for element in child.elements():
        keys = element.keys()
        if needs and needs not in keys:
            raise BadInput(
                f"an element of `{key}` without `{needs}`",
                where=element.place,
                remedy="write `- event: slot`, for one",
            )
    return list(plain(child.value))
