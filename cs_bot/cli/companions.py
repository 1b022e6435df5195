"""Programs that are served beside the bot (`[companions.NAME]`), started and stopped with it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from cs_bot.errors import BadInput, Busy
from cs_bot.settings import CompanionSettings

log = logging.getLogger(__name__)

_READY_WITHIN_SECONDS = 20.0
_POLL_SECONDS = 0.05
_STOP_WITHIN_SECONDS = 5.0


@asynccontextmanager
async def companions(
    wanted: Mapping[str, CompanionSettings], directory: Path
) -> AsyncIterator[None]:
    """Run the programs while the block runs.

    Raises `BadInput` for a command that cannot be started and `Busy` for one that ends at once.
    """
    running: list[asyncio.subprocess.Process] = []
    try:
        for name, settings in wanted.items():
            running.append(await _started(name, settings, directory))
        yield
    finally:
        await asyncio.gather(*(_stopped(process) for process in running))


async def _started(
    name: str, settings: CompanionSettings, directory: Path
) -> asyncio.subprocess.Process:
    command = [word.replace("{python}", sys.executable) for word in settings.command]
    where = f"bot.toml [companions.{name}]"
    try:
        process = await asyncio.create_subprocess_exec(*command, cwd=directory)
    except (OSError, IndexError) as error:
        raise BadInput(
            f"the command cannot be started: {error}", where=where, remedy="correct `command`"
        ) from error
    if settings.ready_url:
        await _ready(name, process, settings.ready_url)
    return process


async def _ready(name: str, process: asyncio.subprocess.Process, url: str) -> None:
    async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
        for _ in range(int(_READY_WITHIN_SECONDS / _POLL_SECONDS)):
            if process.returncode is not None:
                break
            try:
                if (await client.get(url)).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(_POLL_SECONDS)
    await _stopped(process)
    raise Busy(
        f"the companion {name} did not answer at {url}",
        remedy="see its message above, or take [companions] out of bot.toml",
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
