"""What an operator does in a real browser: set up, curate, publish, read conversations."""

import re

import pytest
from playwright.sync_api import Page, expect

from cs_bot.testing.served import ServedBot

from .customer import Visitor
from .operator import log_in, set_up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def setup_link(bot: ServedBot) -> str:
    assert bot.setup_link is not None
    return bot.setup_link


def test_a_corrected_answer_reaches_customers_when_it_is_published(
    page: Page, bot: ServedBot, setup_link: str
) -> None:
    set_up(page, setup_link)
    page.get_by_placeholder("搜索问题、相似问、答案或编号").fill("ec-013")
    expect(page.get_by_text("共 1 条")).to_be_visible()
    page.get_by_role("link", name="运费怎么计算？").click()
    answer = page.get_by_role("textbox", name=re.compile("^答案"))
    expect(answer).to_have_value(re.compile("满99元"))
    answer.fill("满88元包邮，不足收取6元运费。")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存为草稿")).to_be_visible()
    page.get_by_role("link", name="知识库").first.click()
    page.get_by_role("button", name="查看并发布").click()
    page.get_by_role("button", name="发布 1 处修改").click()
    expect(page.get_by_text("版本 r2 已发布")).to_be_visible()

    visitor = Visitor(page.context.new_page(), bot.url)
    visitor.open()
    visitor.ask("运费怎么计算？")
    visitor.hears("满88元包邮")


def test_the_trace_of_every_turn_can_be_read(page: Page, bot: ServedBot, setup_link: str) -> None:
    visitor = Visitor(page.context.new_page(), bot.url)
    visitor.open()
    visitor.ask("如何申请退货？")
    visitor.hears("申请售后")

    log_in(page, bot.url)
    page.get_by_role("link", name="会话").first.click()
    page.get_by_text("如何申请退货？").first.click()
    expect(page.get_by_text("申请售后").first).to_be_visible()
    expect(page.get_by_role("region", name="轨迹").get_by_text("问答")).to_be_visible()
