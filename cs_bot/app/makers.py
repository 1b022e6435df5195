"""Makes single parts of a bot from its settings: ids, the encoder, files it keeps."""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path

from cs_bot import registry
from cs_bot.models.adapter import MADE_FOR, Adapter, packaged_adapter
from cs_bot.models.encoders import Encoder
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.settings import Settings, is_rasa_project
from cs_bot.starter import starter_directory
from cs_bot.text.synonyms import Synonyms, read_synonyms

log = logging.getLogger(__name__)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """Return an id nobody can guess, such as `c_6f1c...`."""
    return f"{prefix}_{secrets.token_hex(8)}"


def encoder(settings: Settings) -> Encoder:
    """Return the encoder that the settings name; raises `UnknownName`."""
    made: Encoder = registry.load(
        "cs_bot.encoders", settings.models.encoder, where=settings.where("models", "encoder")
    )(settings)
    return made


def second_encoder(settings: Settings) -> Encoder | None:
    """Return the second encoder that the settings name, None where there is none to be had."""
    name = settings.models.second_encoder
    if not name:
        return None
    where = settings.where("models", "second_encoder")
    try:
        made: Encoder = registry.load("cs_bot.encoders", name, where=where)(settings)
    except ImportError as error:
        log.warning("the second encoder %s is left out: %s", name, error)
        return None
    return made


def adapter(settings: Settings) -> Adapter | None:
    """Return the packaged adapter where it fits the encoders that the settings name."""
    named = (settings.models.encoder, settings.models.second_encoder)
    return packaged_adapter() if named == MADE_FOR else None


def synonyms(settings: Settings) -> Synonyms:
    """Return the operator's synonyms; raises `BadInput`."""
    return read_synonyms(knowledge(settings) / "synonyms.txt")


def vector_files(settings: Settings) -> VectorFiles:
    """Return the folder that keeps the first encoder's vectors of releases."""
    return VectorFiles(settings.var / "index")


def second_vector_files(settings: Settings) -> VectorFiles:
    """Return the folder that keeps the second encoder's vectors of releases."""
    return VectorFiles(settings.var / "index-second")


def knowledge(settings: Settings) -> Path:
    """Return the directory of pairs, synonyms and word lists."""
    return settings.directory / settings.bot.knowledge


def dialogs(settings: Settings) -> Path:
    """Return the directory of tasks, templates and sentences: a Rasa project is one as a whole."""
    own = settings.directory / settings.bot.dialogs
    if not own.exists() and is_rasa_project(settings.directory):
        return settings.directory
    return own


def own_or_starter(directory: Path, part: str) -> Path:
    """Return the bot's own file or folder, the starter's where it has none.

    A Rasa project is a bot too: it has tasks, but neither word lists nor our sentences.
    """
    own = directory / part
    home = {"chat": "dialogs", "sensitive": "knowledge"}[part.split("/")[0]]
    return own if own.exists() else starter_directory() / home / part
