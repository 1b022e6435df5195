"""Checks the drafts in the background: indexes them, asks labelled and real questions, compares."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cs_bot.admin.draft_replay import DraftCheck, Replayed, Step
from cs_bot.app.examiner import Examiner
from cs_bot.errors import CsBotError
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.replay import Question
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import Label, Stores
from cs_bot.types import QAPair

log = logging.getLogger(__name__)

_REAL = 500
"""Of the last questions customers typed."""

BuildDraft = Callable[[Sequence[QAPair], Snapshot | None, Callable[[int, int], None]], Snapshot]


@dataclass(frozen=True, slots=True)
class _Key:
    """What a check holds for."""

    drafts: str
    labels: int
    release: str | None


class BackgroundDraftChecks:
    """`DraftChecks` of this process; another process may make its own of the same drafts."""

    def __init__(
        self,
        stores: Stores,
        snapshots: Snapshots,
        contracts: Contracts,
        examiner: Examiner,
        build: BuildDraft,
        lane: Lane,
    ) -> None:
        self._knowledge = stores.knowledge
        self._labels = stores.labels
        self._snapshots = snapshots
        self._contracts = contracts
        self._examiner = examiner
        self._build = build
        self._lane = lane
        self._key: _Key | None = None
        self._check = DraftCheck("absent")
        self._task: asyncio.Task[None] | None = None

    async def state(self) -> DraftCheck:
        """Return the check of what is there now; `absent` where there is none.

        One of earlier drafts or labels is `stale`: it still tells what to mend while the release
        it was held against is live.
        """
        now = await self._now()
        if now == self._key:
            return self._check
        if self._key is None or self._check.state == "failed" or self._key.release != now.release:
            return DraftCheck("absent")
        return replace(self._check, state="stale")

    async def start(self) -> DraftCheck:
        """Begin a check, unless one of the same drafts runs or is done."""
        key = await self._now()
        if key != self._key or self._check.state == "failed":
            await self.close()
            self._key, self._check = key, DraftCheck("running", "index")
            self._task = asyncio.create_task(self._run(key))
        return self._check

    async def finished(self) -> DraftCheck:
        """Wait for the check that runs, if any, and return it."""
        if self._task is not None:
            await asyncio.wait((self._task,))
        return self._check

    async def close(self) -> None:
        """Let go of a check that runs; what its lane is at ends by itself."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _now(self) -> _Key:
        drafts, labels = await asyncio.gather(
            self._knowledge.draft_version(), self._labels.version()
        )
        return _Key(drafts, labels, self._snapshots.release())

    async def _run(self, key: _Key) -> None:
        try:
            result = await self._replayed(key)
        except CsBotError as error:
            self._tell(key, DraftCheck("failed", error=str(error)))
        except Exception:  # the operator must not wait for a check that has died
            log.exception("the drafts could not be checked")
            self._tell(key, DraftCheck("failed", error="internal"))
        else:
            self._tell(key, DraftCheck("done", result=result))

    async def _replayed(self, key: _Key) -> Replayed:
        current, known = self._snapshots.current, self._contracts.judged
        pairs = await self._knowledge.draft_pairs()
        draft = await self._lane.run(self._build, pairs, current, self._progress(key, "index"))
        labels = await self._labels.all_labels()
        judged = await self._lane.run(
            self._examiner.judge, draft, labels, self._counting(key, "ask", len(labels))
        )
        questions = _questions(labels, await self._labels.last_questions(_REAL))
        changes = await self._lane.run(
            self._examiner.replay,
            questions,
            None if current is None else (current, known),
            (draft, judged),
            self._counting(key, "compare", len(questions)),
        )
        before = {} if current is None else current.pairs
        real = sum(not question.labelled for question in questions)
        return Replayed(
            len(questions) - real, real, changes, known, judged, {**before, **draft.pairs}
        )

    def _progress(self, key: _Key, step: Step) -> Callable[[int, int], None]:
        """Return what hears from a lane how far a step is."""
        loop = asyncio.get_running_loop()

        def heard(done: int, total: int) -> None:
            loop.call_soon_threadsafe(self._tell, key, DraftCheck("running", step, done, total))

        return heard

    def _counting(self, key: _Key, step: Step, total: int) -> Callable[[int], None]:
        heard = self._progress(key, step)
        return lambda done: heard(done, total)

    def _tell(self, key: _Key, check: DraftCheck) -> None:
        if key == self._key and self._check.state == "running":
            self._check = check


def _questions(labels: Sequence[Label], real: Sequence[str]) -> list[Question]:
    """Return labelled questions first, then real ones that are none of them."""
    labelled = [Question(label.question, labelled=True, gold=label.pair_id) for label in labels]
    known = {question.text for question in labelled}
    return [*labelled, *(Question(text) for text in real if text not in known)]
