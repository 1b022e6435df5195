"""Finds parts by name among entry points; built-in parts come the same way as guests."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any, Literal

from cs_bot.errors import BadInput, UnknownName

Group = Literal[
    "cs_bot.stages",
    "cs_bot.encoders",
    "cs_bot.rerankers",
    "cs_bot.channels",
    "cs_bot.stores",
]


def names(group: Group) -> tuple[str, ...]:
    """Return the names registered in the group, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def load(group: Group, name: str, *, where: str = "") -> Any:
    """Return the factory of that name.

    Raises `UnknownName` with the nearest name, and `BadInput` when the plug-in cannot be imported.
    """
    found = [point for point in entry_points(group=group) if point.name == name]
    if not found:
        raise UnknownName(
            group.removeprefix("cs_bot.").removesuffix("s"), name, names(group), where=where
        )
    try:
        return found[0].load()
    except ImportError as error:
        raise BadInput(
            f"{name!r} cannot be imported from {found[0].value}: {error}",
            where=where,
            remedy="install the package it needs or take it out of the configuration",
        ) from error
