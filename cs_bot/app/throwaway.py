"""A bot like another, for tests: what it stores is thrown away, what it has learnt is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from cs_bot.app.assembly import opened
from cs_bot.app.makers import dialogs, knowledge
from cs_bot.app.sharing import dials_digest
from cs_bot.errors import BadInput
from cs_bot.settings import Settings, StoreSettings

_CONTENT = ("pairs.jsonl", "labelled.jsonl")
_INDEXES = ("index", "index-second")


@asynccontextmanager
async def thrown_away(settings: Settings) -> AsyncIterator[Settings]:
    """Give settings of the same bot with a database and indexes of its own, for the block only.

    Its knowledge is that of the files. What reading them took is kept in `var/tests` for the next
    time, until a file or a dial changes.
    """
    learnt = settings.var / "tests" / _digest(settings)
    if not learnt.exists():
        await _learn(settings, learnt)
    with TemporaryDirectory(prefix="cs-bot-test-") as folder:
        shutil.copytree(learnt, folder, dirs_exist_ok=True)
        yield _kept_in(settings, Path(folder))


def _digest(settings: Settings) -> str:
    found = blake2b(dials_digest(settings), digest_size=8)
    for name in _CONTENT:
        path = knowledge(settings) / name
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


async def _learn(settings: Settings, folder: Path) -> None:
    """Let the bot read its knowledge once; raises `BadInput`."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="part-", dir=folder.parent) as part:
            for name in _INDEXES:
                _share(settings.var / name, Path(part, "learnt", name))
            async with opened(_kept_in(settings, Path(part, "learnt"))) as house:
                await house.complete()
            _keep(Path(part), folder)
    except OSError as error:
        raise BadInput(
            f"cannot be written: {error.strerror}",
            where=str(folder.parent),
            remedy="give this user the right to write there",
        ) from None


def _kept_in(settings: Settings, folder: Path) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    own = replace(settings.bot, knowledge=str(knowledge(settings)), dialogs=str(dialogs(settings)))
    store = StoreSettings(f"sqlite:///{(folder / 'cs_bot.db').absolute()}")
    return replace(settings, bot=own, store=store, kept=folder)


def _keep(part: Path, folder: Path) -> None:
    """Keep what was learnt, unless another process was first; forget what other files taught."""
    for old in folder.parent.iterdir():
        if old not in (part, folder) and not old.name.startswith("part-"):
            shutil.rmtree(old, ignore_errors=True)
    if not folder.exists():
        Path(part, "learnt").replace(folder)


def _share(source: Path, target: Path) -> None:
    """Give the files of an index a second name: nobody writes into them, they are replaced."""
    for path in source.rglob("*.*"):
        if path.suffix in (".npy", ".json", ".npz"):
            second = target / path.relative_to(source)
            second.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, second)
            except OSError:  # another file system
                shutil.copyfile(path, second)
