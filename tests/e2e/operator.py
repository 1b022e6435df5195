"""An operator at the console: set-up and log-in."""

from __future__ import annotations

from playwright.sync_api import Page, expect

NAME = "李娜"
PASSWORD = "correct horse battery"


def set_up(page: Page, link: str) -> None:
    """Use the one-time link."""
    page.goto(link)
    page.get_by_label("用户名").fill(NAME)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次密码").fill(PASSWORD)
    page.get_by_role("button", name="创建并登录").click()
    expect(page.get_by_role("heading", name="知识库")).to_be_visible()


def log_in(page: Page, url: str) -> None:
    """Log in with name and password."""
    page.goto(f"{url}/admin/")
    page.get_by_label("用户名").fill(NAME)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
