"""A trained task model as bytes, for a store: named arrays of numpy and JSON, nothing that runs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from cs_bot.stages.task.classifier import Softmax
from cs_bot.stages.task.dialogue.learned import Learned
from cs_bot.stages.task.nlu import IntentModel
from cs_bot.stages.task.spans import SpanModel
from cs_bot.stages.task.task_model import FORMAT, TaskModel
from cs_bot.stages.task.understanding.stored import (
    packed_intents,
    packed_tagger,
    unpacked_intents,
    unpacked_tagger,
)

Arrays = dict[str, Any]


def packed(model: TaskModel) -> bytes:
    """Return a model as bytes; the same model is the same bytes."""
    arrays: Arrays = {"format": FORMAT}
    if model.reading is not None:
        arrays |= _packed_reading(model.reading)
    if model.learned is not None:
        arrays |= _packed_learned(model.learned)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def unpacked(weights: bytes) -> TaskModel:
    """Return the model of these bytes; raises `ValueError` where they are none."""
    try:
        with np.load(io.BytesIO(weights), allow_pickle=False) as kept:
            if int(kept["format"]) != FORMAT:
                raise ValueError(f"format {int(kept['format'])} is not {FORMAT}")
            return TaskModel(
                _unpacked_reading(kept) if "names" in kept else None,
                _unpacked_learned(kept) if "learned_names" in kept else None,
            )
    except (OSError, EOFError, KeyError, IndexError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from error


def _packed_reading(model: IntentModel) -> Arrays:
    spans = None if model.spans is None else model.spans.names
    names = {"intents": model.intents, "entities": model.entities, "spans": spans}
    arrays: Arrays = {"names": json.dumps(names)}
    if model.softmax is not None:
        arrays |= _packed_softmax(model.softmax, "")
    if model.wide is not None:
        arrays |= packed_intents(model.wide, "wide_")
    if model.spans is not None:
        arrays |= packed_tagger(model.spans.tagger, "spans_")
    return arrays


def _unpacked_reading(kept: Mapping[str, Any]) -> IntentModel:
    names = json.loads(str(kept["names"]))
    softmax = wide = spans = None
    if "weights" in kept:
        softmax = _unpacked_softmax(kept, "")
    if "wide_names" in kept:
        wide = unpacked_intents(kept, "wide_")
    if names["spans"] is not None:
        entities = tuple((name, role, group) for name, role, group in names["spans"])
        spans = SpanModel(unpacked_tagger(kept, "spans_"), entities)
    return IntentModel(softmax, tuple(names["intents"]), tuple(names["entities"]), spans, wide)


def _packed_learned(learned: Learned) -> Arrays:
    columns = sorted(learned.columns, key=learned.columns.__getitem__)
    names = json.dumps({"columns": columns, "actions": learned.actions})
    told = {"learned_names": np.frombuffer(names.encode(), dtype=np.uint8)}
    return told | _packed_softmax(learned.softmax, "learned_")


def _unpacked_learned(kept: Mapping[str, Any]) -> Learned:
    names = json.loads(kept["learned_names"].tobytes())
    columns = {name: at for at, name in enumerate(names["columns"])}
    return Learned(_unpacked_softmax(kept, "learned_"), columns, tuple(names["actions"]))


def _packed_softmax(softmax: Softmax, prefix: str) -> Arrays:
    return {
        f"{prefix}weights": softmax.weights,
        f"{prefix}bias": softmax.bias,
        f"{prefix}temperature": softmax.temperature,
    }


def _unpacked_softmax(kept: Mapping[str, Any], prefix: str) -> Softmax:
    weights, bias = kept[f"{prefix}weights"], kept[f"{prefix}bias"]
    return Softmax(weights, bias, float(kept[f"{prefix}temperature"]))
