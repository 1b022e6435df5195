"""A second look at a few wordings: a tiny real cross-encoder, made here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from cs_bot.errors import BadInput
from cs_bot.models.rerankers import CrossEncoder
from cs_bot.testing.tiny_models import save_tiny

CLASSIFIER = "BertForSequenceClassification"
WORDINGS = ["怎么退货", "how do i pay", "", "发票" * 50, "weather"]

real = pytest.mark.skipif(find_spec("transformers") is None, reason="needs the extra local-models")
pytestmark = [pytest.mark.slow, real]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("tiny") / "x1", CLASSIFIER, num_labels=1)


def test_it_reads_query_and_wording_together(tiny: Path) -> None:
    import torch
    import transformers

    model = transformers.AutoModelForSequenceClassification.from_pretrained(tiny)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny)
    scores = CrossEncoder(tiny).scores("退货", WORDINGS)
    assert scores.shape == (5,)
    assert scores.dtype == np.float32
    for wording, score in zip(WORDINGS, scores, strict=True):
        pair = tokenizer(["退货"], [wording], truncation=True, max_length=24, return_tensors="pt")
        with torch.inference_mode():
            assert model(**pair).logits.item() == pytest.approx(score, abs=1e-4)


def test_company_in_a_batch_changes_no_score(tiny: Path) -> None:
    reranker = CrossEncoder(tiny)
    many = WORDINGS * 15
    alone = np.concatenate([reranker.scores("退货", [wording]) for wording in many])
    np.testing.assert_allclose(reranker.scores("退货", many), alone, atol=1e-4)


def test_no_wording_is_no_score(tiny: Path) -> None:
    assert CrossEncoder(tiny).scores("退货", []).shape == (0,)


def test_a_long_query_and_an_empty_one_are_read(tiny: Path) -> None:
    reranker = CrossEncoder(tiny)
    for query in ("退" * 20_000, ""):
        assert np.isfinite(reranker.scores(query, WORDINGS)).all()


def test_its_name_tells_which_model_it_is(tiny: Path, tmp_path: Path) -> None:
    other = save_tiny(tmp_path / "x1", CLASSIFIER, num_labels=1, initializer_range=0.4)
    name = CrossEncoder(tiny).name
    assert name.startswith("transformers:x1:")
    assert CrossEncoder(other).name != name


def test_a_model_with_two_labels_is_refused(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "two", CLASSIFIER, num_labels=2)
    with pytest.raises(BadInput, match="two holds no cross-encoder; name a model for"):
        CrossEncoder(folder)


def test_a_plain_encoder_is_refused_whatever_it_says(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "plain", num_labels=1)
    with pytest.raises(BadInput, match="plain holds no cross-encoder"):
        CrossEncoder(folder)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\[models.cross_encoder\] path: .* holds no model"):
        CrossEncoder(tmp_path)
