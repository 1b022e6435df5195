"""What a customer sees in a real browser, from the first question to a killed server."""

import sqlite3

import pytest
from playwright.sync_api import Page, expect

from cs_bot.testing.served import ServedBot

from .customer import Visitor

pytestmark = pytest.mark.browser


def test_a_question_with_two_likely_answers_gets_a_list_and_the_pick_an_answer(
    page: Page, bot: ServedBot
) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("卡券怎么弄")
    rows = page.locator("csb-chat button.row")
    expect(rows.filter(has_text="优惠券在哪里领取")).to_be_visible()
    together = rows.filter(has_text="优惠券可以叠加使用吗")
    together.click()
    visitor.hears("同类优惠券不可叠加")
    expect(together).to_have_attribute("aria-pressed", "true")
    assert visitor.problems == []


def test_an_english_question_is_answered_in_english(page: Page, bot: ServedBot) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("Can I return this?")
    visitor.hears("Within 7 days")


def test_the_order_task_is_completed(page: Page, bot: ServedBot) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("我的快递到哪了")
    visitor.hears("订单号")
    visitor.ask("20240001")
    visitor.hears("顺丰速运")


def test_a_message_can_be_left_for_the_staff(page: Page, bot: ServedBot) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("转人工")
    form = page.locator("csb-chat form.form")
    form.locator("[name=text]").fill("发票开错了，请帮我换开")
    form.locator("[name=contact]").fill("没有")
    form.locator("button[type=submit]").click()
    expect(form.locator(".error")).to_be_visible()
    form.locator("[name=contact]").fill("13800000000")
    form.locator("button[type=submit]").click()
    visitor.hears("已收到")
    expect(page.locator("csb-chat .form.done")).to_be_visible()
    with sqlite3.connect(bot.directory / "var" / "cs_bot.db") as log:
        (left,) = log.execute("select text, contact from left_messages").fetchall()
    assert left == ("发票开错了，请帮我换开", "13800000000")


def test_a_killed_server_loses_and_doubles_nothing(page: Page, bot: ServedBot) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("如何申请退货？")
    visitor.hears("申请售后")
    bot.kill()
    visitor.ask("如何开具发票？")
    visitor.ask("满多少包邮？")
    bot.start()
    visitor.hears("满99元包邮")
    expect(visitor.mine).to_have_text(["如何申请退货？", "如何开具发票？", "满多少包邮？"])
    page.reload()
    page.evaluate("csb('open')")
    expect(visitor.mine).to_have_text(["如何申请退货？", "如何开具发票？", "满多少包邮？"])
    visitor.hears("满99元包邮")


def test_enter_that_ends_a_chinese_input_method_sends_nothing(page: Page, bot: ServedBot) -> None:
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.composer.focus()
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "怎么退货", "selectionStart": 4, "selectionEnd": 4}
    )
    key = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
    session.send("Input.dispatchKeyEvent", key)
    session.send("Input.insertText", {"text": "怎么退货"})
    expect(visitor.composer).to_have_value("怎么退货")
    expect(visitor.mine).to_have_count(0)
    visitor.composer.press("Enter")
    expect(visitor.mine).to_have_text(["怎么退货"])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(page: Page, bot: ServedBot, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    visitor = Visitor(page, bot.url)
    visitor.open()
    visitor.ask("卡券怎么弄")
    visitor.hears("您是想问")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
