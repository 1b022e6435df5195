"""Imports the actions of a bot: `actions.py`, or the modules of a folder `actions`."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from cs_bot.errors import BadInput

_PACKAGE = "actions"
"""The name Rasa projects import their own modules by."""


def load_actions(directory: Path) -> tuple[Any, ...]:
    """Return an instance of each rasa-sdk action in the bot's folder; raises `BadInput`.

    The modules are imported as `actions`, `actions.NAME`, as a Rasa action server does.
    """
    file, folder = directory / f"{_PACKAGE}.py", directory / _PACKAGE
    if not file.is_file() and not folder.is_dir():
        return ()
    _forget_earlier_bot()
    modules = [_module(_PACKAGE, file)] if file.is_file() else list(_package(folder))
    return tuple(action for module in modules for action in _actions_in(module))


def _forget_earlier_bot() -> None:
    for name in [n for n in sys.modules if n == _PACKAGE or n.startswith(f"{_PACKAGE}.")]:
        del sys.modules[name]


def _package(folder: Path) -> Iterator[ModuleType]:
    start = folder / "__init__.py"
    if start.is_file():
        yield _module(_PACKAGE, start, folder)
    else:
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(folder)]
        sys.modules[_PACKAGE] = package
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if path != start:
            name = ".".join((_PACKAGE, *(part for part in parts if part != "__init__")))
            yield _guarded(path, lambda name=name: importlib.import_module(name))


def _module(name: str, file: Path, folder: Path | None = None) -> ModuleType:
    places = [str(folder)] if folder else None
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=places)
    if spec is None or spec.loader is None:
        raise BadInput("cannot be imported", where=str(file), remedy="make it a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader = spec.loader
    _guarded(file, lambda: loader.exec_module(module))
    return module


def _guarded(file: Path, work: Any) -> Any:
    """Import, turning whatever the file does wrong into one sentence with its place."""
    try:
        return work()
    except Exception as error:
        raise BadInput(
            f"the actions cannot be imported: {type(error).__name__}: {error}",
            where=_place(file, error),
            remedy="correct the file or install what it imports",
        ) from error


def _place(file: Path, error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename or file}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return f"{file}:{lines[-1]}" if lines else str(file)


def _actions_in(module: ModuleType) -> Iterator[Any]:
    from rasa_sdk import Action  # imported late: it brings sanic, 0.15 s

    for _, cls in inspect.getmembers(module, inspect.isclass):
        own = cls.__module__ == module.__name__
        if own and issubclass(cls, Action) and not inspect.isabstract(cls):
            yield cls()
