"""Measures how messages are read on public sets, beside what is plainer; all held out alike."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli.nlu import measured

if TYPE_CHECKING:
    from cs_bot.stages.task.understanding.labelled import Labelled

HELD_OUT = 0.2
SEED = 4

BARS = {
    ("en-faq-banking77", "intent_accuracy"): 0.94,
    ("en-faq-clinc150", "intent_accuracy"): 0.97,
    ("en-faq-clinc150", "oos_auroc"): 0.97,
    ("en-nlu-hwu64", "intent_accuracy"): 0.925,
    ("en-nlu-snips", "slot_f1"): 0.92,
    ("crosswoz", "act_f1"): 0.88,
}
"""What is asked for, by set and score."""

Scores = dict[str, float | int]


@dataclass(frozen=True, slots=True)
class NluSet:
    """Labelled messages of one public set, a fifth of them held out."""

    name: str
    train: list[Labelled]
    test: list[Labelled]


def nlu_sets(shared: Path) -> Iterator[NluSet]:
    """Return the five public sets, in the order of the table."""
    from cs_bot.stages.task.understanding.rows import read_labelled

    for name in ("en-faq-banking77", "en-faq-clinc150"):
        yield _set(name, list(_questions(shared / name)), list(_unanswerable(shared / name)))
    for name, file in (
        ("en-nlu-hwu64", "train.jsonl"),
        ("en-nlu-snips", "train.jsonl"),
        ("crosswoz", "nlu.jsonl"),
    ):
        yield _set(name, read_labelled(shared / name / file), [])


def _set(name: str, rows: Sequence[Labelled], outside: Sequence[Labelled]) -> NluSet:
    """Hold out a fifth of the messages of each intent, drawn with a seed."""
    groups: dict[str, list[Labelled]] = defaultdict(list)
    for row in rows:
        groups["" if row.several else (row.intents or ("",))[0]].append(row)
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    train, test = [], []
    for _, group in sorted(groups.items()):
        chance.shuffle(group)
        held = max(1, round(len(group) * HELD_OUT))
        test += group[:held]
        train += group[held:]
    chance.shuffle(train)
    return NluSet(name, train, [*test, *outside])


def _questions(folder: Path) -> Iterator[Labelled]:
    """Yield question, similar questions and queries of a question set as messages with intents."""
    from cs_bot.stages.task.understanding.labelled import Labelled

    for row in _json(folder / "faq.jsonl"):
        for text in (row["question"], *row.get("similar", ())):
            yield Labelled(text, (row["id"],))
    for row in _json(folder / "queries.jsonl"):
        yield Labelled(row["query"], (row["faq_id"],))


def _unanswerable(folder: Path) -> Iterator[Labelled]:
    from cs_bot.stages.task.understanding.labelled import Labelled

    return (Labelled(row["query"], ()) for row in _json(folder / "oos.jsonl"))


def _json(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def scores_of(one: NluSet, encoder: Any) -> dict[str, Scores]:
    """Return the scores by method: `cs_bot`, and where there are intents the plainer ones."""
    methods = {"cs_bot": measured(one.train, one.test, encoder)[1]}
    if find_spec("sklearn") and not any(row.several for row in one.train):
        methods["tfidf"] = _plain(one, _tfidf(one))
        methods["encoder"] = _plain(one, _encoded(one, encoder))
    return methods


Classify = Callable[[], list[tuple[str, float]]]


def _plain(one: NluSet, classify: Classify) -> Scores:
    """Return the intent scores of a plain classifier."""
    from cs_bot.stages.task.understanding.labelled import Understood
    from cs_bot.stages.task.understanding.scores import scored

    started = time.process_time()
    guesses = classify()
    cpu = time.process_time() - started
    read = [Understood(name, sure, (name,)) for name, sure in guesses]
    names = ("messages", "intent_accuracy", "oos_auroc", "accuracy_at_90_oos_recall")
    scores = {key: value for key, value in scored(one.test, read).items() if key in names}
    return {**scores, "train_cpu_seconds": round(cpu, 1)}


def _tfidf(one: NluSet) -> Classify:
    """Return TF-IDF of words with logistic regression; needs scikit-learn."""

    def classify() -> list[tuple[str, float]]:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        rows = vectorizer.fit_transform([row.text for row in one.train])
        model = LogisticRegression(C=10, max_iter=100).fit(rows, _names(one.train))
        return _best(model, vectorizer.transform([row.text for row in one.test]))

    return classify


def _encoded(one: NluSet, encoder: Any) -> Classify:
    """Return the encoder's vectors with logistic regression; needs scikit-learn."""

    def classify() -> list[tuple[str, float]]:
        from sklearn.linear_model import LogisticRegression

        vectors = encoder.encode([row.text for row in one.train])
        model = LogisticRegression(C=10, max_iter=100).fit(vectors, _names(one.train))
        return _best(model, encoder.encode([row.text for row in one.test]))

    return classify


def _names(rows: Sequence[Labelled]) -> list[str]:
    return [(row.intents or ("",))[0] for row in rows]


def _best(model: Any, rows: Any) -> list[tuple[str, float]]:
    shares = model.predict_proba(rows)
    return [(str(model.classes_[row.argmax()]), float(row.max())) for row in shares]


def print_nlu(figures: dict[str, dict[str, Scores]]) -> None:
    """Print one line for each score that has a bar, and what else was measured."""
    methods = ("cs_bot", "tfidf", "encoder")
    print(f"{'set':18} {'score':26} {'asked for':>9}" + "".join(f"{name:>9}" for name in methods))
    for name, scores in figures.items():
        for score in scores["cs_bot"]:
            bar = BARS.get((name, score))
            shown = "".join(f"{_figure(scores.get(method, {}), score):>9}" for method in methods)
            print(f"{name:18} {score:26} {bar if bar is not None else '':>9}{shown}")


def _figure(scores: Scores, name: str) -> str:
    return str(scores[name]) if name in scores else "-"
