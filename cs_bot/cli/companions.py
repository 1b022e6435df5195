"""Programs that are served beside the bot (`[companions.NAME]`), started and stopped with it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from cs_bot.errors import BadInput, Busy
from cs_bot.settings import CompanionSettings

log = logging.getLogger(__name__)

_READY_WITHIN_SECONDS = 20.0
_FREE_WITHIN_SECONDS = 5.0
_POLL_SECONDS = 0.05
_STOP_WITHIN_SECONDS = 5.0


@asynccontextmanager
async def companions(
    wanted: Mapping[str, CompanionSettings], directory: Path, *, shared: bool = False
) -> AsyncIterator[None]:
    """Run the programs while the block runs.

    With `shared`, one that answers already, such as that of a server which runs beside this
    process, is used and not started again. Raises `BadInput` for a command that cannot be started
    and `Busy` for a program that does not become ready or whose address somebody else has.
    """
    if not wanted:
        yield
        return
    running: list[asyncio.subprocess.Process] = []
    try:
        async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
            for name, settings in wanted.items():
                address = _Address(name, settings.ready_url, client)
                if settings.ready_url and await _taken(address, shared=shared):
                    continue
                running.append(await _started(name, settings, directory))
                if settings.ready_url:
                    await _ready(running[-1], address)
        yield
    finally:
        await asyncio.gather(*(_stopped(process) for process in running))


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a companion answers once it is ready."""

    name: str
    url: str
    client: httpx.AsyncClient

    @property
    def place(self) -> str:
        return f"bot.toml [companions.{self.name}]"

    async def answers(self) -> bool:
        try:
            return (await self.client.get(self.url)).is_success
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise BadInput(
                f"{self.url!r} is no address",
                where=f"{self.place} ready_url",
                remedy="write http://HOST:PORT/PATH",
            ) from None
        except httpx.TransportError:
            return False


async def _taken(address: _Address, *, shared: bool) -> bool:
    """Tell whether somebody else's program does the companion's work; raises `Busy`."""
    if not await address.answers():
        return False
    if shared:
        log.warning("%s answers at %s already; not started again", address.name, address.url)
        return True
    with suppress(TimeoutError):
        async with asyncio.timeout(_FREE_WITHIN_SECONDS):
            # A server that was killed just now takes its companions along a moment later.
            while await address.answers():  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(_POLL_SECONDS)
            return False
    raise Busy(
        f"another program answers at {address.url}, where the companion {address.name} should",
        remedy=f"stop it (`cs-bot chat` runs companions too) or change {address.place}",
    )


async def _started(
    name: str, settings: CompanionSettings, directory: Path
) -> asyncio.subprocess.Process:
    command = [word.replace("{python}", sys.executable) for word in settings.command]
    where = f"bot.toml [companions.{name}]"
    if not command:
        raise BadInput("there is no command", where=where, remedy='write command = ["PROGRAM"]')
    try:
        return await asyncio.create_subprocess_exec(*command, cwd=directory)
    except OSError as error:
        raise BadInput(
            f"{command[0]!r} cannot be started: {error.strerror}",
            where=where,
            remedy="correct `command`",
        ) from error


async def _ready(process: asyncio.subprocess.Process, address: _Address) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_READY_WITHIN_SECONDS):
            while process.returncode is None:
                if await address.answers():
                    return
                await asyncio.sleep(_POLL_SECONDS)
    ended = process.returncode is not None
    what = f"ended with exit code {process.returncode}" if ended else f"is mute at {address.url}"
    raise Busy(
        f"the companion {address.name} {what}",
        remedy=f"see its message above, or correct {address.place}",
    )


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_WITHIN_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
