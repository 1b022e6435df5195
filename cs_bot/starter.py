"""Finds and copies the starter bot, and publishes the first release from a bot's own files."""

from __future__ import annotations

import shutil
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore, PairQuery, Release
from cs_bot.stores.qa_files import read_pairs

_PARTS = ("bot.toml", "knowledge", "dialogs")
_PAIRS = "pairs.jsonl"


def starter_directory() -> Path:
    """Return the starter bot: packaged in the wheel, the repository itself in a checkout."""
    packaged = Path(__file__).parent / "_starter"
    return packaged if packaged.is_dir() else Path(__file__).parents[1]


def copy_starter(directory: Path) -> None:
    """Copy the starter bot into a new directory; raises `BadInput` when a bot is there already."""
    if any((directory / part).exists() for part in _PARTS):
        raise BadInput(
            "there is a bot here already", where=str(directory), remedy="choose an empty directory"
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            _copy(starter_directory() / part, directory / part)
    except OSError as error:
        raise BadInput(
            f"the starter bot cannot be copied: {error.strerror}",
            where=str(directory),
            remedy="choose a directory you may write to",
        ) from error


async def publish_first(
    settings: Settings, knowledge: KnowledgeStore, *, by: str = "starter"
) -> Release | None:
    """Publish the bot's `knowledge/pairs.jsonl` if the store has never held any pair.

    Raises `BadInput` with file and line when the file cannot be used.
    """
    path = settings.directory / settings.bot.knowledge / _PAIRS
    held = await knowledge.pairs(PairQuery(size=1))
    if held.total or await knowledge.current_release() is not None or not path.exists():
        return None
    await knowledge.import_pairs(read_pairs(path), by=by)
    return await knowledge.publish(note=_PAIRS, by=by)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
