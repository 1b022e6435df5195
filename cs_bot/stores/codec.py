"""How traces, events and pairs are written down as JSON values, and read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from cs_bot.blocks import as_wire, from_wire
from cs_bot.events import Event, event_as_dict, event_from_dict
from cs_bot.stores.answers_json import (
    answers_as_json,
    answers_from_json,
    times_as_json,
    times_from_json,
)
from cs_bot.types import (
    Candidate,
    Entity,
    Intent,
    ModelName,
    QAPair,
    Reading,
    Reply,
    Step,
    Trace,
    Wording,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REACH = ("holds_from", "holds_until")


def events_as_json(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return events as JSON values."""
    return [event_as_dict(event) for event in events]


def events_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Read events back."""
    return tuple(event_from_dict(event) for event in stored)


def trace_as_json(trace: Trace) -> dict[str, Any]:
    """Return a trace as JSON values, without its events: they are stored beside it."""
    return {
        "answered_by": trace.answered_by,
        "logged_text": trace.logged_text,
        "reply": _reply_as_json(trace.reply),
        "steps": [_step_as_json(step) for step in trace.steps],
        **({} if trace.model is None else {"model": asdict(trace.model)}),
        **({"reading": _reading_as_json(trace.reading)} if trace.reading else {}),
    }


def trace_from_json(stored: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Trace:
    """Read a trace back from its JSON values and the turn's events."""
    return Trace(
        reply=_reply_from_json(stored["reply"], events_from_json(events)),
        answered_by=stored["answered_by"],
        steps=tuple(_step_from_json(step) for step in stored["steps"]),
        logged_text=stored["logged_text"],
        model=ModelName(**stored["model"]) if "model" in stored else None,
        reading=_reading_from_json(stored["reading"]) if "reading" in stored else None,
    )


def _reading_as_json(reading: Reading) -> dict[str, Any]:
    return {
        "intents": [[intent.name, round(intent.probability, 4)] for intent in reading.intents],
        "entities": [_entity_as_json(entity) for entity in reading.entities],
        "background": round(reading.background, 4),
        "retrieved": reading.retrieved,
    }


def _entity_as_json(entity: Entity) -> dict[str, Any]:
    stored = {name: getattr(entity, name) for name in ("name", "value", "start", "end", "via")}
    parts = {"role": entity.role, "group": entity.group}
    return {**stored, **{name: value for name, value in parts.items() if value}}


def _reading_from_json(stored: Mapping[str, Any]) -> Reading:
    return Reading(
        tuple(Intent(name, probability) for name, probability in stored["intents"]),
        tuple(Entity(**entity) for entity in stored["entities"]),
        stored["background"],
        stored["retrieved"],
    )


def _reply_as_json(reply: Reply) -> dict[str, Any]:
    return {
        "blocks": [as_wire(block, public=False) for block in reply.blocks],
        "score": reply.score,
        "candidates": _candidates_as_json(reply.candidates),
        "ref": reply.ref,
        "suggestions": _candidates_as_json(reply.suggestions),
        "handoff": reply.handoff,
        "generated": reply.generated,
        "impersonal": reply.impersonal,
        "logged_text": reply.logged_text,
        "detail": dict(reply.detail),
        **_reach_as_json(reply),
    }


def _reply_from_json(stored: Mapping[str, Any], events: tuple[Event, ...]) -> Reply:
    return Reply(
        blocks=tuple(from_wire(block) for block in stored["blocks"]),
        score=stored["score"],
        candidates=_candidates_from_json(stored["candidates"]),
        events=events,
        ref=stored["ref"],
        suggestions=_candidates_from_json(stored["suggestions"]),
        handoff=stored["handoff"],
        generated=stored["generated"],
        impersonal=stored["impersonal"],
        logged_text=stored["logged_text"],
        detail=stored["detail"],
        **{name: datetime.fromisoformat(stored[name]) for name in _REACH if name in stored},
    )


def _reach_as_json(reply: Reply) -> dict[str, str]:
    times = {name: getattr(reply, name) for name in _REACH}
    return {name: at.isoformat() for name, at in times.items() if at is not None}


def _step_as_json(step: Step) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "outcome": step.outcome,
        "ms": step.ms,
        "candidates": _candidates_as_json(step.candidates),
        "detail": dict(step.detail),
    }


def _step_from_json(stored: Mapping[str, Any]) -> Step:
    candidates = _candidates_from_json(stored["candidates"])
    return Step(**{**stored, "candidates": candidates})


def _candidates_as_json(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "id": candidate.id,
            "question": candidate.question,
            "score": candidate.score,
            "via": candidate.via,
            "features": dict(candidate.features),
        }
        for candidate in candidates
    ]


def _candidates_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    return tuple(Candidate(**candidate) for candidate in stored)


def pair_as_json(pair: QAPair) -> dict[str, Any]:
    """Return a pair as JSON values.

    What came with later versions is left out where it is empty: the digest of a pair that has
    none of it stays what it was.
    """
    later = {"answers": answers_as_json(pair.answers), "related": list(pair.related)}
    return {
        "id": pair.id,
        "question": pair.question,
        "similar": list(pair.similar),
        "answer": pair.answer,
        "locale": pair.locale,
        "translations": {
            locale: {"question": w.question, "similar": list(w.similar), "answer": w.answer}
            for locale, w in pair.translations.items()
        },
        "category": pair.category,
        "tags": list(pair.tags),
        "task": pair.task,
        **{name: value for name, value in later.items() if value},
        **times_as_json(pair),
    }


def pair_from_json(stored: Mapping[str, Any]) -> QAPair:
    """Read a pair back."""
    translations = {
        locale: Wording(words["question"], tuple(words["similar"]), words["answer"])
        for locale, words in stored["translations"].items()
    }
    return QAPair(
        **{
            **stored,
            "similar": tuple(stored["similar"]),
            "tags": tuple(stored["tags"]),
            "translations": translations,
            "answers": answers_from_json(stored.get("answers", ())),
            "related": tuple(stored.get("related", ())),
            **times_from_json(stored),
        }
    )


def digest(stored: Mapping[str, Any]) -> str:
    """Return what identifies the content of a stored pair: equal content, equal digest.

    A moment is the same in whatever zone it is written.
    """
    canonical = json.dumps(_in_one_zone(stored), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _in_one_zone(stored: Mapping[str, Any]) -> dict[str, Any]:
    times = {
        name: (datetime.fromisoformat(stored[name]) - _EPOCH) // timedelta(microseconds=1)
        for name in ("valid_from", "valid_until")
        if stored.get(name)
    }
    answers = {"answers": [_in_one_zone(one) for one in stored.get("answers", ())]}
    return {**stored, **times, **(answers if "answers" in stored else {})}


def weights_digest(weights: bytes) -> str:
    """Return what tells the whole weights of a model from damaged ones."""
    return hashlib.blake2b(weights, digest_size=16).hexdigest()
