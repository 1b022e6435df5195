"""An operator labels what customers asked, and sees what publishing changes before doing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cs_bot.testing.served import ServedBot, served

from .conftest import ROOT
from .customer import Visitor
from .operator import set_up
from .test_accessibility import violations

pytestmark = pytest.mark.browser

SLOW = 90_000
"""Milliseconds in which the bot asks its labelled questions, or replays them on the drafts."""


@pytest.fixture(scope="module")
def unlabelled(
    learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedBot]:
    """The starter bot without its labelled questions."""
    directory = tmp_path_factory.mktemp("unlabelled")
    with served(ROOT, directory, learnt=learnt_starter) as running:
        running.start()
        yield running


def label_turn(page: Page, question: str, pair: str) -> None:
    """Label what a visitor asked, from the conversation."""
    page.get_by_role("link", name="会话").first.click()
    page.get_by_text(question).first.click()
    turn = page.get_by_role("article").filter(has_text=question)
    turn.get_by_role("button", name="标注", exact=True).click()
    turn.get_by_role("radio", name=re.compile(pair)).check()
    expect(turn.get_by_role("button", name="保存标注")).to_be_enabled()
    assert violations(page) == []
    turn.get_by_role("button", name="保存标注").click()
    expect(page.get_by_text("已标注，机器人会在后台重新检验")).to_be_visible()


def label(page: Page, question: str, search: str, choice: str) -> None:
    """Label a question on the page of labels; the pair is found by search."""
    page.get_by_label("访客的问题", exact=True).fill(question)
    picker = page.get_by_role("combobox", name="正确的问答")
    picker.click()
    picker.press_sequentially(search)
    page.get_by_role("option", name=choice).click()
    page.get_by_role("button", name="标注", exact=True).click()
    expect(page.get_by_role("cell", name=question, exact=True)).to_be_visible()


def edit_delivery_fee(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/#/knowledge/pairs/ec-013")
    answer = page.get_by_role("textbox", name=re.compile("^答案"))
    expect(answer).to_have_value(re.compile("满99元"))
    answer.fill("满88元包邮，不足收取6元运费。")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存为草稿")).to_be_visible()


def test_labels_count_and_a_check_shows_what_publishing_changes(
    page: Page, unlabelled: ServedBot
) -> None:
    page.emulate_media(reduced_motion="reduce")  # axe must not meet a colour on its way
    visitor = Visitor(page.context.new_page(), unlabelled.url)
    visitor.open()
    visitor.ask("运费怎么计算？")
    visitor.hears("满99元")
    visitor.ask("我的退款怎么还没到")
    visitor.hears("原路返回")
    visitor.page.close()  # a page behind another one draws no frames, and colours stay as they were

    assert unlabelled.setup_link is not None
    set_up(page, unlabelled.setup_link)
    label_turn(page, "我的退款怎么还没到", "退款多久到账")
    page.goto(f"{unlabelled.url}/admin/#/knowledge/labels")
    expect(page.get_by_role("cell", name="我的退款怎么还没到", exact=True)).to_be_visible()
    label(page, "碗碎了两个", "破损", "收到商品破损怎么办")
    label(page, "你们招人吗", "", "没有答案")
    expect(page.get_by_text("共 3 条")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="承诺").click()
    expect(page.get_by_text("已标注 3 个，需要 196 个")).to_be_visible(timeout=SLOW)
    assert violations(page) == []

    edit_delivery_fee(page, unlabelled.url)
    page.goto(f"{unlabelled.url}/admin/#/knowledge/releases")
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.get_by_text("1 个回答会变")).to_be_visible(timeout=SLOW)
    changed = page.get_by_role("listitem").filter(has_text="运费怎么计算？")
    expect(changed.get_by_text("答案改过")).to_be_visible()
    expect(changed.get_by_role("link", name="运费怎么计算？").first).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="查看并发布").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 个回答会变")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="发布 1 处修改").click()
    expect(page.get_by_text("版本 r2 已发布")).to_be_visible()
