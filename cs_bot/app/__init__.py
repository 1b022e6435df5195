"""Puts a bot together from its settings: the only package that names concrete classes."""

from cs_bot.app.assembly import House, opened, opened_stores
from cs_bot.app.makers import (
    adapter,
    dialogs,
    encoder,
    knowledge,
    new_id,
    now,
    second_encoder,
    second_vector_files,
    synonyms,
    vector_files,
)
from cs_bot.app.models import refuse_wrong_settings

__all__ = [
    "House",
    "adapter",
    "dialogs",
    "encoder",
    "knowledge",
    "new_id",
    "now",
    "opened",
    "opened_stores",
    "refuse_wrong_settings",
    "second_encoder",
    "second_vector_files",
    "synonyms",
    "vector_files",
]
