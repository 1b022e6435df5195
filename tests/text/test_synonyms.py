from __future__ import annotations

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.text.synonyms import Synonyms, read_synonyms

POSTAGE = Synonyms([["运费", "邮费", "快递费"], ["coupon", "voucher", "promo code"]])


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        ("邮费多少", "运费多少"),
        ("快递费谁出", "运费谁出"),
        ("my voucher fails", "my coupon fails"),
        ("promo code or voucher", "coupon or coupon"),
        ("vouchers", "vouchers"),
        ("快递到哪了", "快递到哪了"),
    ],
)
def test_words_of_a_group_are_read_as_its_first(asked: str, compared: str) -> None:
    assert POSTAGE.folded(asked) == compared
    assert POSTAGE.folded(compared) == compared


def test_a_word_inside_its_own_head_is_left_alone() -> None:
    assert Synonyms([["发票", "票"]]).folded("发票和票") == "发票和发票"


def test_without_groups_nothing_changes() -> None:
    assert Synonyms().folded("邮费多少") == "邮费多少"


def test_a_file_may_hold_comments_and_chinese_commas(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("# 说明\n\n運費，邮费 # 一样\n", encoding="utf-8")
    assert read_synonyms(path).folded("邮费") == "运费"


def test_no_file_is_no_groups(tmp_path: Path) -> None:
    assert read_synonyms(tmp_path / "none.txt").folded("邮费") == "邮费"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("运费, 邮费\n邮费, 快递费\n", "synonyms.txt:2: '邮费' stands on line 1 already"),
        ("运费\n", "synonyms.txt:1: a group has two words or more"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_synonyms(path)
    assert said in str(refused.value)


def test_a_wrong_encoding_is_refused_with_its_byte(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_bytes("运费, 邮费".encode("gb18030"))
    with pytest.raises(BadInput, match="save it as UTF-8"):
        read_synonyms(path)
