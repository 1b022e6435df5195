"""The packaged encoder is parsed once and read back; whatever lies on disk, it works."""

import logging
from pathlib import Path

import numpy as np
import pytest

from cs_bot.models.encoders import UniversalSentenceEncoder
from cs_bot.models.packaged import packaged_model

TEXTS = ["我的快递到哪了", "Can I return this?", "ｆｕｌｌ　ｗｉｄｔｈ", ""]

pytestmark = pytest.mark.slow


def encoded(kept_in: Path | None) -> np.ndarray:
    packaged_model.forget()
    return UniversalSentenceEncoder(kept_in).encode(TEXTS)


def test_a_kept_tokenizer_encodes_as_a_parsed_one(tmp_path: Path) -> None:
    parsed = encoded(None)
    first, again = encoded(tmp_path), encoded(tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.suffix == ".pickle"
    assert np.array_equal(first, parsed)
    assert np.array_equal(again, parsed)


def test_a_damaged_file_is_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    encoded(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    with caplog.at_level(logging.WARNING):
        again = encoded(tmp_path)
    assert "damaged" in caplog.text
    assert np.array_equal(again, encoded(None))
    assert len(kept.read_bytes()) == len(whole)


def test_a_folder_that_cannot_be_made_keeps_nobody_from_encoding(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    assert np.array_equal(encoded(tmp_path / "models"), encoded(None))


def test_bots_in_one_process_share_the_model(tmp_path: Path) -> None:
    packaged_model.forget()
    first = packaged_model(tmp_path / "one")
    assert packaged_model(tmp_path / "two") is first
    assert [folder.name for folder in tmp_path.iterdir()] == ["one"]
