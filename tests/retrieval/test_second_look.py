from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cs_bot.models.rerankers import Array
from cs_bot.retrieval.second_look import looked_at_twice
from cs_bot.types import Candidate


class Prefers:
    """Thinks highly of one wording."""

    name = "prefers"

    def __init__(self, wording: str) -> None:
        self._wording = wording

    def scores(self, query: str, wordings: Sequence[str]) -> Array:
        return np.array([4.0 * (text == self._wording) for text in wordings], dtype=np.float32)


def candidates(*scores: float) -> list[Candidate]:
    return [Candidate(f"p{n}", f"question {n}", score, "dense") for n, score in enumerate(scores)]


def test_what_the_reranker_prefers_moves_up() -> None:
    found = looked_at_twice(Prefers("question 1"), "?", candidates(0.5, 0.3, 0.05))
    assert [candidate.id for candidate in found] == ["p1", "p0", "p2"]
    assert sum(candidate.score for candidate in found) == pytest.approx(0.85)
    assert found[0].features["reranker"] == 4.0


def test_a_reranker_without_opinion_changes_no_score() -> None:
    found = looked_at_twice(Prefers("none of them"), "?", candidates(0.5, 0.3, 0.05))
    assert [candidate.score for candidate in found] == pytest.approx([0.5, 0.3, 0.05])


@pytest.mark.parametrize("scores", [(), (0.6,), (0.9999, 0.0001)])
def test_one_alone_or_a_certain_one_is_left_as_it_is(scores: tuple[float, ...]) -> None:
    before = tuple(candidates(*scores))
    assert looked_at_twice(Prefers("question 1"), "?", before) == before
