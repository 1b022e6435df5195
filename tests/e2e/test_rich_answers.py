"""An operator writes a further answer with a card; a visitor gets it and uses it."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from cs_bot.testing.served import ServedBot

from .customer import Visitor
from .operator import set_up
from .test_accessibility import violations

pytestmark = pytest.mark.browser

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="36">'
    '<rect width="64" height="36" fill="#c33"/></svg>'
)


def picture(route: Route) -> None:
    """Answer for the shop's picture server."""
    route.fulfill(status=200, content_type="image/svg+xml", body=PICTURE)


def test_a_card_and_related_questions_reach_the_visitor(page: Page, bot: ServedBot) -> None:
    problems: list[str] = []
    page.context.route("https://shop.example/**", picture)
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    assert bot.setup_link is not None
    set_up(page, bot.setup_link)
    page.goto(f"{bot.url}/admin/#/knowledge/pairs/ec-013")
    page.get_by_role("button", name="添加答案").click()
    answer = page.get_by_role("article", name="答案 1")
    answer.get_by_role("textbox", name="文字", exact=True).fill("**今天免邮！**")
    answer.get_by_role("button", name="卡片", exact=True).click()
    answer.get_by_role("textbox", name="标题").fill("双十一")
    answer.get_by_role("textbox", name="图片网址（选填）").fill("https://shop.example/sale.png")
    answer.get_by_role("textbox", name="图片说明").fill("双十一海报")
    answer.get_by_role("button", name="添加按钮").click()
    page.keyboard.type("查物流")
    answer.get_by_role("combobox", name="点击后").press("Enter")
    page.get_by_role("option", name="开始任务").click()
    answer.get_by_role("combobox", name="任务").press("Enter")
    page.get_by_role("option", name="order_status").click()
    page.get_by_role("combobox", name="输入文字，查找并添加问答").fill("退款多久")
    page.get_by_role("option", name=re.compile("退款多久到账")).click()
    assert violations(page) == []
    answer.get_by_role("button", name="预览").click()
    expect(answer.get_by_role("img", name="双十一海报")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存为草稿")).to_be_visible()
    expect(page.get_by_role("link", name="退款多久到账？")).to_be_visible()
    page.get_by_role("link", name="知识库").first.click()
    page.get_by_role("button", name="查看并发布").click()
    page.get_by_role("button", name="发布 1 处修改").click()
    expect(page.get_by_text("版本 r2 已发布")).to_be_visible()
    assert problems == []

    visitor = Visitor(page.context.new_page(), bot.url)
    visitor.open()
    visitor.ask("运费怎么计算？")
    card = visitor.page.locator("csb-chat .card")
    expect(card.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(visitor.theirs.first.page.locator("csb-chat strong")).to_have_text("今天免邮！")
    assert violations(visitor.page) == []
    visitor.page.get_by_role("button", name="退款多久到账？").click()
    visitor.hears("1至3个工作日")
    card.get_by_role("button", name="查物流").click()
    visitor.hears("订单号")
    assert visitor.problems == []
