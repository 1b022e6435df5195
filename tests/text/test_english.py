from cs_bot.text.english import frequency


def test_common_words_are_common_and_slips_are_not() -> None:
    assert frequency("return") > 5000 > frequency("refund") > 500
    assert frequency("oder") < 500
    assert frequency("retrun") == frequency("pasword") == 0
