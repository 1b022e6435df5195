"""A release made from the one before it, or from what is on disk, is the same as one made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.models import indexes
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import Candidate, QAPair

ENCODER = WordEncoder()
NO_SYNONYMS = Synonyms()
WORDS = ("退货", "退款", "发票", "运费", "return", "refund", "invoice")
ASKED = ("怎么退货", "refund", "发票 运费", "return my invoice")
MANY = [
    QAPair(f"p{n}", f"怎么办{WORDS[n % 7]}{n}", (f"{WORDS[n % 5]} {n}",), "") for n in range(60)
]


def found(snapshot: Snapshot, asked: str) -> tuple[Candidate, ...]:
    text = snapshot.compared(normalized(asked))
    return snapshot.search(text, ENCODER.encode([text])[0], 10)


def alike(one: Snapshot, other: Snapshot, asked: Sequence[str] = ASKED) -> bool:
    return one.texts == other.texts and all(scores(one, a) == scores(other, a) for a in asked)


def scores(snapshot: Snapshot, asked: str) -> list[tuple[str, float]]:
    """Rounded, as vectors of half precision differ a little; equal ones come by id."""
    best = [(c.id, round(c.score, 2)) for c in found(snapshot, asked)[:3]]
    return sorted(best, key=lambda item: (-item[1], item[0]))


def bases(most: int) -> st.SearchStrategy[list[QAPair]]:
    texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    pairs = st.builds(
        QAPair,
        st.sampled_from("abcdefgh"),
        texts,
        st.lists(texts, max_size=12).map(tuple),
        st.sampled_from(["yes", "no"]),
    )
    return st.lists(pairs, max_size=most, unique_by=lambda pair: pair.id)


@given(bases(6), bases(6))
def test_a_release_made_from_the_one_before_is_as_if_made_anew(
    old: list[QAPair], new: list[QAPair]
) -> None:
    before = Snapshot.build("r1", old, ENCODER)
    made = Snapshot.build("r2", new, ENCODER, before=before)
    anew = Snapshot.build("r2", new, ENCODER)
    assert made.pairs == anew.pairs
    np.testing.assert_allclose(made.vectors, anew.vectors, atol=1e-6)
    for text in ASKED:
        expected = {c.id: c.score for c in found(anew, text)}
        assert {c.id: c.score for c in found(made, text)} == pytest.approx(expected, abs=1e-4)


def test_only_new_wordings_are_encoded() -> None:
    before = Snapshot.build("r1", MANY, ENCODER)
    encoder = WordEncoder()
    edited = [replace(MANY[0], question="怎么换货"), *MANY[1:30], *MANY[31:]]
    after = Snapshot.build("r2", edited, encoder, before=before)
    assert encoder.encoded == ["怎么换货"]
    assert found(after, "怎么换货")[0].id == "p0"
    assert "p30" not in {c.id for c in found(after, MANY[30].question)}


def test_another_answer_alone_encodes_nothing() -> None:
    before = Snapshot.build("r1", MANY, ENCODER)
    encoder = WordEncoder()
    after = Snapshot.build("r2", [replace(p, answer="new") for p in MANY], encoder, before=before)
    assert encoder.encoded == []
    assert after.pairs["p3"].answer == "new"


def test_other_synonyms_or_another_encoder_take_nothing_over() -> None:
    class Other(WordEncoder):
        name = "other"

    before = Snapshot.build("r1", MANY, ENCODER)
    words = Synonyms([["退货", "退款"]])
    folded = Snapshot.build("r2", MANY, ENCODER, synonyms=words, before=before)
    assert alike(folded, Snapshot.build("r2", MANY, ENCODER, synonyms=words))
    other = Other()
    Snapshot.build("r2", MANY, other, before=before)
    assert len(other.encoded) == 120


@pytest.fixture
def clustered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "MOST_EXACT", 20)


def built(folder: Path, encoder: WordEncoder, pairs: Sequence[QAPair] = MANY) -> Snapshot:
    files = VectorFiles(folder)
    return Snapshot.build("r1", pairs, encoder, synonyms=NO_SYNONYMS, files=files)


@pytest.mark.usefixtures("clustered")
def test_a_start_takes_a_large_index_from_disk(tmp_path: Path) -> None:
    fresh, restarted = built(tmp_path, WordEncoder()), WordEncoder()
    (tmp_path / "r1" / "vectors.npy").unlink()
    kept = built(tmp_path, restarted)
    assert restarted.encoded == []
    assert alike(kept, fresh)


@pytest.mark.usefixtures("clustered")
def test_a_start_with_another_release_encodes_what_is_new(tmp_path: Path) -> None:
    built(tmp_path, WordEncoder())
    restarted, edited = WordEncoder(), [*MANY[:-1], QAPair("new", "怎么换货", (), "")]
    made = built(tmp_path, restarted, edited)
    assert restarted.encoded == ["怎么换货"]
    assert alike(made, Snapshot.build("r2", edited, ENCODER), (*ASKED, "怎么换货"))


@pytest.mark.usefixtures("clustered")
@pytest.mark.parametrize("kind", ["npz", "json", "npy", "faiss"])
@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_index_file_is_made_again(
    kind: str, damage: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fresh = built(tmp_path, WordEncoder())
    (path,) = tmp_path.glob(f"kept-*.{kind}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage is None else damage)
    assert alike(built(tmp_path, WordEncoder()), fresh)
    assert "damaged" in caplog.text
    assert path.name in caplog.text
    caplog.clear()
    assert alike(built(tmp_path, WordEncoder()), fresh)
    assert caplog.text == ""


@pytest.mark.usefixtures("clustered")
def test_a_damaged_list_of_files_and_a_missing_file_are_made_again(tmp_path: Path) -> None:
    fresh = built(tmp_path, WordEncoder())
    (tmp_path / "kept.json").write_text('{"key": 1}')
    assert alike(built(tmp_path, WordEncoder()), fresh)
    for path in tmp_path.glob("kept-*.faiss"):
        path.unlink()
    assert alike(built(tmp_path, WordEncoder()), fresh)


@pytest.mark.usefixtures("clustered")
def test_synonyms_that_changed_make_the_index_again(tmp_path: Path) -> None:
    built(tmp_path, WordEncoder())
    words, files = Synonyms([["退货", "退款"]]), VectorFiles(tmp_path)
    made = Snapshot.build("r1", MANY, ENCODER, synonyms=words, files=files)
    assert alike(made, Snapshot.build("r1", MANY, ENCODER, synonyms=words))


def test_a_small_index_is_not_kept(tmp_path: Path) -> None:
    built(tmp_path, WordEncoder())
    assert not list(tmp_path.glob("kept*"))


def test_an_edited_question_leaves_the_similar_ones_of_its_pair_as_they_are() -> None:
    big = QAPair("big", "怎么退货", tuple(f"退货 {n}" for n in range(50)), "")
    before, encoder = Snapshot.build("r1", [big], ENCODER), WordEncoder()
    edited = [replace(big, question="退货 7", similar=(*big.similar, "怎么退货", "想退货"))]
    after = Snapshot.build("r2", edited, encoder, before=before)
    assert encoder.encoded == ["想退货"]
    assert "canonical" in found(after, "退货 7")[0].features
    assert "canonical" not in found(after, "怎么退货")[0].features


@pytest.mark.usefixtures("clustered")
def test_a_pair_with_5000_similar_questions_is_found_and_goes_wholly() -> None:
    similar = tuple(f"退货 {n}" for n in range(5000))
    pairs = [QAPair("big", "怎么退货", similar, ""), QAPair("small", "怎么开发票", (), "")]
    snapshot = Snapshot.build("r1", pairs, ENCODER)
    assert found(snapshot, "退货 4321")[0].via == "exact"
    assert found(snapshot, "要退货")[0].id == "big"
    left = Snapshot.build("r2", pairs[1:], ENCODER, before=snapshot)
    assert [c.id for c in found(left, "退货 4321")] == ["small"]


def test_a_sample_of_wordings_is_the_same_in_the_next_release() -> None:
    before = Snapshot.build("r1", MANY, ENCODER)
    after = Snapshot.build("r2", MANY[1:], ENCODER, before=before)
    (texts, vectors), (later, _) = before.sample(10), after.sample(10)
    assert len(texts) == 10
    assert len(set(texts) & set(later)) >= 8
    np.testing.assert_allclose(vectors, ENCODER.encode(texts), atol=1e-6)
    assert before.sample(999)[0] == before.texts
