"""What a user gets from the package index: everything to run, nothing that collides."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("cs_bot-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel alone; its dependencies are borrowed from ours."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "-q"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "borrowed.pth").write_text(ours + "\n")
    return folder / "bin"


def test_the_wheel_holds_one_package_and_nothing_beside_it(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cs_bot"}


@pytest.mark.parametrize(
    "name",
    [
        "cs_bot/_starter/bot.toml",
        "cs_bot/_starter/knowledge/pairs.jsonl",
        "cs_bot/_starter/dialogs/domain.yml",
        "cs_bot/web/static/widget/v1/csb.js",
        "cs_bot/web/static/console/index.html",
        "cs_bot/web/static/demo/index.html",
        "cs_bot/py.typed",
    ],
)
def test_the_wheel_holds_the_starter_bot_and_the_built_web_parts(wheel: Path, name: str) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_an_installed_wheel_makes_a_bot_that_answers(installed: Path, tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    subprocess.run([installed / "cs-bot", "init", str(bot)], check=True, capture_output=True)
    shutil.rmtree(bot / "var")  # published again, without a thousand questions to ask first
    (bot / "knowledge" / "labelled.jsonl").unlink()
    asked = subprocess.run(
        [installed / "cs-bot", "ask", "--bot", str(bot), "如何申请退货"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "申请售后" in asked.stdout
