"""What a task model is worth: its own examples read by models that had not seen them.

The examples of each intent are dealt to five parts in the order of a digest of their words, so that
the same ones fall together in every process, and an edit moves few. A project too large to be
trained five times is judged on one part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import blake2b
from typing import Any

from cs_bot.models.encoders import Encoder
from cs_bot.models.remembering import Remembering
from cs_bot.stages.task.nlu import MANY, Background, read_all, train
from cs_bot.stages.task.project import Example, Project
from cs_bot.stages.task.slots import told_intent
from cs_bot.types import Reading

PARTS = 5
LEAST_EXAMPLES = 10
"""Examples below which a share of right ones says nothing."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """How one example was read: its intent, "" for none, and the entities of annotated names."""

    text: str
    told: str
    got: str
    hits: int
    wrong: int
    missed: int


def judged_examples(
    project: Project, background: Background, encoder: Encoder, progress: Progress | None = None
) -> list[Judged]:
    """Return how the examples were read that can be held out; none where these are too few.

    Raises `EncoderDown`. Five trainings for a small project, one for a large one: for a lane.
    """
    parts = _parts(project)
    intents = {one.intent.partition("/")[0] for one in _at(project, parts)}
    if len(parts) < LEAST_EXAMPLES or len(intents) + bool(background.questions) < 2:
        return []
    once = Remembering(encoder)
    large = len(project.examples) + len(background.questions) > MANY
    judged: list[Judged] = []
    for part in range(1 if large else PARTS):
        held = [at for at, one in parts.items() if one == part]
        judged += _judged_part(project, set(held), background, once)
        if progress is not None:
            progress(part + 1, 1 if large else PARTS)
    return judged


def scores_of(judged: Sequence[Judged], stories: Mapping[str, bool]) -> dict[str, Any]:
    """Return what single judgements come to, as JSON values; None where too few were judged."""
    marked = [one for one in judged if one.hits or one.wrong or one.missed]
    return {
        "examples": len(judged),
        "intent_accuracy": accuracy(judged) if judged else None,
        "annotated": len(marked),
        "entity_f1": entity_f1(marked) if marked else None,
        "stories": len(stories),
        "stories_passed": sum(stories.values()),
    }


def accuracy(judged: Sequence[Judged]) -> float:
    """Return the share of examples with the right intent."""
    return round(sum(one.told == one.got for one in judged) / len(judged), 4)


def entity_f1(judged: Sequence[Judged]) -> float:
    """Return the harmonic mean of precision and recall over entities: name and place."""
    hits = sum(one.hits for one in judged)
    others = sum(one.wrong + one.missed for one in judged)
    return round(2 * hits / (2 * hits + others), 4) if hits else 0.0


def judged_as_json(judged: Sequence[Judged], stories: Mapping[str, bool]) -> dict[str, Any]:
    """Return single judgements as JSON values."""
    return {"examples": [list(astuple(one)) for one in judged], "stories": dict(stories)}


def judged_from_json(stored: Mapping[str, Any]) -> tuple[list[Judged], dict[str, bool]]:
    """Read single judgements back; none of a model that was not evaluated."""
    return [Judged(*one) for one in stored.get("examples", ())], dict(stored.get("stories", {}))


def _judged_part(
    project: Project, held: set[int], background: Background, encoder: Encoder
) -> Iterator[Judged]:
    examples = project.examples
    rest = tuple(one for at, one in enumerate(examples) if at not in held)
    model = train(replace(project, examples=rest), background, encoder)
    tried = [one for at, one in enumerate(examples) if at in held]
    readings = read_all(project, model, [one.text for one in tried], encoder)
    names = {marked.entity for example in examples for marked in example.entities}
    for example, reading in zip(tried, readings, strict=True):
        yield _judged(example, reading, names)


def _judged(example: Example, reading: Reading, names: set[str]) -> Judged:
    marked = {(one.entity, one.start, one.end) for one in example.entities}
    found = {(e.name, e.start, e.end) for e in reading.entities if e.name in names}
    told = example.intent.partition("/")[0]
    hits = len(marked & found)
    got = told_intent(reading) or ""
    return Judged(example.text, told, got, hits, len(found) - hits, len(marked) - hits)


def _at(project: Project, places: Mapping[int, int]) -> Iterator[Example]:
    return (project.examples[at] for at in places)


def _parts(project: Project) -> dict[int, int]:
    """Return the part of each example that can be held out: another one has its intent."""
    used = project.used_intents()
    of_intent: dict[str, list[int]] = defaultdict(list)
    for at, example in enumerate(project.examples):
        intent = example.intent.partition("/")[0]
        if intent in used:
            of_intent[intent].append(at)
    parts: dict[int, int] = {}
    for places in of_intent.values():
        if len(places) > 1:
            dealt = sorted(places, key=lambda at: _order(project.examples[at]))
            parts |= {at: number % PARTS for number, at in enumerate(dealt)}
    return parts


def _order(example: Example) -> bytes:
    return blake2b(example.text.encode(), digest_size=8).digest()
