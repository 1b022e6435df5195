"""Starts a real action server of rasa-sdk on a free loopback port, and stops it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from cs_bot.testing.ports import free_port

_START_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.05


@contextmanager
def rasa_sdk_server(folder: Path) -> Iterator[str]:
    """Serve the `actions` module of a folder and yield the address of its `/webhook`."""
    port = free_port()
    log = folder / "action_server.log"
    command = [sys.executable, "-m", "rasa_sdk", "--port", str(port), "--actions", "actions"]
    environment = {**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(folder)}
    with log.open("wb") as output:
        server = subprocess.Popen(  # our own command line
            command,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_ready(server, f"http://127.0.0.1:{port}/health", log)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        _stop(server)


def _await_ready(server: subprocess.Popen[bytes], health: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(health, timeout=2.0, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(_LOOK_AGAIN_SECONDS)  # it says nowhere that it is ready
    raise RuntimeError(f"rasa-sdk did not start: {log.read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server with the workers it has started."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(10.0)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
