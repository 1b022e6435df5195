"""Lets made-up customers vote on a public question set, and measures what their votes do.

`python -m cs_bot.testing.feedback_simulation FOLDER...` prints one JSON object a question set. A
folder holds `faq.jsonl` and `queries.jsonl`, or `NAME_train.jsonl` and `NAME_test.jsonl` with
`text` and `intent`. About half the questions, drawn by a hash, are voted on by ten customers each;
`repeated` are these asked again, `unheard` the others. A customer chooses the right line of a
list, "none of these" where it is not there, and judges one direct answer in four; one act in ten
is a wrong one. `vandals` do the wrong thing whenever they can.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np

from cs_bot.models.adapter import packaged_adapter
from cs_bot.models.e5 import E5Encoder
from cs_bot.models.encoders import Encoder, UniversalSentenceEncoder, Vectors
from cs_bot.models.threads import pin_threads
from cs_bot.retrieval.contrast import excluded
from cs_bot.retrieval.decide import KbqaSettings, Zone, listed
from cs_bot.retrieval.feedback import revised
from cs_bot.retrieval.scoring import Outcome, score
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.votes import NO_VOTES, Votes, counted
from cs_bot.stores.protocols import Vote
from cs_bot.text.normalize import normalized
from cs_bot.types import Candidate, QAPair

AT = datetime(2030, 1, 1, tzinfo=UTC)
CUSTOMERS = 10
"""How many ask each question, each of them once."""

_CROWDS = {"customers": 0.1, "vandals": 1.0}
"""How many of their acts are wrong ones."""
_JUDGED = 0.25
_SETTINGS = KbqaSettings()
_MEASURES = ("r1", "answered", "wrong_answer", "right_answer", "resolved", "oos_none")

Labelled = Sequence[tuple[str, str | None]]
"""Questions and the ids of their pairs, None where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A labelled question, and all that the base says of it without votes."""

    text: str
    gold: str | None
    vector: Vectors
    found: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """A throw-away base that is asked with votes and without."""

    snapshot: Snapshot
    encoder: Encoder
    second: Encoder | None = None

    def questions(self, labelled: Labelled) -> list[Question]:
        """Return the questions, equal ones once."""
        unique = {normalized(text): gold for text, gold in labelled}
        return [self._question(text, gold) for text, gold in unique.items() if text]

    def _question(self, text: str, gold: str | None) -> Question:
        vector = self.encoder.encode([text])[0]
        second = None if self.second is None else self.second.encode([text])[0]
        found = self.snapshot.search(text, vector, _SETTINGS.candidates, second)
        return Question(text, gold, vector, found)

    def decided(self, one: Question, votes: Votes) -> tuple[tuple[Candidate, ...], Zone]:
        """Return candidates and zone as the stage `kbqa` has them."""
        ids = [candidate.id for candidate in one.found]
        shifts = votes.shifts(one.text, one.vector, ids) if votes else {}
        found, zone = revised(one.found, shifts, _SETTINGS)
        if zone == "answer" and found[0].via != "exact":
            pair = self.snapshot.pairs[found[0].id]
            zone = "suggest" if excluded(one.text, pair, self.snapshot.compared) else zone
        return found, zone

    def scores(self, questions: Sequence[Question], votes: Votes) -> Mapping[str, Any]:
        """Return what the base makes of these questions under these votes."""
        decided = ((one.gold, *self.decided(one, votes)) for one in questions)
        measured = score([Outcome(gold, zone, found, 0.0) for gold, found, zone in decided])
        return {name: measured[name] for name in _MEASURES}

    def voted(self, questions: Sequence[Question], wrong: float) -> Votes:
        """Return the votes of customers who ask these questions of the base without votes."""
        dice = Random(1)  # noqa: S311 - it plays customers
        given = list(self._votes(questions, dice, wrong))
        ballots = counted(given, AT, {})
        vectors = {one.text: one.vector for one in questions}
        return Votes.of(ballots, tuple(ballots), np.stack([vectors[text] for text in ballots]))

    def _votes(self, questions: Sequence[Question], dice: Random, wrong: float) -> Iterator[Vote]:
        for number, one in enumerate(questions):
            found, zone = self.decided(one, NO_VOTES)
            for customer in range(CUSTOMERS):
                told = _told(one.gold, found, zone, dice, wrong)
                if told is not None:
                    name = f"{number}-{customer}"
                    yield Vote(name, name, one.text, *told, AT)


def simulated(base: Base, labelled: Labelled) -> dict[str, Any]:
    """Return the scores before and after, for voted questions and for those nobody voted on."""
    asked = base.questions(labelled)
    heard = [one for one in asked if crc32(one.text.encode()) % 2]
    unheard = [one for one in asked if not crc32(one.text.encode()) % 2]
    report: dict[str, Any] = {"repeated": len(heard), "unheard": len(unheard)}
    for crowd, wrong in _CROWDS.items():
        votes = base.voted(heard, wrong)
        report[crowd] = {
            name: {"before": base.scores(of, NO_VOTES), "after": base.scores(of, votes)}
            for name, of in (("repeated", heard), ("unheard", unheard))
        }
    return report


def _told(
    gold: str | None, found: Sequence[Candidate], zone: Zone, dice: Random, wrong: float
) -> tuple[tuple[str, ...], int] | None:
    """Return the pairs a customer votes on and how, None where nothing is said."""
    errs = dice.random() < wrong
    if zone == "answer":
        value = 1 if (found[0].id == gold) != errs else -1
        return ((found[0].id,), value) if dice.random() < _JUDGED else None
    lines = tuple(candidate.id for candidate in listed(found, _SETTINGS))
    if zone == "none" or not lines:
        return None
    right = gold if gold in lines else None
    chosen = dice.choice([line for line in (*lines, None) if line != right]) if errs else right
    return (lines, -1) if chosen is None else ((chosen,), 1)


def question_sets(folder: Path) -> Iterator[tuple[str, list[QAPair], Labelled]]:
    """Yield name, pairs and labelled questions of each set in a folder."""
    if (folder / "faq.jsonl").exists():
        pairs = [
            QAPair(row["id"], row["question"], tuple(row.get("similar", ())), "")
            for row in _rows(folder / "faq.jsonl")
        ]
        labelled = [(row["query"], row.get("faq_id")) for row in _rows(folder / "queries.jsonl")]
        yield folder.name, pairs, labelled
    for train in sorted(folder.glob("*_train.jsonl")):
        wordings: dict[str, list[str]] = {}
        for row in _rows(train):
            wordings.setdefault(row["intent"], []).append(row["text"])
        pairs = [QAPair(name, of[0], tuple(of[1:]), "") for name, of in wordings.items()]
        name = train.name.removesuffix("_train.jsonl")
        rows = _rows(folder / f"{name}_test.jsonl")
        yield name, pairs, [(row["text"], row["intent"]) for row in rows]


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main(arguments: Sequence[str]) -> int:
    """Run on the folders of a command line."""
    parser = argparse.ArgumentParser(prog="python -m cs_bot.testing.feedback_simulation")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    pin_threads()
    encoder, second = UniversalSentenceEncoder(), E5Encoder()
    for folder in parser.parse_args(arguments).folders:
        for name, pairs, labelled in question_sets(folder):
            first = Snapshot.build(name, pairs, encoder).with_answers()
            snapshot = first.joined(second, packaged_adapter())
            report = simulated(Base(snapshot, encoder, second), labelled)
            sys.stdout.write(json.dumps({"set": name, "pairs": len(pairs), **report}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
