"""Reads and writes labelled questions: `{"qid", "query", "faq_id"}` a line, null for no answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.retrieval.evaluation import EvaluationQuery, read_queries, write_rows
from cs_bot.stores.protocols import Label

MOST_CHARACTERS = 500
"""Of a labelled question."""


def read_labelled_queries(*paths: Path) -> list[EvaluationQuery]:
    """Return the rows of files; raises `BadInput` where one is unusable or has no label."""
    rows = read_queries(*paths)
    unlabelled = next((row for row in rows if not row.labelled), None)
    if unlabelled is not None:
        raise BadInput(
            f"the question {unlabelled.qid!r} has no label",
            where=unlabelled.where,
            remedy='write its "faq_id", null where it has no answer',
        )
    return rows


def read_labelled(path: Path) -> list[tuple[str, str | None]]:
    """Return (question, pair id or None) of every row; raises `BadInput`."""
    rows = read_labelled_queries(path)
    for row in rows:
        if not row.query.strip() or len(row.query) > MOST_CHARACTERS:
            raise BadInput(
                f"the question {row.qid!r} is empty or longer than {MOST_CHARACTERS} characters",
                where=str(path),
                remedy="write what a customer would type",
            )
    return [(row.query.strip(), row.gold) for row in rows]


def write_labelled(path: Path, labels: Iterable[Label]) -> None:
    """Write labels as rows; raises `BadInput` where the file cannot be written."""
    write_rows(path, [label_row(label) for label in labels])


def label_row(label: Label) -> dict[str, str | None]:
    """Return a label as it stands in a file."""
    return {"qid": label.id, "query": label.question, "faq_id": label.pair_id}
