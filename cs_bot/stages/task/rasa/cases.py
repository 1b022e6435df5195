"""Reads end-to-end test cases: the keys `test_cases`, `fixtures`, `metadata` and stubs of a file.

The format is that of Rasa Pro 3.12. What only its flows and language models have is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cs_bot.errors import UnknownName
from cs_bot.stages.task.case import Case, CaseTurn, Filling, Uttering
from cs_bot.stages.task.rasa.case_steps import (
    assertions,
    one_line,
    refused,
    steps_of,
    valued,
)
from cs_bot.stages.task.rasa.nodes import Node, plain
from cs_bot.stages.task.rasa.stubs import Stubs, read_stubs

CASES = "test_cases"
_FILE_KEYS = (CASES, "fixtures", "metadata", "stub_custom_actions", "version")
_OTHER_TESTS = ("stories", "rules")
_CASE_KEYS = ("test_case", "steps", "fixtures", "metadata")
_USER_KEYS = ("user", "metadata", "assertions", "assertion_order_enabled")
_MOCKED = "mocked_datetime"
"""A slot that Rasa has for tests: the time at which all of the conversation is said."""

Named = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What cases refer to by name, of the file itself and of `conftest.yml` above it."""

    fixtures: Named = field(default_factory=dict)
    metadata: Named = field(default_factory=dict)

    def under(self, root: Node) -> Shared:
        """Return this with what a file names, which counts before what stands above."""
        root = replace(root, exact=True)
        fixtures = {**self.fixtures, **_named(root.child("fixtures"), "fixture")}
        return Shared(fixtures, {**self.metadata, **_named(root.child("metadata"), "metadata")})


def read_cases(root: Node, shared: Shared) -> Iterator[Case]:
    """Yield the test cases of a file; raises `BadInput` with line and column."""
    root = replace(root, exact=True)
    for key, node in root.items():
        if key not in (*_FILE_KEYS, *_OTHER_TESTS):
            raise refused(node, f"{key!r} is no key of a test file", "correct or remove it")
    stubs = read_stubs(root.child("stub_custom_actions"))
    cases, shared = root.child(CASES), shared.under(root)
    places: dict[str, str] = {}
    for written in cases.elements() if cases is not None else ():
        case = _case(written, shared, stubs)
        if case.name in places:
            what = f"a second test case is called {case.name!r}, as that of {places[case.name]}"
            raise refused(written, what, "call one of them otherwise")
        places[case.name] = case.where
        yield case
    stubs.refuse_unknown_cases(places)


def _case(written: Node, shared: Shared, stubs: Stubs) -> Case:
    _keys(written, _CASE_KEYS, "a test case")
    name, steps = written.child("test_case"), written.child("steps")
    if name is None or steps is None:
        remedy = "write `- test_case: NAME` and `steps:`"
        raise refused(written, "a test case needs a name and steps", remedy)
    slots = _of_names(written.child("fixtures"), shared.fixtures, "fixture")
    general = _of_names(written.child("metadata"), shared.metadata, "metadata")
    at = slots.pop(_MOCKED, None)
    title = one_line(name)
    return Case(
        title,
        written.file,
        written.place,
        tuple(_turns(steps, shared, general)),
        slots,
        None if at is None else _time(at, written),
        stubs.of(title),
    )


def _turns(steps: Node, shared: Shared, general: Mapping[str, Any]) -> Iterator[CaseTurn]:
    turn: CaseTurn | None = None
    for written in steps.elements():
        if "user" in written.keys():  # noqa: SIM118 - a node
            if turn is not None:
                yield turn
            turn = _said(written, shared, general)
        elif turn is None:
            steps_of(written)
            what = "nothing is said before this step"
            raise refused(written, what, "let the first step be `- user:`")
        else:
            turn = replace(turn, steps=(*turn.steps, *steps_of(written)))
    if turn is None:
        raise refused(steps, "a test case without a step", "write `- user: TEXT`")
    yield turn


def _said(written: Node, shared: Shared, general: Mapping[str, Any]) -> CaseTurn:
    _keys(written, _USER_KEYS, "a `user` step")
    told, order = written.child("assertions"), written.child("assertion_order_enabled")
    words = valued(written.child("user"), written)
    if not words.text().strip():
        raise refused(words, "the customer says nothing", "write what is said")
    own = _of_names(written.child("metadata"), shared.metadata, "metadata")
    return CaseTurn(
        words.text().strip(),
        written.place,
        {**general, **own},
        assertions=tuple(assertions(told)),
        in_order=order is not None and order.flag(),
    )


def _keys(node: Node, known: Sequence[str], of: str) -> None:
    for key, child in node.items():
        if key not in known:
            raise UnknownName(f"key of {of}", key, known, where=child.place)


def _named(node: Node | None, kind: str) -> dict[str, Mapping[str, Any]]:
    """Return a list of names with their values: a mapping each, or a list of such."""
    found: dict[str, Mapping[str, Any]] = {}
    for element in node.elements() if node is not None else ():
        for name, values in element.items():
            if name in found:
                raise refused(values, f"a second {kind} is called {name!r}", "keep one of them")
            parts = values.elements() if isinstance(values.value, list) else (values,)
            found[name] = {key: plain(one.value) for part in parts for key, one in part.items()}
    return found


def _of_names(node: Node | None, known: Named, kind: str) -> dict[str, Any]:
    """Return the values of all fixtures that are named; a later one counts."""
    values: dict[str, Any] = {}
    for name in node.texts() if node is not None else ():
        if name not in known:
            raise UnknownName(kind, name, known, where="" if node is None else node.place)
        values.update(known[name])
    return values


def _time(value: Any, written: Node) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise refused(
            written, f"{_MOCKED} is {value!r}, which is no time", "write 2026-12-01T08:00:00+00:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def refuse_unknown_names(case: Case, slots: Collection[str], responses: Collection[str]) -> None:
    """Raise `BadInput` where a case names a slot or a response that the bot does not have."""
    for name in case.slots:
        if name not in slots:
            raise UnknownName("slot in a fixture", name, slots, where=case.where)
    for turn in case.turns:
        for told in (*turn.steps, *turn.assertions):
            if isinstance(told, Filling) and told.name not in slots:
                raise UnknownName("slot", told.name, slots, where=told.where)
            if isinstance(told, Uttering) and told.response not in (None, *responses):
                raise UnknownName("response", str(told.response), responses, where=told.where)
