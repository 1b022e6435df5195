"""Builds each release's index, and lets the task model learn its questions, which are no jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from weakref import ref

from cs_bot.app.actions import BotActions
from cs_bot.app.makers import adapter, dialogs, second_vector_files, synonyms, vector_files
from cs_bot.app.task_models import TaskModels
from cs_bot.errors import Busy, EncoderDown
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.settings import Settings, Table
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.rehearsal import Rehearsal
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stages.task.words import Heard, nobody_hears
from cs_bot.stores.protocols import ModelStore
from cs_bot.types import QAPair

log = logging.getLogger(__name__)

_DRAFTS = "drafts"
_MOST_BACKGROUND = 5_000
"""Questions among which training chooses. As they are the same ones in the next release, an edited
pair of a large base hardly ever means training again."""


class Readers:
    """The task bot, its models, and the indexes of releases."""

    def __init__(
        self,
        settings: Settings,
        vectors: QueryVectors,
        second: QueryVectors | None,
        store: ModelStore,
        lane: Lane,
        *,
        tries: str = "",
        rehearsal: Rehearsal | None = None,
    ) -> None:
        project = load_project(dialogs(settings))
        dials = settings.stages.get("task", Table("stages.task")).read(TaskSettings)
        self.actions = BotActions(settings, project, dials)
        self.models = TaskModels(project, vectors, store, lane, tries=tries)
        own = self.models.policies, self.models.policies_of
        actions: Actions = self.actions.all
        heard: Heard = nobody_hears
        if rehearsal is not None:
            actions, heard = rehearsal.instead_of(self.actions.all), rehearsal.hear
        self.tasks = TaskBot(project, actions, dials, *own, heard=heard)
        self._vectors = vectors
        self._files = vector_files(settings)
        self._second = second
        self._second_files = second_vector_files(settings)
        self._adapter = adapter(settings)
        self._synonyms = synonyms(settings)
        self._latest: Callable[[], Snapshot | None] = lambda: None
        self._closing = False

    def build(self, release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        """Index a release, or by words alone; work for a lane."""
        try:
            return self.whole(release_id, pairs)
        except EncoderDown as error:
            log.warning("%s; release %s is searched without it until it answers", error, release_id)
        return Snapshot.by_words(release_id, pairs, synonyms=self._synonyms, before=self._latest())

    def whole(self, release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        """Index a release with the first encoder; raises `EncoderDown`.

        Seconds for a small base, a minute for a large one, and less than a second where it differs
        in a few pairs from the release before it, as long as that one's index is held.
        """
        encoder = self._vectors.encoder
        snapshot = Snapshot.build(
            release_id,
            pairs,
            encoder,
            synonyms=self._synonyms,
            files=self._files,
            before=self._latest(),
        )
        self._latest = ref(snapshot)
        return snapshot

    def restore(self, release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        """Index a release that was indexed by words alone; raises `EncoderDown`."""
        check: Callable[[], None] | None = getattr(self._vectors.encoder, "check", None)
        if check is not None:  # asked at once: the pause before this was ours
            check()
        return self.whole(release_id, pairs)

    def read_answers(self, snapshot: Snapshot) -> Snapshot:
        """Add what the answers say; work for a lane."""
        return self._instead(snapshot, snapshot.with_answers())

    def join(self, snapshot: Snapshot) -> Snapshot:
        """Add the second encoder's opinion; minutes of work for a large base, for a lane."""
        assert self._second is not None  # noqa: S101 - asked only where there is one
        joined = snapshot.joined(
            self._second.encoder,
            self._adapter,
            files=self._second_files,
            progress=self._go_on,
        )
        return self._instead(snapshot, joined)

    def _instead(self, old: Snapshot, new: Snapshot) -> Snapshot:
        """Let the new snapshot, of the same release, have what the old one has here."""
        if self._latest() is old:
            self._latest = ref(new)
        return new

    def draft(
        self, pairs: Sequence[QAPair], before: Snapshot | None, progress: Callable[[int, int], None]
    ) -> Snapshot:
        """Index pairs that are not published, as far as they differ from a release; for a lane.

        Their vectors are kept, for when they are published; nothing is trained.
        """
        snapshot = Snapshot.build(
            _DRAFTS,
            pairs,
            self._vectors.encoder,
            synonyms=self._synonyms,
            files=self._files,
            progress=progress,
            before=before,
        ).with_answers()
        if self._second is None:
            return snapshot

        def told(done: int, total: int) -> None:
            self._go_on()
            progress(done, total)

        return snapshot.joined(
            self._second.encoder, self._adapter, files=self._second_files, progress=told
        )

    def _go_on(self, *_: int) -> None:
        if self._closing:
            raise Busy("the bot is closing")

    async def learn(self, snapshot: Snapshot | None) -> None:
        """Let the task model learn which questions are no job; None where nothing is published."""
        if snapshot is None:
            await self.models.learn(Background())
        elif snapshot.has_first:
            await self.models.learn(Background(*snapshot.sample(_MOST_BACKGROUND)))
        else:
            await self.models.learn(None)

    def close(self) -> None:
        """Let running actions end, and the second encoder stop where it is."""
        self._closing = True
        self.actions.close()
