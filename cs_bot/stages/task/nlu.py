"""Reads what a message means: intents against the background of questions, and entities."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cs_bot.errors import Busy, EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import Encoder, QueryVectors, Vectors
from cs_bot.stages.task.classifier import Softmax, trained
from cs_bot.stages.task.clauses import clauses
from cs_bot.stages.task.entities import EntityFinder
from cs_bot.stages.task.features import row
from cs_bot.stages.task.project import DEFAULT_INTENTS, Project
from cs_bot.stages.task.selecting import Selector
from cs_bot.stages.task.spans import SpanModel, joined, trained_spans
from cs_bot.stages.task.understanding.intents import Intents, trained_intents
from cs_bot.stages.task.unsure import falls_back, with_fallback
from cs_bot.text.normalize import normalized
from cs_bot.types import Entity, Intent, Message, Part, Pressed, Reading, Triggered

log = logging.getLogger(__name__)

_SAME = 0.95
"""Cosine from which a question and an example say the same."""
MANY = 2_500
"""Examples and questions from which on the classifier for many is trained."""
_LONGEST_READ = 1_000
"""Characters in which entities are looked for as the annotations teach."""
_MOST_BACKGROUND = 800
"""Questions to train on: the nearest to the intents teach the border, the rest the breadth."""


@dataclass(frozen=True, slots=True)
class Background:
    """Utterances that are no job: the questions of the knowledge base, small talk.

    `vectors` of shape (questions, dimensions) spare encoding them again.
    """

    questions: tuple[str, ...] = ()
    vectors: Vectors | None = None


@dataclass(frozen=True, slots=True)
class IntentModel:
    """A trained classifier; class 0 is the background."""

    softmax: Softmax | None
    """None in a large project, which `wide` reads."""
    intents: tuple[str, ...]
    entities: tuple[str, ...]
    spans: SpanModel | None = None
    wide: Intents | None = None
    """Of many examples; its name "" is the background."""

    def shares(self, query: str, vector: Vectors, names: set[str]) -> list[float]:
        """Return the probabilities of the background and of each intent."""
        if self.softmax is not None:
            features = row(query, vector, names, self.entities)
            return [float(share) for share in self.softmax.probabilities(features[None])[0]]
        assert self.wide is not None  # noqa: S101 - one of the two is always there
        shares = self.wide.shares([query], vector[None])[0]
        told = dict(zip(self.wide.names, map(float, shares), strict=True))
        return [told.get(name, 0.0) for name in ("", *self.intents)]


def train(project: Project, background: Background, encoder: Encoder) -> IntentModel | None:
    """Return the intent model, None where there is nothing to tell apart.

    Takes encoding time plus some tenths of a second: run it in the encoder's lane.
    """
    used = project.used_intents()
    told = [example.intent.partition("/")[0] for example in project.examples]
    intents = tuple(sorted({intent for intent in told if intent in used}))
    if not intents:
        return None
    finder = EntityFinder(project)
    texts = [example.text for example in project.examples]
    vectors = encoder.encode([normalized(text) for text in texts])
    working = np.array([intent in used for intent in told])
    questions, further = _chosen(background, vectors[working], encoder)
    labels = [intents.index(intent) + 1 if intent in used else 0 for intent in told]
    spans = trained_spans(project)
    if len(texts) + len(questions) > MANY:
        names = ("", *intents)
        wide, _ = trained_intents(
            [normalized(text) for text in (*texts, *questions)],
            np.vstack([vectors, further]),
            [names[label] for label in (*labels, *[0] * len(questions))],
        )
        return IntentModel(None, intents, project.entities, spans, wide)
    rows = [
        row(normalized(text), vector, _names(finder.find(text)), project.entities)
        for text, vector in zip((*texts, *questions), (*vectors, *further), strict=True)
    ]
    classes = np.array([*labels, *[0] * len(questions)], dtype=np.intp)
    softmax = trained(np.stack(rows), classes, len(intents) + 1)
    return IntentModel(softmax, intents, project.entities, spans)


def _chosen(background: Background, jobs: Vectors, encoder: Encoder) -> tuple[list[str], Vectors]:
    """Return the questions to train on and their vectors; half of many are the nearest ones.

    A question that an example of a job says in the same words is left out: it is that job.
    """
    questions, vectors = background.questions, background.vectors
    if vectors is None:
        vectors = encoder.encode([normalized(text) for text in questions])
    if not questions:
        return [], vectors
    nearness = (vectors @ jobs.T).max(axis=1)
    order = np.flatnonzero(nearness < _SAME)
    if len(order) > _MOST_BACKGROUND:
        order = order[np.argsort(-nearness[order], kind="stable")]
        half = _MOST_BACKGROUND // 2
        rest = order[half:]
        order = np.concatenate([order[:half], rest[:: -(-len(rest) // half)]])
    return [questions[number] for number in order], vectors[order]


def _names(entities: Iterable[Entity]) -> set[str]:
    return {entity.name for entity in entities}


class TaskReader:
    """Reads messages with one trained model; a new release gets a new reader."""

    def __init__(self, project: Project, model: IntentModel | None, vectors: QueryVectors) -> None:
        self._finder = EntityFinder(project)
        self._synonyms = project.synonyms
        self._model = model
        self._vectors = vectors
        self._selector = Selector(project, vectors)
        self._intents = DEFAULT_INTENTS.union(project.intents)
        self._fallback = project.thresholds if falls_back(project) else None

    async def read(self, message: Message, query: str, state: DialogueState) -> Reading:  # noqa: ARG002 - the models of larger projects read in the light of the state
        """Return the meaning of a message; without a vector the intents are left out."""
        if isinstance(message.payload, Triggered):
            return triggered(message.payload)
        if isinstance(message.payload, Pressed):
            pressed = parsed_payload(message.payload.payload)
            if pressed is not None:
                return pressed
        stated = self._stated(message.text)
        if stated is not None:
            return stated
        entities = self._entities(message.text, message)
        if self._model is None or not query:
            return Reading(entities=entities)
        try:
            vector = await self._vectors.of(query)
            reading = _reading(self._model, query, vector, entities)
            best = reading.intents[0].name if reading.intents else ""
            chosen = await self._selector.chosen(best, vector)
            parts = await self._parts(message, self._model)
            reading = replace(reading, retrieved=chosen, parts=parts)
            return reading if self._fallback is None else with_fallback(reading, self._fallback)
        except (Busy, EncoderDown) as error:
            log.info("intents not read in %s: %s", message.conversation_id, error)
            return Reading(entities=entities)

    def _entities(self, text: str, message: Message) -> tuple[Entity, ...]:
        found = self._finder.find(text, message.received_at)
        return _with_taught(found, self._model, text, self._synonyms)

    async def _parts(self, message: Message, model: IntentModel) -> tuple[Part, ...]:
        """Return what each clause means, nothing where the message is only one."""
        texts = clauses(message.text)
        if len(texts) < 2 or message.payload is not None:
            return ()
        queries = [normalized(text) for text in texts]
        vectors = await asyncio.gather(*map(self._vectors.of, queries))
        return tuple(
            Part(text, _reading(model, query, vector, self._entities(text, message)))
            for text, query, vector in zip(texts, queries, vectors, strict=True)
        )

    def _stated(self, text: str) -> Reading | None:
        """Return what a text like `/greet` states, if the project declares the intent."""
        stated = parsed_payload(text)
        name = stated.intents[0].name.partition("/")[0] if stated else ""
        return stated if name in self._intents else None


def read_all(
    project: Project, model: IntentModel | None, texts: Sequence[str], encoder: Encoder
) -> list[Reading]:
    """Return what messages mean, all encoded at once; for a lane. Raises `EncoderDown`."""
    finder = EntityFinder(project)
    fallback = project.thresholds if falls_back(project) else None
    queries = [normalized(text) for text in texts]
    vectors = encoder.encode(queries)
    readings = []
    for text, query, vector in zip(texts, queries, vectors, strict=True):
        entities = _with_taught(finder.find(text), model, text, project.synonyms)
        if model is None or not query:
            readings.append(Reading(entities=entities))
        else:
            reading = _reading(model, query, vector, entities)
            readings.append(reading if fallback is None else with_fallback(reading, fallback))
    return readings


def _with_taught(
    entities: tuple[Entity, ...],
    model: IntentModel | None,
    text: str,
    synonyms: Mapping[str, str],
) -> tuple[Entity, ...]:
    """Return the entities that patterns found, with those that annotations teach."""
    if model is None or model.spans is None:
        return entities
    return joined(entities, model.spans.find(text[:_LONGEST_READ], synonyms))


def _reading(
    model: IntentModel, query: str, vector: Vectors, entities: tuple[Entity, ...]
) -> Reading:
    background, *shares = model.shares(query, vector, _names(entities))
    intents = [Intent(name, p) for name, p in zip(model.intents, shares, strict=True)]
    best_first = sorted(intents, key=lambda intent: -intent.probability)
    return Reading(tuple(best_first), entities, background)


def triggered(payload: Triggered) -> Reading:
    """Return the reading of a reminder that is due."""
    entities = tuple(
        Entity(key, value, 0, 0, "reminder") for key, value in payload.entities.items()
    )
    return Reading((Intent(payload.intent, 1.0),), entities, 0.0)


def parsed_payload(payload: str) -> Reading | None:
    """Return the reading that `/intent{"entity": "value"}` states, None for other text."""
    if not payload.startswith("/"):
        return None
    name, brace, rest = payload[1:].partition("{")
    group, slash, _ = name.strip().partition("/")
    intent = Intent(group, 1.0)
    values = _json_object(brace + rest) if brace else {}
    entities = tuple(Entity(key, value, 0, 0, "payload") for key, value in values.items())
    return Reading((intent,), entities, 0.0, name.strip() if slash else None)


def _json_object(text: str) -> dict[str, Any]:
    try:
        values, _ = json.JSONDecoder().raw_decode(text)  # Rasa too reads no further
    except ValueError:
        log.warning("a button payload has entities that are not JSON")
        return {}
    return values if isinstance(values, dict) else {}
