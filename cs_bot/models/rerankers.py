"""Second looks: a reranker reads a query and a wording together and says how well they agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cs_bot.errors import BadInput
from cs_bot.models.encoders import MOST_CHARACTERS
from cs_bot.models.local_files import fingerprint, load

Array = NDArray[np.float32]

_BATCH = 32


class Reranker(Protocol):
    """A synchronous model for a lane; too slow for a whole base, exact on a few wordings."""

    name: str

    def scores(self, query: str, wordings: Sequence[str]) -> Array:
        """Return one raw logit per wording, shape (wordings,); higher is better."""
        ...


class CrossEncoder:
    """A Hugging Face model with one logit for a pair of texts, from a folder."""

    def __init__(self, path: Path) -> None:
        where = "[models.cross_encoder] path"
        self._loaded = load("AutoModelForSequenceClassification", path, where=where)
        # A plain encoder loads too, with a head drawn by chance.
        if self._loaded.model.config.num_labels != 1 or self._loaded.missing:
            raise BadInput(
                f"{path} holds no cross-encoder",
                where=where,
                remedy="name a model for sequence classification with one label",
            )
        self.name = f"transformers:{path.name}:{fingerprint(path)}"

    def scores(self, query: str, wordings: Sequence[str]) -> Array:
        """Return one raw logit per wording, shape (wordings,); higher is better."""
        logits = np.zeros(len(wordings), dtype=np.float32)
        order = sorted(range(len(wordings)), key=lambda row: len(wordings[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            logits[rows] = self._logits(query[:MOST_CHARACTERS], [wordings[row] for row in rows])
        return logits

    def _logits(self, query: str, wordings: list[str]) -> Array:
        with self._loaded.torch.inference_mode():
            batch = self._loaded.batch([query] * len(wordings), wordings)
            logits: Array = self._loaded.model(**batch).logits[:, 0].numpy()
        return logits


def blended(scores: Array, logits: Array, weight: float) -> Array:
    """Return the scores of a few candidates, moved by what a reranker thinks of each.

    Only how the logits differ counts: their level is the model's own, and the level of the scores
    says whether anything fits at all. Weight 0 changes nothing.
    """
    if scores.shape != logits.shape:
        raise ValueError(f"{logits.shape} logits for {scores.shape} scores")
    if not len(scores):
        return scores
    moved: Array = scores + np.float32(weight) * (logits - logits.mean())
    return moved
