from cs_bot.text.dictionary import cut, frequency, holds


def test_words_are_cut_and_what_is_none_stands_alone() -> None:
    assert cut("怎么申请退货") == ["怎么", "申请", "退货"]
    assert cut("怎么退或") == ["怎么", "退", "或"]


def test_words_are_held_and_counted() -> None:
    assert holds("退货")
    assert not holds("退或")
    assert frequency("食物") > 1000 > frequency("定单")
