"""Starts a real Redis or PostgreSQL for tests, on a free loopback port, and stops it again.

Their files lie in a temporary directory and are never synced to disk.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cs_bot.testing.ports import free_port

START_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.02


class MissingProgram(Exception):
    """A program that a test needs and this machine lacks; says how to get it."""

    def __init__(self, program: str, package: str) -> None:
        self.program = program
        super().__init__(f"needs {program} (Debian: apt-get install {package})")


@contextmanager
def redis_server() -> Iterator[str]:
    """Run an empty Redis and yield its URL; raises `MissingProgram`."""
    program = shutil.which("redis-server")
    if program is None:
        raise MissingProgram("redis-server", "redis-server")
    port = free_port()
    with _directory() as directory:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(directory)]
        command += ["--save", "", "--appendonly", "no"]
        ask = [_beside(program, "redis-cli"), "-p", str(port), "ping"]
        with _running(command, directory, ready=ask, stop=signal.SIGTERM):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL with the empty database `postgres` and yield its URL.

    Raises `MissingProgram`.
    """
    program = _postgres_program()
    port = free_port()
    with _directory() as directory:
        cluster = directory / "cluster"
        _make_cluster(_beside(program, "initdb"), cluster, directory)
        command = [program, "-D", str(cluster), "-p", str(port), "-h", "127.0.0.1"]
        command += ["-k", str(directory), "-F", "-c", "synchronous_commit=off"]
        command += ["-c", "full_page_writes=off", "-c", "max_connections=100"]
        ask = [_beside(program, "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
        # SIGQUIT: stop at once; what a clean stop would save is thrown away anyway.
        with _running(command, directory, ready=ask, stop=signal.SIGQUIT):
            yield f"postgresql://postgres:secret@127.0.0.1:{port}/postgres"


def _make_cluster(initdb: str, cluster: Path, directory: Path) -> None:
    password = directory / "password"
    password.write_text("secret\n")
    # Plain passwords are checked as strictly as hashed ones, and a hundred times as fast.
    command = [initdb, "-D", str(cluster), "-U", "postgres", "-A", "password"]
    command += [f"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(  # our own command line
        command, cwd=directory, user=_servant(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr}")


@contextmanager
def _running(
    command: Sequence[str], directory: Path, *, ready: Sequence[str], stop: signal.Signals
) -> Iterator[None]:
    log = directory / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(  # our own command line
            command, cwd=directory, user=_servant(), stdout=output, stderr=output
        )
    try:
        _await_ready(server, ready, log)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await_ready(server: subprocess.Popen[bytes], ask: Sequence[str], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        asked = subprocess.run(ask, capture_output=True, check=False)  # our own
        if asked.returncode == 0:
            return
        time.sleep(_LOOK_AGAIN_SECONDS)  # a server says nowhere that it is ready
    raise RuntimeError(f"{server.args!r} did not start: {log.read_text()[-2000:]}")


@contextmanager
def _directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cs-bot-test-") as name:
        servant = _servant()
        if servant is not None:
            shutil.chown(name, servant)
        yield Path(name)


def _servant() -> str | None:
    """Return who runs the servers: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _postgres_program() -> str:
    # Debian keeps the server out of PATH; what lies there may be a link, and initdb lies
    # beside its target.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major_version)
    found = str(installed[-1]) if installed else shutil.which("postgres")
    if found is None:
        raise MissingProgram("postgres", "postgresql")
    return str(Path(found).resolve())


def _major_version(program: Path) -> int:
    return int(program.parents[1].name)


def _beside(program: str, name: str) -> str:
    """Return the program of this name that came with another one."""
    own = Path(program).with_name(name)
    return str(own) if own.exists() else name
