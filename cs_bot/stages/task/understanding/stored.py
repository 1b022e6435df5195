"""Trained models as arrays with names, and back; large weights are kept in half precision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from cs_bot.stages.task.understanding.crf import Chain
from cs_bot.stages.task.understanding.intents import Intents
from cs_bot.stages.task.understanding.sentence import Linear, Wording
from cs_bot.stages.task.understanding.sparse import Vocabulary
from cs_bot.stages.task.understanding.tagger import Tagger

Arrays = dict[str, Any]


def packed_tagger(tagger: Tagger, prefix: str) -> Arrays:
    """Return the arrays of a tagger, each name with the prefix."""
    chain = tagger.chain
    arrays = {
        "emissions": chain.emissions.astype(np.float16),
        "steps": chain.steps,
        "first": chain.first,
        "last": chain.last,
        "features": tagger.features.keys,
        "labels": json.dumps(tagger.labels),
    }
    return {prefix + name: value for name, value in arrays.items()}


def unpacked_tagger(kept: Mapping[str, Any], prefix: str) -> Tagger:
    """Return the tagger of these arrays; raises `KeyError` or `ValueError`."""
    chain = Chain(
        kept[prefix + "emissions"].astype(np.float32),
        *(kept[prefix + name] for name in ("steps", "first", "last")),
    )
    labels = tuple(json.loads(str(kept[prefix + "labels"])))
    return Tagger(chain, Vocabulary(kept[prefix + "features"]), labels)


def packed_intents(intents: Intents, prefix: str) -> Arrays:
    """Return the arrays of a classifier, each name with the prefix."""
    wording, linear = intents.wording, intents.linear
    arrays = {
        "names": json.dumps(intents.names),
        "kinds": len(wording.known),
        "dense": linear.dense,
        "sparse": linear.sparse.astype(np.float16),
        "bias": linear.bias,
        "temperature": intents.temperature,
        "weight": wording.weight,
        "certainty": np.array(intents.certainty),
    }
    for at, (known, rarity) in enumerate(zip(wording.known, wording.rarity, strict=True)):
        arrays |= {f"keys{at}": known.keys, f"rarity{at}": rarity}
    return {prefix + name: value for name, value in arrays.items()}


def unpacked_intents(kept: Mapping[str, Any], prefix: str) -> Intents:
    """Return the classifier of these arrays; raises `KeyError` or `ValueError`."""
    kinds = range(int(kept[prefix + "kinds"]))
    wording = Wording(
        tuple(Vocabulary(kept[f"{prefix}keys{at}"]) for at in kinds),
        tuple(kept[f"{prefix}rarity{at}"] for at in kinds),
        float(kept[prefix + "weight"]),
    )
    linear = Linear(
        kept[prefix + "dense"],
        kept[prefix + "sparse"].astype(np.float32),
        kept[prefix + "bias"],
    )
    names = tuple(json.loads(str(kept[prefix + "names"])))
    slope, offset = (float(number) for number in kept[prefix + "certainty"])
    temperature = float(kept[prefix + "temperature"])
    return Intents(names, wording, linear, temperature, (slope, offset))
