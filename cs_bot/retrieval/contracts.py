"""Holds the terms under which each release answers, and follows labels and releases."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from cs_bot.errors import EncoderDown
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contract import Terms
from cs_bot.retrieval.judged import Judged
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import Label, LabelStore

log = logging.getLogger(__name__)

_LONGEST_PAUSE_SECONDS = 30.0

Judge = Callable[[Snapshot, Sequence[Label]], Judged]
"""Asks a snapshot all labelled questions; seconds of work for a lane."""


class Contracts:
    """The terms of the release that answers.

    They are found again whenever somebody labels, and whenever the index changes; until then the
    last ones hold. Processes share what they find through the store. Where no risk is stated
    (`active` is False) there are none.
    """

    def __init__(
        self,
        labels: LabelStore,
        snapshots: Snapshots,
        judge: Judge,
        lane: Lane,
        *,
        scope: str,
        active: bool = True,
        poll_seconds: float = 1.0,
    ) -> None:
        self._labels = labels
        self._snapshots = snapshots
        self._judge = judge
        self._lane = lane
        self._scope = scope
        self._active = active
        self._poll_seconds = poll_seconds
        self._held: Judged | None = None
        self._key: tuple[str, str] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def judged(self) -> Judged | None:
        """What the labelled questions came to last; None before they were asked."""
        return self._held

    @property
    def terms(self) -> Terms | None:
        """The terms that hold now; None before any were found."""
        return None if self._held is None else self._held.terms

    @property
    def key(self) -> str:
        """Text that changes with the terms."""
        return "" if self._key is None else "\n".join(self._key)

    async def refresh(self, *, ask: bool = True) -> bool:
        """Find the terms of the current release; False when they are held already.

        With `ask` False nothing is asked; the last terms that the store has are taken.
        """
        async with self._one_at_a_time:
            snapshot = self._snapshots.current
            if snapshot is None or not self._active:
                return False
            key = snapshot.release_id, await self._key_of(snapshot)
            if key == self._key:
                return False
            if not ask:
                return await self._take_what_is_kept(key)
            found = await self._found(snapshot, key)
            self._held, self._key = found, key
            log.info("release %s: %s", snapshot.release_id, found.terms.choice)
            return True

    async def follow(self) -> None:
        """Refresh about every second until cancelled; a failure is logged and tried again."""
        pause_seconds = self._poll_seconds
        while True:
            try:
                await self.refresh()
                pause_seconds = self._poll_seconds
            except EncoderDown as error:  # whoever asks for customers says so
                log.info("%s; labelled questions are asked again in %g s", error, pause_seconds)
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            except Exception:  # a store or an encoder that is down must not end the watch
                if pause_seconds == self._poll_seconds:
                    log.exception("labelled questions cannot be asked, the last terms hold")
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause_seconds)

    async def _key_of(self, snapshot: Snapshot) -> str:
        encoders = f"{snapshot.has_first:d}{snapshot.has_second:d}"
        return f"{self._scope} {encoders} {await self._labels.version()}"

    async def _take_what_is_kept(self, key: tuple[str, str]) -> bool:
        """Begin with the last terms of the release: the right ones may take seconds to find."""
        kept = await self._labels.latest_terms(key[0])
        self._held = None if kept is None else Judged.from_json(kept)
        return kept is not None

    async def _found(self, snapshot: Snapshot, key: tuple[str, str]) -> Judged:
        kept = await self._labels.terms(*key)
        if kept is not None:
            return Judged.from_json(kept)
        labels = await self._labels.all_labels()
        found = await self._lane.run(self._judge, snapshot, labels)
        await self._labels.keep_terms(*key, found.as_json())
        return found
