"""Any Hugging Face encoder from a folder, pooled to one row per text; needs `local-models`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs_bot.errors import BadInput
from cs_bot.models.encoders import Vectors
from cs_bot.models.local_files import fingerprint, load, read_json

_BATCH = 32
_PLAIN = ("Transformer", "Pooling", "Normalize")
"""The modules of sentence-transformers that this file does; others would change the vectors."""
_FLAGS = {
    "mean_tokens": "mean",
    "cls_token": "cls",
    "max_tokens": "max",
    "mean_sqrt_len_tokens": "mean_sqrt_len",
    "weightedmean_tokens": "weightedmean",
    "lasttoken": "lasttoken",
}


class LocalEncoder:
    """Reads a folder as `save_pretrained` or sentence-transformers writes it.

    `prefix` is put before every text, as models with prompts want it. `pooling` is `mean` or `cls`;
    empty takes what the folder says, `mean` where it says nothing.
    """

    def __init__(self, path: Path, *, prefix: str = "", pooling: str = "") -> None:
        where = "[models.local] path"
        modules = _modules(path, where)
        home = path / modules.get("Transformer", "")
        self._prefix = prefix
        self._pooling = pooling or _pooling(path / modules.get("Pooling", "1_Pooling"))
        self._loaded = load("AutoModel", home, where=where)
        self._refuse_what_is_no_encoder(home, where)
        self.name = f"transformers:{path.name}:{fingerprint(home)}:{self._pooling}:{prefix}"
        self.dimensions = self._encoded(["."]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, dimensions), rows of length 1."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._encoded([self._prefix + texts[row] for row in rows])
        return vectors

    def _encoded(self, texts: list[str]) -> Vectors:
        torch = self._loaded.torch
        with torch.inference_mode():
            batch = self._loaded.batch(texts)
            states = self._loaded.model(**batch).last_hidden_state
            pooled = _pooled(states, batch["attention_mask"], self._pooling)
            vectors: Vectors = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return vectors

    def _refuse_what_is_no_encoder(self, path: Path, where: str) -> None:
        drawn = {name for name in self._loaded.missing if "pooler" not in name}
        if self._loaded.model.config.is_encoder_decoder or drawn:
            raise BadInput(
                f"{path} holds no text encoder",
                where=where,
                remedy="name a model such as BERT, with all its weights",
            )


def _pooled(states: Any, mask: Any, pooling: str) -> Any:
    if pooling == "cls":
        return states[:, 0]
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def _modules(path: Path, where: str) -> dict[str, str]:
    """Return the folder of each module that sentence-transformers lists, by its kind."""
    listed = read_json(path / "modules.json", [])
    try:
        found = {module["type"].rpartition(".")[2]: str(module["path"]) for module in listed}
    except (TypeError, KeyError, AttributeError):
        raise BadInput("lists no modules", where=str(path / "modules.json")) from None
    for kind in found.keys() - set(_PLAIN):
        raise BadInput(
            f"{path} needs a module {kind!r}, which is not supported",
            where=where,
            remedy="take a model of a transformer and a mean or CLS pooling alone",
        )
    return found


def _pooling(folder: Path) -> str:
    """Return how sentence-transformers pools, `mean` where the folder says nothing."""
    said = read_json(folder / "config.json", {})
    flags = [name.removeprefix("pooling_mode_") for name, value in said.items() if value is True]
    modes = [flag for flag in flags if flag in _FLAGS] or [said.get("pooling_mode", "mean")]
    mode = "+".join(_FLAGS.get(str(mode), str(mode)) for mode in modes)
    if mode not in ("mean", "cls"):
        raise BadInput(
            f"the pooling {mode!r} is not supported",
            where=str(folder / "config.json"),
            remedy="take a model with mean or CLS pooling",
        )
    return mode
