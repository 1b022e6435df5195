"""Measures the knowledge base on public question sets beside what others would take."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli import throwaway

if TYPE_CHECKING:
    from cs_bot.cli.throwaway import ThrowawayBase
    from cs_bot.retrieval.evaluation import Ask, EvaluationQuery

NINE = (
    "zh-faq-mssupport",
    "zh-faq-product",
    "zh-faq-medical",
    "zh-faq-banking",
    "zh-faq-ecommerce",
    "zh-chitchat-qna",
    "zh-paraphrase-tatoeba",
    "en-faq-banking77",
    "en-faq-clinc150",
)

_MOST = 1500
"""Answerable questions asked of one set, drawn with a seed where there are more."""

RISKS = (0.02, 0.05)

Scores = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A knowledge base and labelled questions to it."""

    name: str
    pairs: Path
    queries: Path
    oos: Path | None = None


def public_sets(shared: Path) -> Iterator[QuestionSet]:
    """Return the nine public sets."""
    for name in NINE:
        folder = shared / name
        pairs, oos = folder / "faq.jsonl", folder / "oos.jsonl"
        yield QuestionSet(
            name,
            pairs if pairs.exists() else folder / "canonical.jsonl",
            folder / "queries.jsonl",
            oos if oos.exists() else None,
        )


def measured(one: QuestionSet) -> dict[str, Scores]:
    """Return the scores by method, ours first as `cs_bot`."""
    from cs_bot.retrieval import evaluation
    from cs_bot.retrieval.decide import KbqaSettings
    from cs_bot.retrieval.peers import peers
    from cs_bot.stores.qa_files import read_pairs

    pairs = read_pairs(one.pairs, answers_required=False)
    queries = _sample(evaluation.read_queries(one.queries))
    if one.oos is not None:
        queries += evaluation.read_queries(one.oos)
    base = throwaway.indexed(pairs, None, remember=True)
    asks = {"cs_bot": base.asking(KbqaSettings())}
    for name, peer in peers(pairs, base.encoders).items():
        asks[name] = evaluation.never_deciding(peer.search)
    scores = {name: _scores(ask, queries) for name, ask in asks.items()}
    if any(query.gold is None for query in queries):
        scores["cs_bot"]["contract"] = _contract(base, queries)
    return scores


def _contract(base: ThrowawayBase, queries: Sequence[EvaluationQuery]) -> list[dict[str, Any]]:
    """Return how often each stated risk is kept, as labelled and with twice the unanswerable."""
    from cs_bot.retrieval import evaluation
    from cs_bot.retrieval.contract import everything_direct, labelled_rows
    from cs_bot.retrieval.decide import KbqaSettings
    from cs_bot.retrieval.resplits import resplit
    from cs_bot.retrieval.risk import Contract

    settings = KbqaSettings()
    predictions = evaluation.predict(base.asking(everything_direct(settings)), queries)
    rows = labelled_rows(queries, predictions, settings.candidates)
    share = sum(not row.answerable for row in rows) / len(rows)
    return [
        {"risk": risk, "unanswerable": round(times * share, 3)}
        | asdict(resplit(rows, Contract(risk=risk), share=times * share))
        for risk in RISKS
        for times in (1, 2)
        if times * share < 1
    ]


def _scores(ask: Ask, queries: Sequence[EvaluationQuery]) -> Scores:
    from cs_bot.retrieval import evaluation

    return dict(evaluation.measured(queries, evaluation.predict(ask, queries)) or {})


def _sample(queries: list[EvaluationQuery]) -> list[EvaluationQuery]:
    if len(queries) <= _MOST:
        return queries
    return random.Random(7).sample(queries, _MOST)  # noqa: S311 - a sample, no secret
