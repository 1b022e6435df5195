"""Many words at once: every disguise is seen through, ordinary words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.text.fold import BREAK, INVISIBLE, SPACE, SYMBOL, fold, units
from cs_bot.text.matcher import Hit, Matcher

GAPS = {INVISIBLE, SPACE, SYMBOL, BREAK}
MATCHER = Matcher(
    ["坏词", "攻击", "badword", "very bad", "attack", "妈的"], allowed=["heart attack", "妈妈的"]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.word, text[hit.start : hit.end]) for hit in MATCHER.hits(text)]


@pytest.mark.parametrize(
    "disguise",
    [
        "坏词",
        "壞詞",
        "坏 词",
        "坏*词",
        "坏.-_词",
        "坏\u200b词",
        "坏坏坏词词",
        "坏\ufe0f词",
    ],
)
def test_a_disguised_chinese_word_is_found_with_its_whole_disguise(disguise: str) -> None:
    assert found(f"这是{disguise}啊") == [("坏词", disguise)]


@pytest.mark.parametrize(
    "disguise",
    [
        "badword",
        "BadWord",
        "ｂａｄｗｏｒｄ",
        "b-a-d-w-o-r-d",
        "b a d w o r d",
        "baaadword",
        "bád\u200bword",
        "bad_word",
        "b.a.d.w.o.r.d",
    ],
)
def test_a_disguised_latin_word_is_found_with_its_whole_disguise(disguise: str) -> None:
    assert found(f"you {disguise}!") == [("badword", disguise)]


@pytest.mark.parametrize("text", ["badwords", "abadword", "2badword", "not bad word", "ba dword"])
def test_a_latin_word_matches_at_word_boundaries_only(text: str) -> None:
    assert found(text) == []


def test_a_phrase_matches_across_its_own_spaces_however_many() -> None:
    assert found("very   bad") == [("very bad", "very   bad")]
    assert found("verybad") == [("very bad", "verybad")]


def test_characters_of_two_clauses_are_no_word() -> None:
    assert found("这个很坏，词不达意") == []


def test_a_letter_written_less_often_than_in_the_word_is_another_word() -> None:
    assert found("atack") == []


def test_a_hit_inside_an_allowed_phrase_does_not_count() -> None:
    assert found("heart attack") == []
    assert found("heart attack, then an attack") == [("attack", "attack")]
    assert found("妈妈的手机") == []


def test_a_word_next_to_chinese_is_at_a_boundary() -> None:
    assert found("你这个badword啊") == [("badword", "badword")]


def test_all_occurrences_come_by_place() -> None:
    assert MATCHER.hits("攻击坏词攻击") == (
        Hit(0, 2, "攻击"),
        Hit(2, 4, "坏词"),
        Hit(4, 6, "攻击"),
    )


def test_characters_that_expand_keep_their_place() -> None:
    assert Matcher(["kg机"]).hits("买㎏机") == (Hit(1, 3, "kg机"),)


def test_an_empty_list_finds_nothing() -> None:
    assert Matcher([]).hits("坏词") == ()


@given(st.text(max_size=40))
def test_folding_is_what_is_left_of_the_units(text: str) -> None:
    bare = [unit for unit in units(text).text if unit not in GAPS]
    once = [char for index, char in enumerate(bare) if index == 0 or char != bare[index - 1]]
    assert fold(text) == "".join(once)


@given(st.text(max_size=40))
def test_every_unit_knows_the_character_it_comes_from(text: str) -> None:
    written = units(text)
    assert len(written.origins) == len(written.text)
    assert list(written.origins) == sorted(written.origins)
    assert all(0 <= origin < len(text) for origin in written.origins)


@given(
    st.text(alphabet="买卖东西，。 abc", max_size=8),
    st.lists(st.sampled_from(["", "\u200b", " ", "*", "·", "\ufeff"]), min_size=2, max_size=2),
    st.text(alphabet="买卖东西，。 123", max_size=8),
)
def test_offsets_point_at_the_word_as_written(before: str, gaps: list[str], after: str) -> None:
    word = f"超{gaps[0]}坏{gaps[1]}词"
    text = f"{before}{word}{after}"
    assert Matcher(["超坏词"]).hits(text) == (Hit(len(before), len(before) + len(word), "超坏词"),)


@given(st.text(max_size=60), st.sampled_from(["坏词", "attack", "妈的"]))
def test_every_hit_lies_in_the_text_and_folds_to_its_word(noise: str, word: str) -> None:
    text = noise + word + noise
    for hit in MATCHER.hits(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert fold(text[hit.start : hit.end]) == fold(hit.word)
