"""What the factories of stages may build on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cs_bot.models.encoders import BothVectors, QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.models.rerankers import Reranker
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.votes import NO_VOTES, Votes
from cs_bot.settings import Settings, Table
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stores.protocols import AnswerCache, Stores
from cs_bot.text.lexicon import Lexicon
from cs_bot.types import Stage


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one bot that are there before its stages are."""

    settings: Settings
    stores: Stores
    snapshots: Snapshots
    contracts: Contracts
    vectors: QueryVectors
    both: BothVectors
    cache: AnswerCache
    reranker: Reranker | None
    lexicon: Lexicon
    tasks: TaskBot
    search_lane: Lane
    rerank_lane: Lane
    talk_lane: Lane
    at_end: Callable[[Callable[[], Awaitable[None]]], object]
    """Has something called when the bot closes."""
    votes: Callable[[], Votes] = lambda: NO_VOTES
    """What customers have voted so far; nothing where feedback is off."""


StageFactory = Callable[[Parts, Table], Stage]
"""What an entry point of the group `cs_bot.stages` names: parts and own settings -> stage."""
