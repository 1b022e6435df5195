"""A real server and a real browser for the tests of this folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cs_bot.testing.served import ServedBot, served

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=15_000)


def chromium() -> str:
    """Return the browser's path; without one the test is skipped, or fails where none may be."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "needs chromium (Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CS_BOT_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser per module: while it runs, its event loop keeps async tests from having one."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def bot(learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """The starter bot, served from a directory of its own."""
    with served(ROOT, tmp_path_factory.mktemp("bot"), learnt=learnt_starter) as running:
        running.start()
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A fresh page that fails the test on any error in its console."""
    made = context.new_page()
    made.set_default_timeout(10_000)
    return made
