"""Puts a bot together from its settings: the only package that names concrete classes."""

from cs_bot.app.assembly import House, opened, opened_stores
from cs_bot.app.makers import dialogs, encoder, knowledge, new_id, now, synonyms, vector_files

__all__ = [
    "House",
    "dialogs",
    "encoder",
    "knowledge",
    "new_id",
    "now",
    "opened",
    "opened_stores",
    "synonyms",
    "vector_files",
]
