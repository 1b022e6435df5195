"""An encoder from a folder: tiny real models, made here, pooled as the folder says."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cs_bot.errors import BadInput
from cs_bot.models.local_encoder import LocalEncoder
from cs_bot.testing.tiny_models import VOCABULARY, save_tiny, save_tokenizer

TEXTS = ["怎么退货", "how do i pay?", "", "发票", "天 气 " * 9, "return"]

real = pytest.mark.skipif(find_spec("transformers") is None, reason="needs the extra local-models")
pytestmark = [pytest.mark.slow, real]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("tiny") / "m1")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A model that a test may spoil."""
    return save_tiny(tmp_path / "m1")


def states_of(folder: Path, text: str) -> np.ndarray:
    """Return the last hidden states of one text, straight from the library."""
    import torch
    import transformers

    model = transformers.AutoModel.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
    return np.asarray(states)


def unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


def refused(folder: Path, **options: Any) -> str:
    with pytest.raises(BadInput) as caught:
        LocalEncoder(folder, **options)
    return str(caught.value)


def test_rows_are_means_over_tokens_and_of_length_one(tiny: Path) -> None:
    encoder = LocalEncoder(tiny)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (6, encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(vector, unit(states_of(tiny, text).mean(axis=0)), atol=1e-5)


def test_no_text_is_no_row(tiny: Path) -> None:
    assert LocalEncoder(tiny).encode([]).shape == (0, 32)


def test_company_in_a_batch_changes_no_row(tiny: Path) -> None:
    encoder = LocalEncoder(tiny)
    many = [text * times for times in (1, 2, 3) for text in TEXTS] * 3
    alone = np.concatenate([encoder.encode([text]) for text in many])
    np.testing.assert_allclose(encoder.encode(many), alone, atol=1e-5)


@pytest.mark.parametrize(
    "said",
    [{"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, {"pooling_mode": "cls"}],
)
def test_the_folder_may_ask_for_the_first_token(own: Path, said: dict[str, Any]) -> None:
    write_json(own / "1_Pooling" / "config.json", {"word_embedding_dimension": 32, **said})
    (vector,) = LocalEncoder(own).encode(["怎么退货"])
    np.testing.assert_allclose(vector, unit(states_of(own, "怎么退货")[0]), atol=1e-5)


def test_the_settings_overrule_the_folder(own: Path) -> None:
    write_json(own / "1_Pooling" / "config.json", {"pooling_mode_max_tokens": True})
    assert "the pooling 'max' is not supported; take" in refused(own)
    (vector,) = LocalEncoder(own, pooling="mean").encode(["怎么退货"])
    np.testing.assert_allclose(vector, unit(states_of(own, "怎么退货").mean(axis=0)), atol=1e-5)


def test_two_poolings_at_once_are_refused(own: Path) -> None:
    both = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}
    write_json(own / "1_Pooling" / "config.json", both)
    assert "the pooling 'cls+mean' is not supported" in refused(own)


def test_a_prefix_is_put_before_every_text(tiny: Path) -> None:
    prefixed = LocalEncoder(tiny, prefix="query: ").encode(["怎么退货", "pay"])
    written = LocalEncoder(tiny).encode(["query: 怎么退货", "query: pay"])
    np.testing.assert_allclose(prefixed, written, atol=1e-6)


def test_of_a_long_text_the_beginning_is_read(tiny: Path) -> None:
    long, longer = LocalEncoder(tiny).encode(["退" * 22, "退" * 20_000])
    np.testing.assert_allclose(long, longer, atol=1e-6)


def test_the_folder_may_shorten_what_is_read(own: Path) -> None:
    write_json(own / "sentence_bert_config.json", {"max_seq_length": 4})
    short, shorter = LocalEncoder(own).encode(["怎么退货", "怎么"])
    np.testing.assert_allclose(short, shorter, atol=1e-6)


def test_a_model_saved_in_half_precision_computes_in_full(own: Path) -> None:
    import transformers

    transformers.AutoModel.from_pretrained(own).half().save_pretrained(own)
    encoder = LocalEncoder(own)
    assert str(encoder._loaded.model.dtype) == "torch.float32"
    assert encoder.encode(TEXTS).dtype == np.float32


def test_its_name_changes_with_all_that_changes_its_rows(own: Path) -> None:
    first = LocalEncoder(own).name
    assert LocalEncoder(own).name == first
    names = {first, LocalEncoder(own, pooling="cls").name, LocalEncoder(own, prefix="q: ").name}
    save_tiny(own, initializer_range=0.4)
    names.add(LocalEncoder(own).name)
    write_json(own / "sentence_bert_config.json", {"max_seq_length": 4})
    names.add(LocalEncoder(own).name)
    assert len(names) == 5


def test_a_head_or_a_pooler_that_is_not_used_may_be_there_or_not(tmp_path: Path) -> None:
    assert LocalEncoder(save_tiny(tmp_path / "lm", "BertForMaskedLM")).dimensions == 32


@pytest.mark.parametrize("kind", ["ElectraModel", "AlbertModel", "XLMRobertaModel"])
def test_models_of_other_families_are_read(tmp_path: Path, kind: str) -> None:
    folder = save_tiny(tmp_path / "m1", kind, max_position_embeddings=514, pad_token_id=0)
    vectors = LocalEncoder(folder).encode([*TEXTS, "退 " * 600])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_a_model_that_cannot_read_what_its_files_say_is_refused(tmp_path: Path) -> None:
    short = save_tiny(tmp_path / "m1", "XLMRobertaModel", max_position_embeddings=24)
    assert "cannot be loaded: IndexError" in refused(short)


def test_a_model_that_writes_too_is_refused(tmp_path: Path) -> None:
    sizes = {"d_model": 32, "encoder_attention_heads": 2, "decoder_attention_heads": 2}
    folder = save_tiny(tmp_path / "m1", "BartModel", encoder_layers=2, decoder_layers=2, **sizes)
    assert "holds no text encoder" in refused(folder)


def test_the_older_layout_of_sentence_transformers_is_read(tmp_path: Path) -> None:
    save_tiny(tmp_path / "0_Transformer")
    kinds = {"Transformer": "0_Transformer", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    modules = [
        {"type": f"sentence_transformers.models.{kind}", "path": home}
        for kind, home in kinds.items()
    ]
    write_json(tmp_path / "modules.json", modules)
    write_json(tmp_path / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True})
    (vector,) = LocalEncoder(tmp_path).encode(["怎么退货"])
    first = states_of(tmp_path / "0_Transformer", "怎么退货")[0]
    np.testing.assert_allclose(vector, unit(first), atol=1e-5)


def test_a_module_that_would_change_the_rows_is_refused(own: Path) -> None:
    write_json(own / "modules.json", [{"type": "sentence_transformers.models.Dense", "path": ""}])
    assert "needs a module 'Dense', which is not supported" in refused(own)


@pytest.mark.parametrize("content", ['{"a": 1}', '[{"type": 3}]', "[", "[3]", "3", "null"])
def test_a_list_of_modules_that_makes_no_sense_is_refused(own: Path, content: str) -> None:
    (own / "modules.json").write_text(content)
    assert "modules.json: " in refused(own)


@pytest.mark.parametrize("content", ["[]", "null", '{"pooling_mode": ["cls", 3]}', "\\"])
def test_a_pooling_that_makes_no_sense_is_refused(own: Path, content: str) -> None:
    write_json(own / "1_Pooling" / "config.json", {})
    (own / "1_Pooling" / "config.json").write_text(content)
    assert "1_Pooling/config.json: " in refused(own)


def test_a_folder_without_a_model_is_refused_with_a_remedy(tmp_path: Path) -> None:
    said = refused(tmp_path / "nowhere")
    assert said == (
        f"[models.local] path: {tmp_path / 'nowhere'} holds no model; "
        "name the folder that holds config.json, the weights and the tokenizer"
    )


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer_config.json"])
def test_a_damaged_file_is_refused_in_one_sentence(own: Path, name: str) -> None:
    (own / name).write_bytes((own / name).read_bytes()[:40])
    said = refused(own)
    assert "cannot be loaded: " in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.txt"])
def test_a_missing_file_is_refused(own: Path, name: str) -> None:
    (own / name).unlink()
    assert "cannot be loaded: " in refused(own)


def test_a_tokenizer_that_knows_more_than_the_model_is_refused(own: Path) -> None:
    save_tokenizer(own, [*VOCABULARY, "快", "递"])
    assert "its tokenizer has 28 pieces, the model 26" in refused(own)


def test_weights_drawn_by_chance_are_no_encoder(own: Path) -> None:
    said = json.loads((own / "config.json").read_text())
    write_json(own / "config.json", {**said, "num_hidden_layers": 3})
    assert "holds no text encoder" in refused(own)


def test_code_that_comes_with_a_model_is_not_run(own: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (own / "evil.py").write_text(f"open({str(mark)!r}, 'w')\nclass Evil: pass\n")
    said = json.loads((own / "config.json").read_text())
    classes = {"AutoConfig": "evil.Evil", "AutoModel": "evil.Evil"}
    write_json(own / "config.json", {**said, "model_type": "evil", "auto_map": classes})
    assert "cannot be loaded: " in refused(own)
    assert not mark.exists()


def test_without_the_extra_it_is_said_how_to_install_it(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    assert refused(own).endswith("; pip install 'cs-bot[local-models]'")
