"""An operator brings the shop's own spreadsheet: names columns, skips, publishes, undoes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cs_bot.testing.served import ServedBot

from .customer import Visitor
from .operator import log_in, set_up
from .test_accessibility import violations

pytestmark = pytest.mark.browser

ROWS = """标题,内容,其他问法,分类
可以上门自提吗,可以，请先在线下单。,能自己去拿吗,物流
周末有人值班吗,,礼拜天开门吗,服务
门店在哪里,人民路 1 号。,店在哪|怎么去店里,服务
"""


def spreadsheet(folder: Path) -> Path:
    """Write the file as Excel on Chinese Windows does, with one row that lacks its answer."""
    file = folder / "门店问答.csv"
    rows = ROWS.replace("可以，请先在线下单。", '"可以，请先在线下单。"')
    file.write_bytes(rows.replace("\n", "\r\n").encode("gb18030"))
    return file


def say(page: Page, column: str, field: str) -> None:
    """Say what a column of the file is."""
    page.get_by_role("combobox", name=f"“{column}”导入为").press("Enter")
    page.get_by_role("option", name=field, exact=True).click()
    expect(page.get_by_role("option", name=field, exact=True)).to_be_hidden()


def test_a_spreadsheet_is_imported_published_and_taken_back(
    page: Page, bot: ServedBot, tmp_path: Path
) -> None:
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    assert bot.setup_link is not None
    set_up(page, bot.setup_link)
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_label("把文件拖到这里").set_input_files(spreadsheet(tmp_path))

    expect(page.get_by_text("请指定哪一列是标准问题和答案。")).to_be_visible()
    expect(page.get_by_text("GB18030")).to_be_visible()
    assert violations(page) == []
    say(page, "标题", "标准问题")
    say(page, "内容", "答案")
    expect(page.get_by_text("请指定哪一列")).to_be_hidden()
    page.get_by_role("button", name="检查内容").click()

    bad = page.get_by_role("region", name="错误行")
    expect(bad).to_contain_text("第 3 行")
    expect(bad).to_contain_text("“内容”是空的")
    assert violations(page) == []
    with page.expect_download() as rejected:
        bad.get_by_role("button", name="下载错误行").click()
    assert rejected.value.suggested_filename == "门店问答-错误行.csv"
    assert "周末有人值班吗" in rejected.value.path().read_text("utf-8-sig")

    confirm = page.get_by_role("button", name="导入 2 条为草稿")
    expect(confirm).to_be_disabled()
    page.get_by_text("跳过 1 行错误").click()
    confirm.click()
    expect(page.get_by_text("已从 门店问答.csv 导入 2 条为草稿")).to_be_visible()
    page.get_by_role("button", name="查看并发布").click()
    page.get_by_role("button", name="发布 2 处修改").click()
    expect(page.get_by_text("已经发布，访客现在得到这些答案。")).to_be_visible()

    visitor = Visitor(page.context.new_page(), bot.url)
    visitor.open()
    visitor.ask("怎么去店里")
    visitor.hears("人民路 1 号")

    page.get_by_role("button", name="撤销导入 门店问答.csv").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销导入 门店问答.csv，草稿恢复原样。")).to_be_visible()
    expect(page.get_by_text("李娜 已撤销")).to_be_visible()
    expect(page.get_by_text("2 处修改待发布")).to_be_visible()
    page.get_by_role("link", name="问答", exact=True).click()
    expect(page.get_by_text("门店在哪里")).to_be_hidden()
    assert [text for text in problems if "401" not in text] == []


def test_the_wizard_can_be_worked_with_the_keyboard(
    page: Page, bot: ServedBot, tmp_path: Path
) -> None:
    # Choosers are caught from now on; caught only when the key is pressed, some come too early.
    page.on("filechooser", lambda _: None)
    log_in(page, bot.url)
    expect(page.get_by_role("heading", name="知识库")).to_be_visible()
    page.goto(f"{bot.url}/admin/#/knowledge/import")
    chooser = page.get_by_label("把文件拖到这里")
    chooser.focus()
    expect(chooser).to_be_focused()
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Enter")
    file = tmp_path / "faq.csv"
    file.write_text("问题,答案\n能寄到国外吗,暂时不能。\n", encoding="utf-8")
    opened.value.set_files(file)
    expect(page.get_by_role("heading", name="faq.csv：核对每一列")).to_be_focused()
    go_on = page.get_by_role("button", name="检查内容")
    for _ in range(20):
        page.keyboard.press("Tab")
        if go_on.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="faq.csv：导入会改变什么")).to_be_focused()
    confirm = page.get_by_role("button", name="导入 1 条为草稿")
    for _ in range(20):
        page.keyboard.press("Tab")
        if confirm.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("已从 faq.csv 导入 1 条为草稿")).to_be_visible()


def test_the_pairs_can_be_exported(page: Page, bot: ServedBot) -> None:
    log_in(page, bot.url)
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as exported:
        page.get_by_role("menuitem", name="JSONL").click()
    assert exported.value.suggested_filename.endswith(".jsonl")
    assert "运费怎么计算？" in exported.value.path().read_text("utf-8")
