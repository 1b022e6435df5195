"""Loads Hugging Face models from folders; knows torch and transformers, which are an extra.

Nothing is downloaded and no code that comes with a model is run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, TypeVar

from cs_bot.errors import BadInput

J = TypeVar("J", dict[str, Any], list[Any])

LONGEST = 512
"""Tokens of a text that are read: time grows with the square."""

_READ = ("*.json", "*.txt", "*.model", "*.safetensors", "*.bin")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model with its tokenizer, ready to be asked in one thread."""

    torch: Any
    model: Any
    tokenizer: Any
    longest: int
    missing: frozenset[str]
    """Weights that the folder lacks and that were drawn by chance."""

    def batch(self, *texts: list[str]) -> Any:
        """Return the texts (or pairs of texts) as the tensors that the model takes."""
        return self.tokenizer(
            *texts, padding=True, truncation=True, max_length=self.longest, return_tensors="pt"
        )


def load(kind: str, path: Path, *, where: str) -> Loaded:
    """Load a model by the name of its auto class; raises `BadInput` with the remedy."""
    torch, transformers = _libraries(where)
    if not (path / "config.json").is_file():
        raise BadInput(
            f"{path} holds no model",
            where=where,
            remedy="name the folder that holds config.json, the weights and the tokenizer",
        )
    try:
        return _loaded(torch, transformers, kind, path)
    except Exception as error:  # a damaged model raises whatever it breaks
        raise BadInput(
            f"{path} cannot be loaded: {_first_line(error)}",
            where=where,
            remedy="save model and tokenizer there with save_pretrained",
        ) from error


def fingerprint(path: Path) -> str:
    """Return a digest of all that decides a model's answers, about a second a gigabyte.

    Vectors are kept by it: another model in the same folder must not meet those of the old one.
    """
    digest = blake2b(digest_size=6)
    for file in sorted({file for pattern in _READ for file in path.glob(pattern)}):
        with file.open("rb") as opened:
            digest.update(file.name.encode() + file_digest(opened, "blake2b").digest())
    return digest.hexdigest()


def read_json(path: Path, absent: J) -> J:
    """Return what the file holds, a value like `absent`, itself without a file.

    Raises `BadInput`.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return absent
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be read: {error}", where=str(path)) from None
    if not isinstance(read, type(absent)):
        raise BadInput("is not what such a file holds", where=str(path))
    return read


def _libraries(where: str) -> tuple[Any, Any]:
    # Folders only, whatever a library thinks it lacks; read once, when it is imported.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import torch
        import transformers
    except ImportError as error:
        raise BadInput(
            f"models in folders need torch and transformers ({error})",
            where=where,
            remedy="pip install 'cs-bot[local-models]'",
        ) from None
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()  # what is missing, we say ourselves
    return torch, transformers


def _loaded(torch: Any, transformers: Any, kind: str, path: Path) -> Loaded:
    model, report = getattr(transformers, kind).from_pretrained(
        path, local_files_only=True, trust_remote_code=False, output_loading_info=True
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(
        path, local_files_only=True, trust_remote_code=False
    )
    _refuse_unlike(tokenizer, model)
    # Half precision, in which many are saved, is slow on a CPU.
    model = model.float().eval()
    longest = _longest(model.config, tokenizer, read_json(path / "sentence_bert_config.json", {}))
    loaded = Loaded(torch, model, tokenizer, longest, frozenset(report["missing_keys"]))
    # The first text takes longer and the longest one may not fit: no customer should meet either.
    with torch.inference_mode():
        model(**loaded.batch([". " * LONGEST]))
    return loaded


def _refuse_unlike(tokenizer: Any, model: Any) -> None:
    """Raise `ValueError` where the tokenizer is not the model's; without files it is made empty."""
    pieces, rows = len(tokenizer), model.get_input_embeddings().num_embeddings
    if pieces <= len(tokenizer.all_special_ids):
        raise ValueError("its tokenizer has no vocabulary")
    if pieces > rows:
        raise ValueError(f"its tokenizer has {pieces} pieces, the model {rows}")


def _longest(config: Any, tokenizer: Any, sentence: Mapping[str, Any]) -> int:
    known = (
        getattr(config, "max_position_embeddings", None),
        tokenizer.model_max_length,
        sentence.get("max_seq_length"),
    )
    return min(LONGEST, *(int(one) for one in known if one and one > 0))


def _first_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
