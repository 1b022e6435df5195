"""The minimal pairs that are made of a knowledge base."""

from __future__ import annotations

from cs_bot.retrieval.minimal_pairs.variants import Variant, variants
from cs_bot.types import QAPair


def changed(question: str, *similar: str) -> dict[str, tuple[str, str]]:
    """Return what is made of a pair: the question, with kind and half."""
    made = variants([QAPair("a", question, similar, "")])
    return {variant.changed: (variant.kind, variant.half) for variant in made}


def test_each_wording_is_changed_in_one_thing() -> None:
    (made,) = variants([QAPair("a", "商家电话", (), "")])
    assert made == Variant("a", "商家电话", "平台电话", "name", "development")


def test_numbers_units_years_days_and_models_change() -> None:
    assert changed("满3天")["满6天"] == ("number", "development")
    assert {kind for kind, _ in changed("满3天").values()} == {"number"}
    assert len(changed("满3天")) == 2
    assert changed("2023 sums") == {"2024 sums": ("date", "test")}
    assert changed("周一到")["周三到"] == ("date", "test")
    assert changed("Galaxy 21 case") == {"Galaxy 22 case": ("name", "test")}


def test_a_question_is_denied_and_a_denial_affirmed() -> None:
    assert "不可以开窗吗" in changed("可以开窗吗")
    assert "收到包吗" in changed("收不到包吗")
    assert "Can I not fly?" in changed("Can I fly?")
    assert "I can fly" in changed("I can't fly")


def test_a_negation_that_only_asks_is_left_alone() -> None:
    assert changed("支不支持开窗") == {}
    assert changed("Aren't you a lamp?") == {}
    assert changed("It flies, doesn't it?") == {}
    assert changed("可可以母婴传播吗") == {}  # a slip; denied it would ask as before


def test_what_the_knowledge_base_asks_itself_is_no_minimal_pair() -> None:
    pairs = [QAPair("a", "商家电话", (), ""), QAPair("b", "平台电话？", (), "")]
    assert [made.changed for made in variants(pairs)] == []


def test_an_example_among_many_wordings_is_left_alone() -> None:
    wordings = [f"wire £{sum_} home" for sum_ in range(11, 21)]
    assert changed(*wordings) == {}
    assert changed("满3天")
