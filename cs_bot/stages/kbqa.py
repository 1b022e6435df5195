"""Answers from the knowledge base: finds the pair a question means, or says why it stays silent.

Knows no store: it is given the snapshots it searches and the vectors of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cs_bot.models.encoders import BothVectors, Encoded
from cs_bot.models.lane import Lane
from cs_bot.models.rerankers import Reranker
from cs_bot.retrieval.contract import Terms, under_contract
from cs_bot.retrieval.contrast import Mismatch, excluded
from cs_bot.retrieval.decide import KbqaSettings, Zone, decide
from cs_bot.retrieval.feedback import revised
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.second_look import looked_at_twice
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.spelling import Corrected
from cs_bot.retrieval.votes import NO_VOTES, Votes
from cs_bot.stages.answers import (
    choice_of,
    described,
    related_to,
    situation_of,
    together,
    words_of,
)
from cs_bot.types import NLU_FALLBACK, Abstain, Candidate, Picked, QAPair, Reply, Turn


class Kbqa:
    """The stage `kbqa`: direct answers, and near misses for `suggest` and the task bot."""

    name = "kbqa"

    def __init__(
        self,
        snapshots: Snapshots,
        vectors: BothVectors,
        lane: Lane,
        settings: KbqaSettings | None = None,
        *,
        terms: Callable[[], Terms | None] | None = None,
        reranker: Reranker | None = None,
        rerank_lane: Lane | None = None,
        votes: Callable[[], Votes] = lambda: NO_VOTES,
    ) -> None:
        self._snapshots = snapshots
        self._vectors = vectors
        self._lane = lane
        self._settings = settings or KbqaSettings()
        self._terms = terms
        self._reranker = reranker
        self._rerank_lane = rerank_lane or lane
        self._votes = votes

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Answer directly when that is safe, else abstain with the candidates."""
        snapshot = self._snapshots.of(turn.release)
        payload = turn.message.payload
        if isinstance(payload, Picked):
            return _picked(turn, snapshot, payload)
        if payload is not None:
            return Abstain("not_text")
        if snapshot is None:
            return Abstain("no_release")
        return await self._answer(turn, snapshot)

    async def _answer(self, turn: Turn, snapshot: Snapshot) -> Reply | Abstain:
        corrected = await self._lane.run(self._corrected, turn.query, snapshot)
        encoded = await self._encoded(corrected.text, snapshot)
        found = await self._candidates(corrected.text, encoded, snapshot)
        terms = self._terms() if self._terms else None
        dials = under_contract(self._settings, terms) if self._terms else self._settings
        moved, zone = await self._decided(turn, encoded, found, dials)
        candidates = moved if terms is None else terms.restated(moved)
        kept_back = zone != "answer" and decide(found, self._settings) == "answer"
        detail = {
            **corrected.as_detail(),
            **({"without": list(encoded.without)} if encoded.without else {}),
            **({"unproven": _why(terms)} if kept_back else {}),
        }
        if zone == "suggest":
            return Abstain("ambiguous", candidates, detail=detail)
        if zone == "none":
            reason = "below_threshold" if candidates else "miss"
            return Abstain(reason, candidates, detail=detail)
        pair = snapshot.pairs[candidates[0].id]
        return (
            await self._opposite(corrected.text, snapshot, candidates, detail)
            or await _job(turn, pair, candidates)
            or _reply(turn, pair, snapshot, candidates, detail=detail)
        )

    async def _decided(
        self, turn: Turn, encoded: Encoded, found: tuple[Candidate, ...], dials: KbqaSettings
    ) -> tuple[tuple[Candidate, ...], Zone]:
        """Return the candidates and what to do with them, as customers' votes have it."""
        votes, in_task = self._votes(), turn.state.task is not None
        if not votes:
            return found, decide(found, dials, in_task=in_task)
        ids = [candidate.id for candidate in found]
        shifts = await self._lane.run(votes.shifts, turn.query, encoded.first, ids)
        return revised(found, shifts, dials, in_task=in_task)

    async def _opposite(
        self,
        query: str,
        snapshot: Snapshot,
        candidates: tuple[Candidate, ...],
        detail: Mapping[str, Any],
    ) -> Abstain | None:
        """Abstain where the question excludes the best pair; its own words never do."""
        if not self._settings.contrast_guard or candidates[0].via == "exact":
            return None
        pair, *others = (snapshot.pairs[candidate.id] for candidate in candidates)
        found: Mismatch | None = await self._lane.run(
            excluded, query, pair, snapshot.compared, others
        )
        if found is None:
            return None
        return Abstain("contrast", candidates, detail={**found.as_detail(), **detail})

    def _corrected(self, query: str, snapshot: Snapshot) -> Corrected:
        return snapshot.read(query, slips=self._settings.spelling)

    async def _encoded(self, query: str, snapshot: Snapshot) -> Encoded:
        if not query or snapshot.holds(query):
            return Encoded(None)
        return await self._vectors.of(query, first=snapshot.has_first, joint=snapshot.has_second)

    async def _candidates(
        self, query: str, encoded: Encoded, snapshot: Snapshot
    ) -> tuple[Candidate, ...]:
        found: tuple[Candidate, ...] = await self._lane.run(
            snapshot.search, query, encoded.first, self._settings.candidates, encoded.second
        )
        if self._reranker is None:
            return found
        return await self._rerank_lane.run(looked_at_twice, self._reranker, query, found)


def _why(terms: Terms | None) -> str:
    """Return why an answer above the thresholds is not given: the promise behind it is not kept."""
    return "labelled questions were not asked yet" if terms is None else str(terms.choice)


async def _job(turn: Turn, pair: QAPair, candidates: tuple[Candidate, ...]) -> Abstain | None:
    """Abstain where the customer rather wants something done than something told.

    The canonical question itself, word for word, is always a question.
    """
    best = candidates[0]
    if "canonical" in best.features:
        return None
    reading = await turn.reading()
    if pair.task is not None:
        starts = reading.probability(pair.task) >= reading.background
        return Abstain("starts_task", candidates, detail={"task": pair.task}) if starts else None
    jobs = (intent for intent in reading.intents if intent.name != NLU_FALLBACK)
    likeliest = max((intent.probability for intent in jobs), default=0.0)
    return Abstain("task_more_likely", candidates) if likeliest > best.score else None


def _picked(turn: Turn, snapshot: Snapshot | None, picked: Picked) -> Reply | Abstain:
    if picked.pair_id is None:
        return Abstain("none_of_these")
    pair = snapshot.pairs.get(picked.pair_id) if snapshot else None
    if snapshot is None or pair is None:
        return Abstain("pair_gone", detail={"pair": picked.pair_id})
    chosen = Candidate(pair.id, pair.wording(turn.locale).question, 1.0, "picked")
    return _reply(turn, pair, snapshot, (chosen,))


def _reply(
    turn: Turn,
    pair: QAPair,
    snapshot: Snapshot,
    candidates: tuple[Candidate, ...],
    *,
    detail: Mapping[str, Any] | None = None,
) -> Reply | Abstain:
    """Give the pair's answer that fits the turn, and offer what is related unless a task runs."""
    situation = situation_of(turn)
    choice = choice_of(pair, situation)
    if choice.number is None:
        return Abstain("no_answer_now", candidates, detail={"pair": pair.id, **(detail or {})})
    offered, choices = related_to(pair, snapshot.pairs, situation)
    if turn.state.task is not None:
        offered, choices = (), ()
    which = described(pair, choice.number)
    reach = together((choice, *choices))
    return Reply(
        blocks=(*words_of(pair, choice.number, turn.locale), *offered),
        score=candidates[0].score,
        candidates=candidates,
        ref=pair.id,
        impersonal=pair.task is None and reach.impersonal,
        holds_from=reach.since,
        holds_until=reach.until,
        detail={
            "via": candidates[0].via,
            **({"answer": which} if which else {}),
            **(detail or {}),
        },
    )
