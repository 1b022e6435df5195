"""Asks labelled and real questions: for the terms of a release, and before drafts are published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cs_bot.errors import Busy
from cs_bot.models.encoders import Encoder
from cs_bot.models.remembering import Remembering
from cs_bot.models.rerankers import Reranker
from cs_bot.retrieval.contract import everything_direct, labelled_rows, under_contract
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.evaluation import Ask, EvaluationQuery, asking, predict
from cs_bot.retrieval.judged import Judged, judged
from cs_bot.retrieval.replay import Change, Question, Side, replay
from cs_bot.retrieval.risk import Contract
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import Label
from cs_bot.text.normalize import normalized

_MOST_REMEMBERED = 20_000
"""Questions whose vectors are kept from one time to the next: 70 MB when full."""

_AT_ONCE = 64

Progress = Callable[[int], None]


class Examiner:
    """Asks snapshots as the stage `kbqa` would; work for lanes."""

    def __init__(
        self,
        dials: KbqaSettings,
        first: Encoder,
        second: Encoder | None,
        reranker: Reranker | None,
    ) -> None:
        self._dials = dials
        self._first = Remembering(first, most=_MOST_REMEMBERED)
        self._second = None if second is None else Remembering(second, most=_MOST_REMEMBERED)
        self._reranker = reranker
        self._closing = False

    def judge(
        self, snapshot: Snapshot, labels: Sequence[Label], progress: Progress | None = None
    ) -> Judged:
        """Return what labelled questions come to; raises `Busy` when the bot closes meanwhile."""
        current = [
            label for label in labels if label.pair_id is None or label.pair_id in snapshot.pairs
        ]
        queries = [EvaluationQuery(one.id, one.question, one.pair_id) for one in current]
        self._encode(snapshot, [query.query for query in queries])
        ask = self._asking(snapshot, everything_direct(self._dials))
        predictions = predict(ask, queries, progress=self._telling(progress))
        rows = labelled_rows(queries, predictions, self._dials.candidates)
        return judged(
            rows,
            Contract(risk=self._dials.risk or KbqaSettings().risk),
            snapshot.pairs,
            stale=len(labels) - len(current),
            exact=len(current) - len(rows),
            unproven_cut=under_contract(self._dials, None).answer_threshold,
        )

    def replay(
        self,
        questions: Sequence[Question],
        before: tuple[Snapshot, Judged | None] | None,
        after: tuple[Snapshot, Judged],
        progress: Progress | None = None,
    ) -> tuple[Change, ...]:
        """Return what changes for these questions; raises `Busy` when the bot closes meanwhile."""
        self._encode(after[0], [question.text for question in questions])
        return replay(
            questions,
            None if before is None else self._side(*before),
            self._side(*after),
            listed=self._dials.candidates,
            progress=self._telling(progress),
        )

    def close(self) -> None:
        """Let what runs stop where it is."""
        self._closing = True

    def _encode(self, snapshot: Snapshot, questions: Sequence[str]) -> None:
        """Encode questions many at once: an endpoint would be asked a thousand times else."""
        slips = self._dials.spelling
        read = (snapshot.read(normalized(one), slips=slips).text for one in questions)
        texts = [text for text in read if text and not snapshot.holds(text)]
        for start in range(0, len(texts), _AT_ONCE):
            self._telling(None)(start)
            for encoder in self._encoders(snapshot):
                encoder.encode(texts[start : start + _AT_ONCE])

    def _encoders(self, snapshot: Snapshot) -> Iterator[Encoder]:
        if snapshot.has_first:
            yield self._first
        if snapshot.has_second and self._second is not None:
            yield self._second

    def _side(self, snapshot: Snapshot, found: Judged | None) -> Side:
        terms = None if found is None else found.terms
        ask = self._asking(snapshot, under_contract(self._dials, terms))
        return Side(ask if terms is None else terms.stated(ask), snapshot.pairs)

    def _asking(self, snapshot: Snapshot, dials: KbqaSettings) -> Ask:
        first = self._first if snapshot.has_first else None
        second = self._second if snapshot.has_second else None
        return asking(snapshot, first, dials, second=second, reranker=self._reranker)

    def _telling(self, progress: Progress | None) -> Progress:
        def tell(done: int) -> None:
            if self._closing:
                raise Busy("the bot is closing")
            if progress is not None:
                progress(done)

        return tell
