"""Hugging Face models of two layers, saved where a test says; needs the extra `local-models`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_WORDS = "怎 么 退 货 付 款 发 票 天 气 how do i pay return invoice weather query : . ?"
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_WORDS.split())


def save_tiny(folder: Path, kind: str = "BertModel", **config: Any) -> Path:
    """Save a model of this class with weights drawn by chance, always the same, and a tokenizer."""
    import torch
    import transformers

    torch.manual_seed(7)
    sizes: Mapping[str, Any] = {
        "vocab_size": len(VOCABULARY),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 24,
        "initializer_range": 0.5,  # wide, or all texts look alike
    }
    model = getattr(transformers, kind)
    model(model.config_class(**{**sizes, **config})).save_pretrained(folder)
    save_tokenizer(folder)
    return folder


def save_tokenizer(folder: Path, vocabulary: Sequence[str] = VOCABULARY) -> None:
    """Save a WordPiece tokenizer that knows these pieces."""
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    said = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(said))
