"""Chooses within a retrieval intent: of `faq/price` and `faq/hours` the one that was meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from cs_bot.models.encoders import QueryVectors, Vectors
from cs_bot.stages.task.project import Example, Project
from cs_bot.text.normalize import normalized


class Selector:
    """The examples of a project's retrieval intents, read when one of these is first meant."""

    def __init__(self, project: Project, vectors: QueryVectors) -> None:
        self._groups: dict[str, list[Example]] = {}
        for example in project.examples:
            group, slash, _ = example.intent.partition("/")
            if slash:
                self._groups.setdefault(group, []).append(example)
        self._vectors = vectors
        self._read: dict[str, Vectors] = {}

    async def chosen(self, intent: str, vector: Vectors) -> str | None:
        """Return the full name (`faq/price`) of the example that says most nearly the same.

        None for an intent that is no group. Raises `Busy` and `EncoderDown` as the encoder does.
        """
        examples = self._groups.get(intent)
        if examples is None:
            return None
        if intent not in self._read:
            self._read[intent] = await self._encoded(examples)
        return examples[int(np.argmax(self._read[intent] @ vector))].intent

    async def _encoded(self, examples: Sequence[Example]) -> Vectors:
        texts = [normalized(example.text) for example in examples]
        return np.stack(await asyncio.gather(*map(self._vectors.of, texts)))
