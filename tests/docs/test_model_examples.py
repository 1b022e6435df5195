"""The plug-in of docs/developers.md that brings an encoder and a reranker, and its settings."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import cs_bot
from cs_bot import registry
from cs_bot.app.makers import encoder
from cs_bot.app.models import reranker
from cs_bot.settings import Settings, parse

PAGE = (Path(cs_bot.__file__).parents[1] / "docs" / "developers.md").read_text()
BUILT_IN = PAGE.split("\n## Another encoder\n")[1].split("\n## ")[0]
PLUG_IN = PAGE.split("\n## An encoder or a reranker as a plug-in\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plug-in of the page, as a folder that packages are installed in."""
    (tmp_path / "cs_bot_letters.py").write_text(blocks(PLUG_IN, "python")[0], encoding="utf-8")
    installed = tmp_path / "cs_bot_letters-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: cs-bot-letters\n")
    groups = tomllib.loads(blocks(PLUG_IN, "toml")[0])["project"]["entry-points"]
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in groups.items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.fixture
def settings(site: Path) -> Settings:
    return parse(blocks(PLUG_IN, "toml")[1], site)


def test_the_encoder_of_the_page_is_one(settings: Settings) -> None:
    made = encoder(settings)
    vectors = made.encode(["怎么退货", "怎样退货", "how do I pay", ""])
    assert vectors.shape == (4, made.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_reranker_of_the_page_is_one(settings: Settings) -> None:
    made = reranker(settings)
    assert made is not None
    assert list(made.scores("退货", ["怎么退货", "付款"])) == [2, 0]


@pytest.mark.slow
def test_the_plug_in_is_typed(site: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports", "silent"]
    ran = subprocess.run(
        [*command, str(site / "cs_bot_letters.py")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_the_settings_of_the_page_name_what_there_is() -> None:
    for block in blocks(BUILT_IN, "toml"):
        models = parse(block, Path("bot")).models
        assert models.encoder in registry.names("cs_bot.encoders")
        assert models.reranker in ("", *registry.names("cs_bot.rerankers"))
