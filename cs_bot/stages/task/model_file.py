"""Keeps a trained intent model on disk beside the release it was trained for.

A file that is missing, damaged or trained on something else is as good as none.
"""

from __future__ import annotations

import json
import logging
import os
import zipfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import numpy as np

from cs_bot.stages.task.classifier import Softmax
from cs_bot.stages.task.nlu import Background, IntentModel
from cs_bot.stages.task.project import Project

log = logging.getLogger(__name__)

_FORMAT = 1
"""Grows when training changes, so that models trained the old way are trained again."""


def kept_or_trained(
    path: Path, key: str, train: Callable[[], IntentModel | None]
) -> IntentModel | None:
    """Return the model kept under this key, else train one and keep it."""
    model = _load(path, key)
    if model is None:
        model = train()
        if model is not None:
            _save(path, key, model)
    return model


def training_key(project: Project, background: Background, encoder_name: str) -> str:
    """Return a digest of everything that a model is trained on."""
    learnt = (
        _FORMAT,
        encoder_name,
        [repr(example) for example in project.examples],
        [repr(pattern) for pattern in project.patterns],
        sorted(project.used_intents()),
        project.entities,
        background.questions,
    )
    return blake2b(json.dumps(learnt).encode(), digest_size=16).hexdigest()


def _load(path: Path, key: str) -> IntentModel | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            softmax = Softmax(kept["weights"], kept["bias"], float(kept["temperature"]))
            names = json.loads(str(kept["names"]))
            return IntentModel(softmax, tuple(names["intents"]), tuple(names["entities"]))
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        log.warning("%s is damaged and will be made again (%s)", path, error)
        return None


def _save(path: Path, key: str, model: IntentModel) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    names = json.dumps({"intents": model.intents, "entities": model.entities})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(
                file,
                key=key,
                names=names,
                weights=model.softmax.weights,
                bias=model.softmax.bias,
                temperature=model.softmax.temperature,
            )
        part.replace(path)
    except OSError as error:  # a full disk must not keep the bot from serving
        log.warning("the intent model was not kept in %s: %s", path, error)
