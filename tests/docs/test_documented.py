"""The pages under `docs/` against the code: what is not written down fails here."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import AsyncIterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

import cs_bot
from cs_bot.stores.protocols import Stores
from cs_bot.stores.sql.opening import open_stores

PACKAGE = Path(cs_bot.__file__).parent
DOCS = PACKAGE.parent / "docs"
TABLES = {
    "BotSettings": "bot",
    "ServerSettings": "server",
    "ApiSettings": "api",
    "StoreSettings": "store",
    "RouterSettings": "router",
    "ModelSettings": "models",
    "OpenAIEncoderSettings": "models.openai",
    "LocalEncoderSettings": "models.local",
    "CrossEncoderSettings": "models.cross_encoder",
    "LLMSettings": "llm",
    "ChannelSettings": "channels.KEY",
    "CompanionSettings": "companions.NAME",
    "CacheSettings": "stages.cache",
    "KbqaSettings": "stages.kbqa",
    "TaskSettings": "stages.task",
    "ActionSettings": "stages.task.actions",
    "ActionServerSettings": "stages.task.action_server",
}


def parsed() -> dict[str, ast.Module]:
    """Return every module of the package by its name."""
    return {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): ast.parse(
            path.read_text()
        )
        for path in PACKAGE.rglob("*.py")
    }


@cache
def settings_classes() -> dict[str, str]:
    """Return each public dataclass that a table of bot.toml is read into, and its module."""
    modules = parsed()
    homes = {
        node.name: module
        for module, tree in modules.items()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and re.fullmatch(r"[A-Z]\w*Settings", node.name)
        if any(isinstance(item, ast.AnnAssign) for item in node.body)
    }
    read = {
        node.args[0].id
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "read"
        and node.args
        and isinstance(node.args[0], ast.Name)
    }
    inside = {
        keyword.value.id
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "field"
        for keyword in node.keywords
        if keyword.arg == "default_factory" and isinstance(keyword.value, ast.Name)
    }
    named = read | inside
    return {
        name: home for name, home in homes.items() if name in named or home == "cs_bot.settings"
    }


def documented(table: str) -> dict[str, Any]:
    """Return the keys of a table in docs/settings.md with their defaults."""
    page = (DOCS / "settings.md").read_text()
    section = page.split(f"\n## [{table}]\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `(\w+)` \| `(.*?)` \|", section, re.MULTILINE)
    return {key: tomllib.loads(f"x = {default}")["x"] for key, default in rows}


def default_of(item: Field[Any]) -> Any:
    """Return a field's default as TOML has it."""
    made = item.default_factory() if item.default_factory is not MISSING else item.default
    return list(made) if isinstance(made, tuple) else made


def test_every_settings_class_has_its_table() -> None:
    assert settings_classes().keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    found = getattr(import_module(settings_classes()[name]), name)
    defaults = {item.name: default_of(item) for item in fields(found)}
    # A table inside a table has a section of its own.
    keys = {key: value for key, value in defaults.items() if not is_dataclass(value)}
    assert documented(TABLES[name]) == keys


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(
        "sqlite:///bot.db",
        clock=lambda: datetime.now(UTC),
        ids=lambda prefix: f"{prefix}_1",
        directory=tmp_path,
    )
    yield stores
    await stores.close()


@pytest.fixture
def served(stores: Stores) -> FastAPI:
    """The application as `cs-bot serve` serves it, less the bot."""
    from cs_bot.server import channels_of, http_app
    from cs_bot.settings import Settings
    from cs_bot.stores.memory import InProcessWakeUps

    parts: Any = SimpleNamespace(
        settings=Settings(Path()),
        stores=stores,
        bot=None,
        ask=None,
        published=None,
        ready=None,
        tasks=frozenset(),
        contracts=None,
        draft_checks=None,
        wake_ups=InProcessWakeUps(),
        locks=None,
        project=None,
        parse=None,
        models=SimpleNamespace(roll_back=None, name=None),
    )
    return http_app(parts, channels_of(parts))


def test_every_operation_is_documented(served: FastAPI) -> None:
    page = (DOCS / "http-api.md").read_text()
    sections = dict(re.findall(r"^## [^`\n]+`(/[\w/]+)`\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    assert set(sections) == {"/api/v1/admin", "/api/v1/chat"}
    lacking = [
        f"{method.upper()} {path}"
        for path, operations in served.openapi()["paths"].items()
        for method in operations
        if not _is_documented(method.upper(), path, page, sections)
    ]
    assert lacking == []


def _is_documented(method: str, path: str, page: str, sections: Mapping[str, str]) -> bool:
    for prefix, section in sections.items():
        if path.startswith(f"{prefix}/"):
            return bool(
                re.search(rf"`{method} {re.escape(path.removeprefix(prefix))}[`?]", section)
            )
    return f"`{method} {path}`" in page


def test_no_operation_is_documented_that_is_not_there(served: FastAPI) -> None:
    page = (DOCS / "http-api.md").read_text()
    paths = {
        f"{method.upper()} {re.sub('^/api/v1/(admin|chat)', '', path)}"
        for path, operations in served.openapi()["paths"].items()
        for method in operations
    } | {"GET /healthz", "GET /readyz", "GET /api/v1/openapi.json"}
    told = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`?]*)", page)
    assert sorted(set(told) - paths) == []


def test_every_error_code_is_documented() -> None:
    from typing import get_args

    from cs_bot.admin.refusals import Code

    page = (DOCS / "http-api.md").read_text()
    assert [code for code in get_args(Code) if f"| `{code}` |" not in page] == []


def test_the_layers_of_the_architecture_page_are_those_that_are_checked() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
    contract = project["tool"]["importlinter"]["contracts"][0]
    page = (DOCS / "architecture.md").read_text()
    drawn = page.split("## Layers")[1].split("```")[1].strip().splitlines()
    assert [layer.split() for layer in drawn] == [
        [part.removeprefix("cs_bot.") for part in re.split(r"\s*[|:]\s*", layer)]
        for layer in contract["layers"]
    ]


def test_files_that_the_pages_name_exist() -> None:
    for page in DOCS.rglob("*.md"):
        for name in re.findall(r"`(cs_bot/[\w/]+\.py)`", page.read_text()):
            assert (PACKAGE.parent / name).exists(), f"{page.name}: {name}"
