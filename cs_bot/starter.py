"""Finds and copies the starter bot, and publishes the first release from a bot's own files."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from cs_bot.admin.draft_check import refuse_problems
from cs_bot.errors import BadInput, Conflict
from cs_bot.retrieval.labelled_file import read_labelled
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore, LabelStore, PairQuery, Release
from cs_bot.stores.qa_files import read_pairs
from cs_bot.text.normalize import normalized

_PARTS = ("bot.toml", "knowledge", "dialogs")
_PAIRS = "pairs.jsonl"
_LABELLED = "labelled.jsonl"


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
        _ignore_var(directory / ".gitignore")
    except OSError as error:
        for part in _PARTS:
            _remove(directory / part)
        raise BadInput(
            f"the starter bot cannot be copied: {error.strerror or error}",
            where=str(directory),
            remedy="choose a directory you may write to",
        ) from error


async def publish_first(
    settings: Settings, knowledge: KnowledgeStore, labels: LabelStore, *, by: str = "starter"
) -> Release | None:
    """Publish the bot's `knowledge/pairs.jsonl` if the store has never held a pair of others.

    The labelled questions of `knowledge/labelled.jsonl`, if any, are stored with them. Returns
    None when there is nothing to do or another process was first. Raises `BadInput` with file and
    line, before anything is stored, when a file cannot be used.
    """
    path = settings.directory / settings.bot.knowledge / _PAIRS
    if not path.exists() or await knowledge.current_release() is not None:
        return None
    newest = (await knowledge.pairs(PairQuery(size=1))).items
    if newest and newest[0].updated_by != by:
        return None  # drafts of an operator; ours are left by a start that died before publishing
    pairs = read_pairs(path)
    refuse_problems(pairs, normalized, where=str(path), remedy="correct the file")
    labelled = path.with_name(_LABELLED)
    questions = read_labelled(labelled) if labelled.exists() else []
    await labels.label(questions, by=by)
    await knowledge.import_pairs(pairs, by=by)
    try:
        return await knowledge.publish(note=_PAIRS, by=by)
    except Conflict:
        return None


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _ignore_var(path: Path) -> None:
    """Keep the database, which holds secrets and what customers said, out of version control."""
    if not path.exists():
        path.write_text("var/\n", encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
