"""Asks a snapshot labelled questions one by one and writes down what it would have done."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.models.encoders import MOST_CHARACTERS, Encoder
from cs_bot.models.rerankers import Reranker
from cs_bot.retrieval.contrast import excluded
from cs_bot.retrieval.decide import KbqaSettings, Zone, decide
from cs_bot.retrieval.scoring import Outcome, score
from cs_bot.retrieval.second_look import looked_at_twice
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.text.normalize import query_of
from cs_bot.types import Candidate, QAPair

Ask = Callable[[str], tuple[Zone, tuple[Candidate, ...]]]

_LISTED = 10
"""Candidates written for every question, whatever the zone."""


@dataclass(frozen=True, slots=True)
class EvaluationQuery:
    """One question of an evaluation set."""

    qid: str
    query: str
    gold: str | None = None
    """Id of the right pair; None where no answer exists, or where nobody has labelled it."""
    labelled: bool = True
    where: str = field(default="", compare=False)
    """File and line it stands on."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the knowledge base would have done with one question, and how long it took."""

    qid: str
    zone: Zone
    candidates: tuple[Candidate, ...]
    ms: float

    def as_dict(self) -> dict[str, Any]:
        """Return the row as it is written to a predictions file."""
        candidates = [{"id": c.id, "score": round(c.score, 6)} for c in self.candidates]
        return {
            "qid": self.qid,
            "zone": self.zone,
            "candidates": candidates,
            "ms": round(self.ms, 3),
        }


def read_queries(*paths: Path) -> list[EvaluationQuery]:
    """Return the questions of `.jsonl` files: qid, query, and faq_id unless unlabelled.

    Raises `BadInput` with file and line.
    """
    queries: dict[str, EvaluationQuery] = {}
    for path in paths:
        for number, line in _lines(path):
            query = _query(line, f"{path}:{number}")
            if query.qid in queries:
                raise BadInput(
                    f"the qid {query.qid!r} stands there twice",
                    where=f"{path}:{number}",
                    remedy="give each question its own qid",
                )
            queries[query.qid] = query
    if not queries:
        files = ", ".join(map(str, paths))
        raise BadInput("there are no questions", where=files, remedy="write one question a line")
    return list(queries.values())


def refuse_unknown_pairs(queries: Iterable[EvaluationQuery], pairs: Iterable[QAPair]) -> None:
    """Raise `BadInput` for the first question labelled with a pair that is not among these."""
    known = {pair.id for pair in pairs}
    unknown = [query for query in queries if query.gold is not None and query.gold not in known]
    if unknown:
        others = f", nor are those of {len(unknown) - 1} more questions" if unknown[1:] else ""
        raise BadInput(
            f"'faq_id' names {unknown[0].gold!r}, which is no pair of the knowledge base{others}",
            where=unknown[0].where,
            remedy="correct it, or write null where the question has no answer",
        )


def predict(
    ask: Ask,
    queries: Sequence[EvaluationQuery],
    *,
    clock: Callable[[], float] = time.perf_counter,
    progress: Callable[[int], None] | None = None,
) -> list[Prediction]:
    """Return one prediction per question, each asked alone as a customer would ask it."""
    return _predictions(queries, ask, clock, progress)


def asking(
    snapshot: Snapshot,
    encoder: Encoder | None,
    settings: KbqaSettings,
    *,
    second: Encoder | None = None,
    reranker: Reranker | None = None,
) -> Ask:
    """Return what the knowledge base decides about a question, with its candidates.

    Without an `encoder` the other legs decide, as while the first encoder is down.
    """

    def search(text: str) -> tuple[Candidate, ...]:
        if not text or snapshot.holds(text):
            return snapshot.search(text, None, _LISTED)
        read = [text[:MOST_CHARACTERS]]  # as much as a customer's question is encoded of
        also = second.encode(read)[0] if second is not None else None
        first = encoder.encode(read)[0] if encoder is not None else None
        return snapshot.search(text, first, _LISTED, also)

    def ask(query: str) -> tuple[Zone, tuple[Candidate, ...]]:
        text = snapshot.read(query_of(query), slips=settings.spelling).text
        found = search(text)
        if reranker is not None:
            found = looked_at_twice(reranker, text, found)
        zone = decide(found[: settings.candidates], settings)
        if zone == "answer" and settings.contrast_guard and found[0].via != "exact":
            pair, *others = (snapshot.pairs[one.id] for one in found[: settings.candidates])
            opposite = excluded(text, pair, snapshot.compared, others)
            zone = "suggest" if opposite else zone
        return zone, found

    return ask


def never_deciding(search: Callable[[str, int], tuple[Candidate, ...]]) -> Ask:
    """Return what a method finds that has no threshold: it never answers directly."""
    return lambda query: ("none", search(query, _LISTED))


def measured(
    queries: Sequence[EvaluationQuery], predictions: Sequence[Prediction]
) -> dict[str, float | int | None] | None:
    """Return the scores, None where a question has no label."""
    if not all(query.labelled for query in queries):
        return None
    return score(
        [
            Outcome(query.gold, made.zone, made.candidates, made.ms)
            for query, made in zip(queries, predictions, strict=True)
        ]
    )


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write one JSON object a line; raises `BadInput` where that is not possible."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"cannot be written: {error.strerror}", where=str(path), remedy="name another file"
        ) from None


def _predictions(
    queries: Sequence[EvaluationQuery],
    ask: Ask,
    clock: Callable[[], float],
    progress: Callable[[int], None] | None,
) -> list[Prediction]:
    predictions = []
    for number, query in enumerate(queries, 1):
        started = clock()
        zone, candidates = ask(query.query)
        ms = (clock() - started) * 1000
        predictions.append(Prediction(query.qid, zone, candidates, ms))
        if progress is not None:
            progress(number)
    return predictions


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"not UTF-8 at byte {error.start}", where=str(path), remedy="save it as UTF-8"
        ) from None
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _query(line: str, where: str) -> EvaluationQuery:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"not valid JSON: {error}", where=where, remedy="correct it") from None
    if not isinstance(row, dict):
        raise BadInput("not a JSON object", where=where, remedy='write {"qid": ..., "query": ...}')
    for name, kinds in (("qid", (str,)), ("query", (str,)), ("faq_id", (str, type(None)))):
        if not isinstance(row.get(name), kinds):
            raise BadInput(f"{name!r} is missing or no text", where=where, remedy="write it")
    return EvaluationQuery(row["qid"], row["query"], row.get("faq_id"), "faq_id" in row, where)
