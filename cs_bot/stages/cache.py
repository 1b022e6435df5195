"""Answers what is asked all the time without asking any model: published answers only.

The key holds the release and the language, so that publishing makes old answers unreachable. Counts
of questions know no release: what many ask is kept again at its first asking after a publish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cs_bot.blocks import as_wire, from_wire
from cs_bot.events import LocaleSet
from cs_bot.settings import WrongValue
from cs_bot.stores.protocols import AnswerCache, CachedAnswer, TurnRecord
from cs_bot.types import Abstain, Candidate, Reply, Turn

_NAME = "cache"
_SOURCE = "kbqa"
_MISS = "miss"
_LONGEST_TTL_SECONDS = 10 * 365 * 86_400
"""Ten years; a date must still hold the end of it."""


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """`[stages.cache]`: how long an answer is kept, how many are at most, and from when on."""

    ttl_seconds: float = 86_400.0
    most: int = 10_000
    promote_after: int = 2
    """Times that a question is asked before its answer is kept."""

    def __post_init__(self) -> None:
        if not 0 < self.ttl_seconds <= _LONGEST_TTL_SECONDS:
            raise WrongValue("ttl_seconds", f"more than 0 and at most {_LONGEST_TTL_SECONDS}")
        if self.most < 1:
            raise WrongValue("most", "1 or more")
        if self.promote_after < 1:
            raise WrongValue("promote_after", "1 or more")


class CacheStage:
    """Answers a question that was answered word for word before, from the same release."""

    name = _NAME

    def __init__(
        self, cache: AnswerCache, doubted: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._cache = cache
        self._doubted = doubted
        """Whether customers voted against a pair: then its answers are decided anew."""

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Answer with what is kept under the turn's key."""
        if turn.message.payload is not None:
            return Abstain("not_text")
        if turn.state.paused:
            return Abstain("paused")
        if turn.state.task is not None or turn.state.requested_slot is not None:
            return Abstain("task_active")
        if turn.release is None:
            return Abstain("no_release")
        kept = await self._cache.find(
            _key(turn.release, turn.locale, turn.message.channel, turn.query)
        )
        at = turn.message.received_at
        if kept is None or self._doubted(kept.ref) or not _holds(kept, at):
            return Abstain(_MISS)
        return _restored(kept)


class AnswerCacheFiller:
    """Hears every answered turn and keeps the answers that many ask for, the same for everybody."""

    def __init__(self, cache: AnswerCache, *, promote_after: int = 1) -> None:
        self._cache = cache
        self._promote_after = promote_after

    async def __call__(self, record: TurnRecord) -> None:
        """Keep the turn's answer where the cache had been asked and had none."""
        if record.release is None or record.masked or not _missed(record):
            return
        if record.trace.answered_by != _SOURCE or not _is_for_everybody(record.trace.reply):
            return
        if await self._is_frequent(record):
            key = _key(record.release, record.locale, record.channel, record.query)
            await self._cache.keep(key, _kept(record.trace.reply, record.query))

    async def _is_frequent(self, record: TurnRecord) -> bool:
        if self._promote_after == 1:
            return True
        count = await self._cache.asked(_key("", record.locale, record.channel, record.query))
        return count >= self._promote_after


class ScopedAnswers:
    """The part of a shared cache that belongs to one bot with one set of dials and terms."""

    def __init__(self, cache: AnswerCache, scope: Callable[[], str], *, own: str = "") -> None:
        self._cache = cache
        self._scope = scope
        self._own = own

    async def find(self, key: str) -> CachedAnswer | None:
        """Return what this bot, as it is configured now, has kept."""
        return await self._cache.find(f"{self._scope()}\n{key}")

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        """Keep an answer for bots of the same scope."""
        await self._cache.keep(f"{self._scope()}\n{key}", answer)

    async def asked(self, key: str) -> int:
        """Count a question put to this bot, whatever its terms: they change with each release."""
        return await self._cache.asked(f"{self._own}\n{key}")


def _key(release: str, locale: str, channel: str, query: str) -> str:
    return "\n".join((release, locale, channel, query))


def _missed(record: TurnRecord) -> bool:
    """Tell whether this was a plain question: otherwise the stage said something else."""
    return any(step.stage == _NAME and step.outcome == _MISS for step in record.trace.steps)


def _is_for_everybody(reply: Reply) -> bool:
    """Tell whether the reply depends on nobody and changes nothing (the language is in the key)."""
    eventful = any(not isinstance(event, LocaleSet) for event in reply.events)
    return (
        reply.impersonal
        and reply.ref is not None
        and not reply.generated
        and not reply.handoff
        and not eventful
        # What an encoder will say that is missing now may be another answer.
        and not reply.detail.get("without")
    )


def _kept(reply: Reply, query: str) -> CachedAnswer:
    ref = reply.ref or ""
    question = next((item.question for item in reply.candidates if item.id == ref), query)
    blocks = tuple(as_wire(block, public=False) for block in reply.blocks)
    return CachedAnswer(
        ref,
        question,
        reply.score,
        blocks,
        holds_from=reply.holds_from.isoformat() if reply.holds_from else None,
        holds_until=reply.holds_until.isoformat() if reply.holds_until else None,
    )


def _holds(kept: CachedAnswer, at: datetime) -> bool:
    """Tell whether the pair has no other answer for a message of this time."""
    since, until = _time(kept.holds_from), _time(kept.holds_until)
    return (since is None or since <= at) and (until is None or at < until)


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _restored(kept: CachedAnswer) -> Reply:
    return Reply(
        blocks=tuple(from_wire(block) for block in kept.blocks),
        score=kept.score,
        candidates=(Candidate(kept.ref, kept.question, kept.score, via=_NAME),),
        ref=kept.ref,
        impersonal=True,
        holds_from=_time(kept.holds_from),
        holds_until=_time(kept.holds_until),
    )
