"""A real `cs-bot serve` in a process of its own, for tests, benchmarks and drills."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cs_bot.testing.ports import free_port


@dataclass
class ServedBot:
    """A bot directory and the server that serves it; `kill` and `start` as often as wanted."""

    directory: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    seconds_to_ready: float = 0.0
    setup_link: str | None = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.directory / "server.log"

    @property
    def url(self) -> str:
        """Return the address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, within_seconds: float = 60) -> None:
        """Start the server and return when it is ready; raises `RuntimeError` with its log."""
        started = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cs_bot", "serve", "--bot", str(self.directory)],
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"},
            )
        self._wait_until_ready(started + within_seconds)
        self.seconds_to_ready = time.monotonic() - started
        while "console" not in self.log.read_text():
            time.sleep(0.02)
        link = re.search(r"http://\S+/admin/#/setup\?token=\S+", self.log.read_text())
        self.setup_link = link[0] if link else None

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server as an operator would."""
        self._end(signal.SIGTERM)

    def megabytes(self) -> float:
        """Return the resident memory of the server process."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]  # always there

    def _end(self, with_signal: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(with_signal)
        self.process.wait(timeout=20)
        self.process = None

    def _wait_until_ready(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.url}/readyz", timeout=1) as answer:  # noqa: S310 - loopback
                    if json.load(answer):
                        return
            except (URLError, OSError):
                time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not become ready:\n{self.log.read_text()}")


@contextmanager
def served(source: Path, directory: Path, *, learnt: Path | None = None) -> Iterator[ServedBot]:
    """Serve a copy of the bot in `source` from `directory`, on ports of its own."""
    copy_bot(source, directory, learnt=learnt)
    port, orders = free_port(), free_port()
    settings = directory / "bot.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("port = 8000", f"port = {port}").replace("8001", str(orders))
    settings.write_text(text, encoding="utf-8")
    bot = ServedBot(directory, port, {"CS_BOT_ORDERS_URL": f"http://127.0.0.1:{orders}"})
    try:
        yield bot
    finally:
        bot.stop()


def copy_bot(source: Path, directory: Path, *, learnt: Path | None = None) -> None:
    """Copy a bot directory's content, without its database and indexes.

    Without its labelled questions, too: asking a thousand of them would keep a processor busy for
    the first half minute of every copy. What a bot of the same knowledge has `learnt` spares the
    copy a dozen seconds of encoding.
    """
    left_out = shutil.ignore_patterns("__pycache__", "labelled.jsonl")
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("bot.toml", "knowledge", "dialogs"):
        item = source / name
        if item.is_dir():
            shutil.copytree(item, directory / name, ignore=left_out)
        elif item.exists():
            shutil.copy(item, directory / name)
    if learnt is not None:
        without_database = shutil.ignore_patterns("*.db")
        shutil.copytree(learnt / "var", directory / "var", ignore=without_database)
