from __future__ import annotations

import numpy as np
import pytest

from cs_bot.models.encoders import MOST_CHARACTERS, QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.testing.encoder import WordEncoder


@pytest.fixture(scope="module")
def packaged() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder()


async def test_a_query_is_encoded_once_however_often_it_is_asked_for(lane: Lane) -> None:
    encoder = WordEncoder()
    vectors = QueryVectors(encoder, lane)
    first = await vectors.of("怎么退货")
    assert await vectors.of("怎么退货") is first
    assert encoder.encoded == ["怎么退货"]


async def test_the_query_asked_longest_ago_is_forgotten_first(lane: Lane) -> None:
    encoder = WordEncoder()
    vectors = QueryVectors(encoder, lane, remembered=2)
    for query in ("a", "b", "a", "c", "a", "b"):
        await vectors.of(query)
    assert encoder.encoded == ["a", "b", "c", "b"]


async def test_of_a_long_message_the_beginning_is_encoded(lane: Lane) -> None:
    encoder = WordEncoder()
    vectors = QueryVectors(encoder, lane)
    first = await vectors.of("退" * 4000)
    assert await vectors.of("退" * 3000) is first
    assert encoder.encoded == ["退" * MOST_CHARACTERS]


def test_the_packaged_encoder_gives_rows_of_length_one(packaged: UniversalSentenceEncoder) -> None:
    vectors = packaged.encode(["怎么退货", "How do I return this?", ""])
    assert vectors.shape == (3, packaged.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)
    assert packaged.encode([]).shape == (0, packaged.dimensions)


def test_the_packaged_encoder_brings_two_languages_together(
    packaged: UniversalSentenceEncoder,
) -> None:
    ask, same, other = packaged.encode(["怎么退货", "How do I return an item?", "今天天气真好"])
    assert ask @ same > ask @ other
