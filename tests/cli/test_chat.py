"""`cs-bot chat`: a conversation through a pipe, and at a terminal that is interrupted."""

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PATIENCE_SECONDS = 30.0


def talk(bot: Path, *lines: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Say these lines, then end the input as Ctrl-D does."""
    command = [sys.executable, "-m", "cs_bot", "chat", "--bot", str(bot), *options]
    said = "".join(f"{line}\n" for line in lines)
    return subprocess.run(
        command, input=said, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_conversation_through_a_pipe(bot: Path, orders_port: int) -> None:
    """Ask, pick from the list by number, run the task with its service, leave a message."""
    ran = talk(
        bot,
        *("卡券怎么弄", "1"),
        *("我的快递到哪了", "20240001"),
        *("转人工", "包裹破了", "", "没有", "13800138000"),
    )
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr
    rows = (bot / "knowledge/pairs.jsonl").read_text("utf-8").splitlines()
    answers = {pair["question"]: pair["answer"] for pair in map(json.loads, rows)}
    replies = ran.stdout.split("您> ")
    assert "1. " in replies[1]
    picked = replies[1].split("1. ")[1].splitlines()[0]
    assert replies[2].strip() == answers[picked]
    assert "订单号" in replies[3]
    assert "顺丰速运" in replies[4]
    assert "留言" in replies[5]
    assert "已收到您的留言" in replies[5]
    assert replies[-1].strip() == "再见。"
    with closing(sqlite3.connect(bot / "var/cs_bot.db")) as log:
        left = log.execute("SELECT name, contact, text FROM left_messages").fetchall()
    assert left == [("", "13800138000", "包裹破了")]
    with pytest.raises(URLError):
        urlopen(f"http://127.0.0.1:{orders_port}/healthz", timeout=1)


def test_the_steps_are_shown_on_request(bot: Path, orders_port: int) -> None:
    ran = talk(bot, "How do I return an item?", options=("--trace", "--locale", "en"))
    assert "kbqa         answered" in ran.stdout
    assert "ec-016" in ran.stdout
    assert ran.stdout.endswith("You> \nGoodbye.\n")


def test_a_broken_bot_is_refused_before_the_first_prompt(bot: Path) -> None:
    (bot / "bot.toml").write_text('[bot]\nlocale = "zh\n', encoding="utf-8")
    ran = talk(bot, "hi")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"cs-bot: {bot / 'bot.toml'}: not valid TOML: ")


def test_ctrl_c_ends_the_conversation_at_once(bot: Path, orders_port: int) -> None:
    """A line is being read: neither it nor the terminal may be left hanging."""
    command = [sys.executable, "-m", "cs_bot", "chat", "--bot", str(bot)]
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(ours)
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    _read_until(ours, "您> ")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE_SECONDS) == 130
    assert termios.tcgetattr(ours) == before
    os.close(ours)
    os.close(theirs)
    with pytest.raises(URLError):
        urlopen(f"http://127.0.0.1:{orders_port}/healthz", timeout=1)


def _read_until(terminal: int, words: str) -> None:
    seen = b""
    while words.encode() not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        assert ready, seen.decode()
        seen += os.read(terminal, 4096)
