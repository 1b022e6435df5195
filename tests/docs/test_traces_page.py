"""docs/traces.md against the stages: every stage, and every reason to abstain in its section."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import cs_bot

PACKAGE = Path(cs_bot.__file__).parent
PAGE = (PACKAGE.parent / "docs" / "traces.md").read_text()
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def modules_of(stage: str) -> list[Path]:
    """Return the files of a stage under cs_bot/stages."""
    alone = PACKAGE / "stages" / f"{stage}.py"
    return [alone] if alone.exists() else sorted((PACKAGE / "stages" / stage).rglob("*.py"))


def reasons_in(tree: ast.Module) -> Iterator[str]:
    """Yield the reason of every `Abstain(...)`; fails where it cannot be told from the source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Abstain":
            found = set(texts_of(node.args[0], tree))
            assert found, f"line {node.lineno}: no reason to be found"
            yield from found


def texts_of(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """Yield the texts that an expression can be, by way of names and functions of the module."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts_of(body, tree)
            yield from texts_of(orelse, tree)
        case ast.Name(id=name):
            for assigned in ast.walk(tree):
                if isinstance(assigned, ast.Assign) and name in map(ast.unparse, assigned.targets):
                    yield from texts_of(assigned.value, tree)
        case ast.Call(func=ast.Attribute(attr=name)):
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef) and function.name == name:
                    for told in ast.walk(function):
                        if isinstance(told, ast.Return) and told.value is not None:
                            yield from texts_of(told.value, tree)


def stages() -> set[str]:
    """Return the names in traces of the stages that are registered."""
    return {point.name.partition(".")[0] for point in entry_points(group="cs_bot.stages")}


def test_every_registered_stage_has_its_section() -> None:
    assert stages() <= SECTIONS.keys()
    names = {point.name for point in entry_points(group="cs_bot.stages")}
    assert [name for name in names - SECTIONS.keys() if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("stage", sorted(stages()))
def test_every_outcome_of_a_stage_is_explained(stage: str) -> None:
    trees = [ast.parse(path.read_text()) for path in modules_of(stage)]
    outcomes = {"answered", *(reason for tree in trees for reason in reasons_in(tree))}
    assert [one for one in sorted(outcomes) if f"| `{one}` |" not in SECTIONS[stage]] == []


@pytest.mark.parametrize("stage", sorted(stages()))
def test_no_outcome_is_explained_that_does_not_occur(stage: str) -> None:
    trees = [ast.parse(path.read_text()) for path in modules_of(stage)]
    outcomes = {"answered", *(reason for tree in trees for reason in reasons_in(tree))}
    assert set(re.findall(r"^\| `(\w+)` \|", SECTIONS[stage], re.M)) <= outcomes


def test_what_the_router_says_of_any_stage_is_explained() -> None:
    tree = ast.parse((PACKAGE / "router.py").read_text())
    broken = {
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._broken"
        for argument in node.args
        for text in texts_of(argument, ast.Module([], []))
    }
    assert broken == {"timeout", "busy", "error"}
    assert all(f"| `{one}` |" in SECTIONS["any stage"] for one in broken)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_console_has_words_for_every_reason(language: str) -> None:
    locales = PACKAGE.parent / "admin" / "src" / "locales"
    words = json.loads((locales / f"{language}.json").read_text(encoding="utf-8"))
    reasons = {
        reason
        for stage in stages()
        for path in modules_of(stage)
        for reason in reasons_in(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert sorted(reason for reason in reasons if f"outcome.{reason}" not in words) == []
