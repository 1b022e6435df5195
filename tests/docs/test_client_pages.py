"""What the pages tell those who write clients: frames, codes, and the widget's own words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

import cs_bot
from cs_bot.channels.frames import ErrorCode

ROOT = Path(cs_bot.__file__).parents[1]
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
CONTRACT = (ROOT / "channels" / "protocol" / "README.md").read_text()
DEVELOPERS = (ROOT / "docs" / "developers.md").read_text()
WIDGET = ROOT / "channels" / "widget" / "src"


def close_codes() -> set[str]:
    """Return the codes that the server's source closes connections with."""
    found = set()
    for path in (ROOT / "cs_bot" / "channels").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.rpartition(".")[2] in {"Close", "close", "close_all"}:
                first = node.args[0] if isinstance(node, ast.Call) and node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, int):
                    found.add(str(first.value))
    return found - {"1000"}


def test_every_frame_type_is_explained() -> None:
    types = {path.stem for path in (ROOT / "channels" / "protocol" / "schema").glob("*.json")}
    assert {"hello", "message"} <= types
    assert [one for one in sorted(types) if not re.search(rf"^\|.*`{one}`", PROTOCOL, re.M)] == []


def test_every_error_code_is_explained() -> None:
    told = PROTOCOL.split("## Errors")[1].split("\n## ")[0]
    assert [code for code in get_args(ErrorCode) if f"`{code}`" not in told] == []


@pytest.mark.parametrize("page", [PROTOCOL, CONTRACT], ids=["docs", "contract"])
def test_every_close_code_is_explained(page: str) -> None:
    codes = close_codes()
    assert {"1009", "4401", "4503"} <= codes
    told = {code for row in re.findall(r"^\| ([\d, ]+) \|", page, re.M) for code in row.split(", ")}
    assert codes <= told


def test_every_method_and_attribute_of_the_widget_is_documented() -> None:
    api = (WIDGET / "api.ts").read_text()
    listed = dict(re.findall(r"const (METHODS|ATTRIBUTES) = \[(.*?)\]", api))
    methods, attributes = (re.findall(r'"(\w+)"', listed[name]) for name in sorted(listed)[::-1])
    assert [name for name in methods if f'csb("{name}"' not in DEVELOPERS] == []
    assert [name for name in attributes if f"| `data-{name}` |" not in DEVELOPERS] == []


def test_every_event_of_the_widget_is_documented() -> None:
    sources = "".join(path.read_text() for path in WIDGET.rglob("*.ts"))
    events = set(re.findall(r'\bemit\("(\w+)"', sources))
    section = DEVELOPERS.split("| event | detail |")[1].split("###")[0]
    assert "message" in events
    assert [event for event in sorted(events) if f"`{event}`" not in section] == []


def test_every_theme_token_is_one_of_the_widget() -> None:
    styles = "".join(path.read_text() for path in WIDGET.rglob("*") if path.is_file())
    told = set(re.findall(r"`(--csb-[a-z-]+)`", DEVELOPERS))
    assert len(told) > 10
    assert [token for token in sorted(told) if f"var({token}" not in styles] == []
