"""Keeps a trained intent model on disk beside the release it was trained for.

A file that is missing, damaged or trained on something else is as good as none.
"""

from __future__ import annotations

import json
import logging
import os
import zipfile
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from cs_bot.stages.task.classifier import Softmax
from cs_bot.stages.task.nlu import Background, IntentModel
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.spans import SpanModel
from cs_bot.stages.task.understanding.stored import (
    packed_intents,
    packed_tagger,
    unpacked_intents,
    unpacked_tagger,
)

log = logging.getLogger(__name__)

_FORMAT = 2
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
            return _unpacked(kept)
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        log.warning("%s is damaged and will be made again (%s)", path, error)
        return None


def _unpacked(kept: Mapping[str, Any]) -> IntentModel:
    names = json.loads(str(kept["names"]))
    softmax = wide = spans = None
    if "weights" in kept:
        softmax = Softmax(kept["weights"], kept["bias"], float(kept["temperature"]))
    if "wide_names" in kept:
        wide = unpacked_intents(kept, "wide_")
    if names["spans"] is not None:
        entities = tuple((name, role, group) for name, role, group in names["spans"])
        spans = SpanModel(unpacked_tagger(kept, "spans_"), entities)
    return IntentModel(softmax, tuple(names["intents"]), tuple(names["entities"]), spans, wide)


def _packed(model: IntentModel) -> dict[str, Any]:
    spans = None if model.spans is None else model.spans.names
    names = {"intents": model.intents, "entities": model.entities, "spans": spans}
    arrays: dict[str, Any] = {"names": json.dumps(names)}
    if model.softmax is not None:
        arrays |= {"weights": model.softmax.weights, "bias": model.softmax.bias}
        arrays["temperature"] = model.softmax.temperature
    if model.wide is not None:
        arrays |= packed_intents(model.wide, "wide_")
    if model.spans is not None:
        arrays |= packed_tagger(model.spans.tagger, "spans_")
    return arrays


def _save(path: Path, key: str, model: IntentModel) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, key=key, **_packed(model))
        part.replace(path)
    except OSError as error:  # a full disk must not keep the bot from serving
        log.warning("the intent model was not kept in %s: %s", path, error)
