"""How stored values become the JSON of the operator API; knows no HTTP."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cs_bot.admin.views import (
    AddedView,
    AdditionView,
    CandidateView,
    ConversationView,
    FeedbackView,
    LeftMessageView,
    ModelNameView,
    OperatorView,
    PairView,
    ReleaseView,
    ReplyView,
    StepView,
    SuggestionView,
    TurnView,
    WordingView,
)
from cs_bot.blocks import as_wire, plain_text
from cs_bot.stores.answers_json import answers_as_json, times_as_json
from cs_bot.stores.protocols import (
    Addition,
    Conversation,
    ConversationSummary,
    DraftPair,
    Feedback,
    LeftMessage,
    LoggedTurn,
    Operator,
    Release,
)
from cs_bot.types import Candidate, ModelName, Reply, Step, Trace


def epoch_ms(at: datetime) -> int:
    """Return the time in milliseconds since 1970, UTC."""
    return round(at.timestamp() * 1000)


def operator_view(operator: Operator) -> OperatorView:
    """Return the operator without the password hash."""
    return OperatorView(id=operator.id, name=operator.name, role=operator.role)


def pair_view(draft: DraftPair) -> PairView:
    """Return a draft pair as JSON has it."""
    pair = draft.pair
    translations = {
        locale: WordingView(question=w.question, similar=list(w.similar), answer=w.answer)
        for locale, w in pair.translations.items()
    }
    times = times_as_json(pair)
    return PairView(
        id=pair.id,
        question=pair.question,
        similar=list(pair.similar),
        answer=pair.answer,
        locale=pair.locale,
        translations=translations,
        category=pair.category,
        tags=list(pair.tags),
        task=pair.task,
        answers=answers_as_json(pair.answers),
        related=list(pair.related),
        valid_from=times.get("valid_from"),
        valid_until=times.get("valid_until"),
        status=draft.status,
        version=draft.version,
        updated_at=epoch_ms(draft.updated_at),
        updated_by=draft.updated_by,
    )


def release_view(release: Release) -> ReleaseView:
    """Return a release as JSON has it."""
    return ReleaseView(
        id=release.id,
        created_at=epoch_ms(release.created_at),
        created_by=release.created_by,
        note=release.note,
        pairs=release.pairs,
        current=release.current,
    )


def model_name_view(name: ModelName | None) -> ModelNameView | None:
    """Return the name of a trained model as JSON has it."""
    return None if name is None else ModelNameView(id=name.id, digest=name.digest)


def step_view(step: Step) -> StepView:
    """Return a step of a trace as JSON has it."""
    return StepView(
        stage=step.stage,
        outcome=step.outcome,
        ms=step.ms,
        detail=_line(step.detail),
        candidates=[_candidate_view(candidate) for candidate in step.candidates],
    )


def reply_view(trace: Trace) -> ReplyView:
    """Return the reply of a trace as the customer saw it: without button payloads."""
    reply: Reply = trace.reply
    return ReplyView(
        text=plain_text(reply.blocks),
        blocks=[as_wire(block) for block in reply.blocks],
        source=trace.answered_by,
        ref=reply.ref,
        score=_finite(reply.score),
        suggestions=[SuggestionView(id=s.id, question=s.question) for s in reply.suggestions],
    )


def turn_view(logged: LoggedTurn) -> TurnView:
    """Return a logged turn; its text is what may be kept, never more."""
    record = logged.record
    return TurnView(
        turn_id=record.turn_id,
        at=epoch_ms(record.at),
        text=record.text,
        masked=record.masked,
        reply=reply_view(record.trace),
        answered_by=record.trace.answered_by,
        steps=[step_view(step) for step in record.trace.steps],
        release=record.release,
        model=model_name_view(record.trace.model),
        locale=record.locale,
        feedback=_feedback_view(logged.feedback),
    )


def conversation_view(summary: ConversationSummary) -> ConversationView:
    """Return one row of the conversation list."""
    return ConversationView(
        id=summary.conversation.id,
        channel=summary.conversation.channel,
        visitor_id=summary.conversation.user_id,
        started_at=epoch_ms(summary.conversation.created_at),
        last_at=epoch_ms(summary.last_at),
        turns=summary.turns,
        last_text=summary.last_text,
        last_reply=summary.last_reply,
        answered_by=list(summary.answered_by),
        up=summary.up,
        down=summary.down,
        handoff=summary.handoff,
    )


def summary_of(conversation: Conversation, turns: Sequence[LoggedTurn]) -> ConversationSummary:
    """Return the row of a conversation whose turns are at hand, oldest first."""
    last = turns[-1].record if turns else None
    values = [logged.feedback.value for logged in turns if logged.feedback]
    return ConversationSummary(
        conversation=conversation,
        last_at=last.at if last else conversation.created_at,
        turns=len(turns),
        last_text=last.text if last else "",
        last_reply=plain_text(last.trace.reply.blocks) if last else "",
        answered_by=tuple(dict.fromkeys(logged.record.trace.answered_by for logged in turns)),
        up=values.count(1),
        down=values.count(-1),
        handoff=any(logged.record.trace.reply.handoff for logged in turns),
    )


def addition_view(addition: Addition) -> AdditionView:
    """Return events that were added between two turns as JSON has them."""
    return AdditionView(
        at=epoch_ms(addition.at), events=[_added_view(event) for event in addition.told]
    )


def _added_view(told: Mapping[str, Any]) -> AddedView:
    text = told["value"] if "value" in told else told.get("text")
    if text is None:
        text = {name: part for name, part in told.get("data", {}).items() if part} or ""
    said = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return AddedView(kind=told["event"], name=told.get("name") or "", text=said)


def left_message_view(message: LeftMessage) -> LeftMessageView:
    """Return a left message as JSON has it."""
    return LeftMessageView(
        id=message.id,
        conversation_id=message.conversation_id,
        created_at=epoch_ms(message.created_at),
        name=message.name,
        contact=message.contact,
        text=message.text,
        status=message.status,
        note=message.note,
        handled_by=message.handled_by,
        handled_at=None if message.handled_at is None else epoch_ms(message.handled_at),
    )


def _candidate_view(candidate: Candidate) -> CandidateView:
    return CandidateView(
        id=candidate.id,
        question=candidate.question,
        score=_finite(candidate.score),
        via=candidate.via,
        features={name: _finite(value) for name, value in candidate.features.items()},
    )


def _feedback_view(feedback: Feedback | None) -> FeedbackView | None:
    if feedback is None:
        return None
    return FeedbackView(
        value=feedback.value, reasons=list(feedback.reasons), comment=feedback.comment
    )


def _line(detail: Mapping[str, Any]) -> str | None:
    """Return `name: value; name: value`, None where there is nothing to say."""
    said = (f"{name}: {_said(value)}" for name, value in detail.items() if value is not None)
    return "; ".join(said) or None


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
