"""The JSON shapes the operator API answers with; times are epoch milliseconds, UTC."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from cs_bot.stores.protocols import PairStatus


class ErrorView(BaseModel):
    """What went wrong: a code for programs, a sentence for people, and which fields."""

    code: str
    message: str
    fields: dict[str, str] = {}
    retry_after_seconds: int | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is an error."""

    error: ErrorView


class OperatorView(BaseModel):
    """An operator as the console knows them."""

    id: str
    name: str
    role: str


class WordingView(BaseModel):
    """What a pair says in one language."""

    question: str
    similar: list[str]
    answer: str


class PairView(WordingView):
    """A QA pair as operators edit it; times are epoch milliseconds.

    Only the times of answers are written out, with the zone in which somebody wrote them.
    """

    id: str
    locale: str
    translations: dict[str, WordingView]
    category: str
    tags: list[str]
    task: str | None
    answers: list[dict[str, Any]]
    related: list[str]
    valid_from: str | None
    valid_until: str | None
    status: PairStatus
    version: int
    updated_at: int
    updated_by: str


class ReleaseView(BaseModel):
    """A published set of pairs."""

    id: str
    created_at: int
    created_by: str
    note: str
    pairs: int
    current: bool


class CandidateView(BaseModel):
    """A possible answer that a stage weighed; a feature that is no finite number is null."""

    id: str
    question: str
    score: float | None
    via: str
    features: dict[str, float | None]


class StepView(BaseModel):
    """What one stage did with one turn; `detail` is one line of text."""

    stage: str
    outcome: str
    ms: float
    detail: str | None
    candidates: list[CandidateView]


class SuggestionView(BaseModel):
    """A pair by its id and canonical question."""

    id: str
    question: str


class ReplyView(BaseModel):
    """An answer as the customer saw it; `source` is the stage that gave it."""

    text: str
    blocks: list[dict[str, Any]]
    source: str
    ref: str | None
    score: float | None
    suggestions: list[SuggestionView]


class FeedbackView(BaseModel):
    """A customer's judgement of one answer."""

    value: int
    reasons: list[str]
    comment: str


class ConversationView(BaseModel):
    """One conversation at a glance."""

    id: str
    channel: str
    visitor_id: str
    started_at: int
    last_at: int
    turns: int
    last_text: str
    last_reply: str
    answered_by: list[str]
    up: int
    down: int
    handoff: bool


class ModelNameView(BaseModel):
    """The trained model of a turn: its version, and a digest of its weights."""

    id: str
    digest: str


class AddedView(BaseModel):
    """An event that a program added over Rasa's HTTP API: its kind, what it is about, its words."""

    kind: str
    name: str
    text: str


class AdditionView(BaseModel):
    """What a program added to a conversation at one time."""

    at: int
    events: list[AddedView]


class TurnView(BaseModel):
    """One turn; `masked` says that `text` is not what the customer typed."""

    turn_id: str
    at: int
    text: str
    masked: bool
    reply: ReplyView
    answered_by: str
    steps: list[StepView]
    release: str | None
    model: ModelNameView | None
    locale: str
    feedback: FeedbackView | None


class LeftMessageView(BaseModel):
    """A message left for the staff."""

    id: str
    conversation_id: str
    created_at: int
    name: str
    contact: str
    text: str
    status: str
    note: str
    handled_by: str | None
    handled_at: int | None
