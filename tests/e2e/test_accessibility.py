"""Every page and state is usable by everybody: axe finds nothing, and nothing breaks the CSP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cs_bot.testing.served import ServedBot

from .customer import Visitor
from .operator import PASSWORD, log_in, set_up

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa"]}))
  .violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).slice(0, 3).join(" | ")}`)"""


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found


def listing(visitor: Visitor) -> None:
    visitor.ask("卡券怎么弄")
    visitor.hears("您是想问")


def form(visitor: Visitor) -> None:
    visitor.ask("转人工")
    expect(visitor.page.locator("csb-chat form.form")).to_be_visible()


def answer(visitor: Visitor) -> None:
    visitor.ask("如何申请退货？")
    visitor.hears("申请售后")


def offline(visitor: Visitor) -> None:
    visitor.page.context.set_offline(True)
    visitor.ask("如何申请退货？")
    expect(visitor.mine.last).to_have_text("如何申请退货？")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "state", [answer, listing, form, offline], ids=lambda state: state.__name__
)
def test_the_widget_has_no_violation(
    page: Page, bot: ServedBot, state: Callable[[Visitor], None], scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    visitor = Visitor(page, bot.url)
    visitor.open()
    state(visitor)
    assert violations(page) == []
    assert visitor.problems == []


PAGES = [
    "knowledge",
    "knowledge/import",
    "knowledge/pairs/ec-016",
    "knowledge/labels",
    "knowledge/contract",
    "knowledge/releases",
    "knowledge/models",
    "conversations",
    "messages",
]


def test_the_console_has_no_violation(page: Page, bot: ServedBot) -> None:
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    assert bot.setup_link is not None
    page.goto(bot.setup_link)
    expect(page.get_by_label("用户名")).to_be_visible()
    assert violations(page) == []
    set_up(page, bot.setup_link)
    for path in PAGES:
        page.goto(f"{bot.url}/admin/#/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert violations(page) == []
    assert [text for text in problems if "401" not in text] == []


def test_an_operator_can_log_in_again(page: Page, bot: ServedBot) -> None:
    log_in(page, bot.url)
    expect(page.get_by_role("heading", name="知识库")).to_be_visible()
    assert PASSWORD not in page.content()
