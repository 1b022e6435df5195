"""Finds the files of a project, as Rasa lays them out and as the starter's `dialogs/` does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_YAML = (".yml", ".yaml")
_TRAINING = ("data", "domain")
_SETTINGS = frozenset({"config", "credentials", "endpoints", "markers", "docker-compose"})
_NOT_SEARCHED = frozenset(
    {
        "actions",
        "chat",
        "e2e_tests",
        "env",
        "knowledge",
        "models",
        "node_modules",
        "results",
        "tests",
        "var",
        "venv",
    }
)


def yaml_files(directory: Path) -> Iterator[Path]:
    """Yield the YAML files that may hold training data or parts of the domain."""
    for path in sorted(_all_files(directory)):
        if path.suffix in _YAML and not _is_setting(path, directory):
            yield path


def training_files(directory: Path, *endings: str) -> Iterator[Path]:
    """Yield the files of `data/` with these endings, which may be training data of old formats."""
    for path in sorted(_all_files(directory)):
        if path.suffix in endings and is_training(path, directory):
            yield path


def setting_file(directory: Path, name: str) -> Path | None:
    """Return `config.yml` and the like at the top of the project, None where there is none."""
    paths = (directory / f"{name}{ending}" for ending in _YAML)
    return next((path for path in paths if path.is_file()), None)


def is_training(path: Path, directory: Path) -> bool:
    """Tell whether a file lies where Rasa looks for training data and domains."""
    parts = path.relative_to(directory).parts if path.is_relative_to(directory) else path.parts
    return any(part in _TRAINING for part in parts[:-1]) or path.stem == "domain"


def is_test(path: Path) -> bool:
    """Tell whether the stories of a file are test stories, as its name says."""
    return path.name.startswith("test_")


def _all_files(directory: Path) -> Iterator[Path]:
    """Yield files in the order of their names, without walking what is none of a project's."""
    for folder, within, names in os.walk(directory):
        within[:] = [n for n in within if n not in _NOT_SEARCHED and not n.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith("."))


def _is_setting(path: Path, directory: Path) -> bool:
    return path.stem in _SETTINGS and not is_training(path, directory)
