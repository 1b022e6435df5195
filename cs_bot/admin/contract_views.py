"""What the console shows of the promise behind direct answers, and of a check of the drafts."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from cs_bot.admin.draft_replay import DraftCheck, Replayed, State, Step
from cs_bot.retrieval.contract import Holds, holding
from cs_bot.retrieval.decide import KbqaSettings, Zone
from cs_bot.retrieval.judged import Judged
from cs_bot.retrieval.replay import Change, Outcome, Verdict
from cs_bot.retrieval.risk import Choice
from cs_bot.types import QAPair

_MOST_CHANGES = 500


class PointView(BaseModel):
    """One cut: the share of labelled questions answered directly, and how many of them wrong."""

    cut: float
    coverage: float
    risk: float
    bound: float


class AdviceView(BaseModel):
    """A pair whose labelled questions often miss a direct answer."""

    pair_id: str
    question: str
    labelled: int
    direct: int
    listed: int
    wordings: int
    confused_with: str | None
    confused_question: str | None


class ContractView(BaseModel):
    """What the labelled questions came to."""

    holds: Holds
    """What answers go by: the proven cut; without one, lists or the settings' thresholds."""
    risk: float
    """As stated; 0 promises nothing, whatever the rest would allow."""
    cut: float | None
    list_cut: float | None
    labelled: int
    needed: int
    answerable: int
    right_first: int
    right_listed: int
    stale: int
    exact: int
    coverage: float
    curve: list[PointView]
    advice: list[AdviceView]


class OutcomeView(BaseModel):
    """What a customer would get: `answer`, `suggest` (a list) or `none`."""

    zone: Zone
    pair_id: str | None
    question: str | None
    probability: float


class ChangeView(BaseModel):
    """A question whose answer would change."""

    question: str
    labelled: bool
    gold: str | None
    before: OutcomeView
    after: OutcomeView
    edited: bool
    verdict: Verdict


class ReplayView(BaseModel):
    """What publishing the drafts would change, of all questions that were replayed."""

    labelled: int
    real: int
    changed: int
    better: int
    worse: int
    changes: list[ChangeView]
    """The first 500; those that get worse come first."""
    before: ContractView | None
    after: ContractView


class DraftCheckView(BaseModel):
    """How far the check of the drafts has come."""

    state: State
    step: Step | None
    done: int
    total: int
    result: ReplayView | None
    error: str | None


def contract_view(judged: Judged, pairs: Mapping[str, QAPair], dials: KbqaSettings) -> ContractView:
    """Return what labelled questions came to as JSON has it; `pairs` name the pairs."""
    choice = judged.terms.choice
    return ContractView(
        holds=holding(dials, judged.terms),
        risk=judged.risk if dials.risk else 0.0,
        cut=choice.cut,
        list_cut=judged.terms.list_cut,
        labelled=choice.labelled,
        needed=choice.needed,
        answerable=judged.answerable,
        right_first=judged.right_first,
        right_listed=judged.right_listed,
        stale=judged.stale,
        exact=judged.exact,
        coverage=_coverage(choice),
        curve=[
            PointView(cut=p.cut, coverage=p.coverage, risk=p.risk, bound=p.bound)
            for p in choice.curve
        ],
        advice=[
            AdviceView(
                pair_id=one.pair_id,
                question=_question(one.pair_id, pairs) or one.pair_id,
                labelled=one.labelled,
                direct=one.direct,
                listed=one.listed,
                wordings=one.wordings,
                confused_with=one.confused_with,
                confused_question=_question(one.confused_with, pairs),
            )
            for one in judged.advice
        ],
    )


def _coverage(choice: Choice) -> float:
    """Return the share of labelled questions that the chosen cut answers directly."""
    if choice.cut is None:
        return 0.0
    return max((p.coverage for p in choice.curve if p.cut >= choice.cut), default=0.0)


def check_view(check: DraftCheck, dials: KbqaSettings) -> DraftCheckView:
    """Return a check of the drafts as JSON has it."""
    return DraftCheckView(
        state=check.state,
        step=check.step,
        done=check.done,
        total=check.total,
        result=None if check.result is None else _replay(check.result, dials),
        error=check.error,
    )


def _replay(replayed: Replayed, dials: KbqaSettings) -> ReplayView:
    changes, pairs = replayed.changes, replayed.pairs
    worst_first = sorted(changes, key=lambda change: _ORDER[change.verdict])
    return ReplayView(
        labelled=replayed.labelled,
        real=replayed.real,
        changed=len(changes),
        better=sum(change.verdict == "better" for change in changes),
        worse=sum(change.verdict == "worse" for change in changes),
        changes=[_change(change, pairs) for change in worst_first[:_MOST_CHANGES]],
        before=None if replayed.before is None else contract_view(replayed.before, pairs, dials),
        after=contract_view(replayed.after, pairs, dials),
    )


_ORDER: Mapping[Verdict, int] = {"worse": 0, "other": 1, "better": 2}


def _change(change: Change, pairs: Mapping[str, QAPair]) -> ChangeView:
    return ChangeView(
        question=change.question.text,
        labelled=change.question.labelled,
        gold=change.question.gold,
        before=_outcome(change.before, pairs),
        after=_outcome(change.after, pairs),
        edited=change.edited,
        verdict=change.verdict,
    )


def _outcome(outcome: Outcome, pairs: Mapping[str, QAPair]) -> OutcomeView:
    return OutcomeView(
        zone=outcome.zone,
        pair_id=outcome.best,
        question=_question(outcome.best, pairs),
        probability=round(outcome.probability, 4),
    )


def _question(pair_id: str | None, pairs: Mapping[str, QAPair]) -> str | None:
    pair = pairs.get(pair_id) if pair_id is not None else None
    return None if pair is None else pair.question
