"""Entities found as annotations teach it: roles, synonyms, and what patterns find beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cs_bot.models.encoders import UniversalSentenceEncoder
from cs_bot.stages.task.model_file import packed, unpacked
from cs_bot.stages.task.nlu import Background, train
from cs_bot.stages.task.project import Example, Mention, Pattern, Project, Slot, SlotMapping
from cs_bot.stages.task.spans import SpanModel, joined, trained_spans
from cs_bot.stages.task.task_model import TaskModel
from cs_bot.types import Entity

CITIES = ("paris", "rome", "oslo", "lima", "cairo", "delhi", "tokyo", "quito")


def flight(start: str, end: str) -> Example:
    """Return a flight from one city to another, both marked with their roles."""
    text = f"a flight from {start} to {end} please"
    at = text.rindex(end)
    return Example(
        text,
        "book",
        (
            Mention("city", start, 14, 14 + len(start), "from"),
            Mention("city", end, at, at + len(end), "to"),
        ),
    )


@pytest.fixture
def flights(tmp_path: Path) -> Project:
    pairs = zip(CITIES, (*CITIES[1:], CITIES[0]), strict=True)
    examples = [flight(start, end) for start, end in pairs]
    greetings = [Example(text, "greet") for text in ("hello", "good morning", "hi there")]
    return Project(
        tmp_path,
        entities=("city",),
        slots={"city": Slot("city", mappings=(SlotMapping("from_intent", intents=("book",)),))},
        examples=(*examples, *greetings),
        synonyms={"nyc": "new york"},
    )


def test_roles_are_told_apart_and_unseen_words_found(flights: Project) -> None:
    model = trained_spans(flights)
    assert model is not None

    found = model.find("a flight from nyc to berlin please", flights.synonyms)

    assert found == (
        Entity("city", "new york", 14, 17, "model", "from"),
        Entity("city", "berlin", 21, 27, "model", "to"),
    )
    assert model.find("hello", {}) == ()


def test_without_annotations_there_is_nothing_to_learn(tmp_path: Path) -> None:
    assert trained_spans(Project(tmp_path, examples=(Example("hello", "greet"),))) is None


def test_a_pattern_that_finds_all_that_is_marked_says_all_there_is(tmp_path: Path) -> None:
    marked = Example("order 12345678", "status", (Mention("number_of", "12345678", 6, 14),))
    pattern = Pattern("number_of", r"\d{8}", "nlu.yml:1")
    project = Project(tmp_path, entities=("number_of",), examples=(marked,), patterns=(pattern,))
    assert trained_spans(project) is None


def test_a_pattern_keeps_its_value_and_learns_its_role() -> None:
    pattern = Entity("city", "NEW YORK", 14, 17, "pattern")
    taught = Entity("city", "nyc", 14, 17, "model", "from")
    further = Entity("day", "monday", 20, 26, "model")
    assert joined([pattern], [taught, further]) == (
        Entity("city", "NEW YORK", 14, 17, "pattern", "from"),
        further,
    )


def test_a_kept_model_finds_the_same_entities(
    flights: Project, encoder: UniversalSentenceEncoder
) -> None:
    made = train(flights, Background(), encoder)
    kept = unpacked(packed(TaskModel(made, None))).reading
    assert made is not None
    assert kept is not None
    assert isinstance(kept.spans, SpanModel)
    text = "a flight from quito to nyc please"
    assert made.spans is not None
    assert kept.spans.find(text, {}) == made.spans.find(text, {})


def test_many_examples_are_read_by_the_classifier_for_many(
    flights: Project,
    encoder: UniversalSentenceEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cs_bot.stages.task.nlu.MANY", 5)
    asked = Background(("how much is a bag", "where are you", "can i pay by card"))
    made = train(flights, asked, encoder)
    assert made is not None
    assert made.softmax is None
    again = unpacked(packed(TaskModel(made, None))).reading
    assert again is not None

    query = "a flight from lima to rome"
    vector = encoder.encode([query])[0]
    background, book = made.shares(query, vector, set())

    assert book > background
    assert background + book == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(again.shares(query, vector, set()), [background, book], atol=1e-3)
