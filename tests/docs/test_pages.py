"""Every page: its links lead somewhere, its code can be read by what it is meant for."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import cs_bot

ROOT = Path(cs_bot.__file__).parents[1]
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "channels/*/*.md", "admin/*.md", "dialogs/*.md")
    for page in ROOT.glob(pattern)
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def without_code(text: str) -> str:
    """Return a page less its code blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.S | re.M)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ +(.+)$", without_code(page.read_text()), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code(page: Path, language: str) -> Iterator[str]:
    """Yield the code blocks of a page in one language."""
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page.read_text(), re.S | re.M)
    for indent, block in blocks:
        yield re.sub(rf"^{indent}", "", block, flags=re.M)


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        led_to = (page.parent / path).resolve() if path else page
        assert led_to.exists(), target
        assert not anchor or anchor in anchors(led_to), target


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text()
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert [page for page in sorted(pages - {"README.md"}) if f"]({page})" not in index] == []


@pytest.mark.parametrize("name", NAMES)
def test_toml_and_json_and_yaml_parse(name: str) -> None:
    page = ROOT / name
    for block in code(page, "toml"):
        tomllib.loads(block)
    for block in code(page, "json"):
        json.loads(block)
    for block in code(page, "yaml"):
        YAML(typ="safe").load(io.StringIO(block))


@pytest.mark.parametrize("name", NAMES)
def test_python_compiles(name: str) -> None:
    for block in code(ROOT / name, "python"):
        compile(block, name, "exec")


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_ones_that_the_command_line_understands(name: str) -> None:
    shells = [*code(ROOT / name, "sh"), *code(ROOT / name, "bash")]
    lines = [line for block in shells for line in block.replace("\\\n", " ").splitlines()]
    for line in lines:
        words = shlex.split(line, comments=True)
        if words and words[0].rpartition("/")[2] == "cs-bot" and "[" not in line:
            parser = argparse.ArgumentParser(words[1])
            import_module(f"cs_bot.cli.{words[1]}").add_arguments(parser)
            parser.parse_args(words[2:])
