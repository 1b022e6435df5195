"""Turns texts into vectors; a query is encoded once, however many stages ask for it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cs_bot.errors import CsBotError
from cs_bot.models.lane import Batcher, Lane
from cs_bot.models.packaged import packaged_model

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

MOST_CHARACTERS = 500
"""Of a query that are encoded: time grows with the square, to half a second at 4,000."""


class Encoder(Protocol):
    """A synchronous sentence encoder."""

    name: str

    @property
    def dimensions(self) -> int:
        """The width of a row."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, dimensions), rows of length 1."""
        ...


class UniversalSentenceEncoder:
    """The packaged multilingual encoder (USE multilingual v3, Yang et al. 2019), numpy only."""

    name = "use"
    dimensions = 512

    def __init__(self, kept_in: Path | None = None) -> None:
        self._model = packaged_model(kept_in)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, 512), rows of length 1."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


class QueryVectors:
    """Vectors of single queries from the encoder's lane, the latest ones remembered."""

    def __init__(self, encoder: Encoder, lane: Lane, *, remembered: int = 2048) -> None:
        self.encoder = encoder
        # An encoder may do for customers who wait what it does not do for a base.
        self._ask = Batcher(lane, getattr(encoder, "encode_queries", encoder.encode))
        self._remembered = remembered
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    async def of(self, query: str) -> Vectors:
        """Return the vector of one query (its beginning), shape (dimensions,); raises `Busy`."""
        query = query[:MOST_CHARACTERS]
        vector = self._known.get(query)
        if vector is None:
            vector = await self._ask(query)
            self._known[query] = vector
            if len(self._known) > self._remembered:
                self._known.popitem(last=False)
        self._known.move_to_end(query)
        return vector


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A query by both encoders; None where one is not configured, or did not answer."""

    first: Vectors | None
    second: Vectors | None = None
    without: tuple[str, ...] = ()
    """Names of the encoders that failed, or have not read the release yet."""


class BothVectors:
    """Asks both encoders for a query at the same time, and goes on without one that fails."""

    def __init__(self, first: QueryVectors, second: QueryVectors | None = None) -> None:
        self._first = first
        self._second = second
        self._failing: set[str] = set()

    async def of(self, query: str, *, first: bool = True, joint: bool) -> Encoded:
        """Return the query's vectors.

        Without `first`, or `joint`, that encoder is not asked and counts as one that failed: it has
        not read the release, so that nothing could be compared with what it says.
        """
        answers = await asyncio.gather(
            self._asked(self._first if first else None, query),
            self._asked(self._second if joint else None, query),
        )
        failed = tuple(
            one.encoder.name
            for one, vector in zip((self._first, self._second), answers, strict=True)
            if one is not None and vector is None
        )
        return Encoded(*answers, failed)

    async def _asked(self, vectors: QueryVectors | None, query: str) -> Vectors | None:
        if vectors is None:
            return None
        name = vectors.encoder.name
        try:
            vector = await vectors.of(query)
        except CsBotError as error:  # a full lane, an endpoint that is down: the other legs answer
            if name not in self._failing:  # once until it answers: every question would say it
                log.warning("the encoder %s did not answer: %s", name, error)
            self._failing.add(name)
            return None
        self._failing.discard(name)
        return vector
