"""The starter bot whole, its actions not in its own process but in a server of rasa-sdk."""

import shutil
from pathlib import Path

import pytest

from cs_bot.app import House, opened
from cs_bot.blocks import plain_text
from cs_bot.settings import load
from cs_bot.testing.action_server import rasa_sdk_server
from cs_bot.testing.served import copy_bot

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch, order_service: str) -> None:
    monkeypatch.setenv("CS_BOT_ORDERS_URL", order_service)


@pytest.fixture
def bot(tmp_path: Path, learnt_starter: Path) -> Path:
    """The starter without its actions; `endpoints.yml` says where they are."""
    copy_bot(ROOT, tmp_path, learnt=learnt_starter)
    shutil.rmtree(tmp_path / "dialogs" / "actions")
    (tmp_path / "bot.toml").write_text("")
    (tmp_path / "endpoints.yml").write_text("action_endpoint:\n  url: ${ACTION_SERVER}\n")
    return tmp_path


async def said(house: House, text: str) -> str:
    trace = await house.ask(text, "zh")
    return plain_text(trace.reply.blocks)


@pytest.mark.usefixtures("orders")
async def test_orders_are_checked_and_found_over_there(
    bot: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = tmp_path_factory.mktemp("server")
    shutil.copytree(ROOT / "dialogs" / "actions", server / "actions")

    with rasa_sdk_server(server) as address:
        monkeypatch.setenv("ACTION_SERVER", address)
        async with opened(load(bot)) as house:
            assert "由顺丰速运承运" in await said(house, "订单20240001到哪了")
            assert "没有查到订单 99999999" in await said(house, "订单99999999到哪了")


async def test_without_the_server_the_bot_answers_and_says_so(
    bot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTION_SERVER", "http://127.0.0.1:1/webhook")

    async with opened(load(bot)) as house:
        assert "订单系统现在没有回应" in await said(house, "订单20240001到哪了")
