"""Builds each release's index together with the reader that tells its questions from jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary, ref

from cs_bot.app.actions import BotActions
from cs_bot.app.makers import adapter, dialogs, second_vector_files, synonyms, vector_files
from cs_bot.errors import Busy, EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.settings import Settings, Table
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.model_file import kept_or_trained, training_key
from cs_bot.stages.task.nlu import Background, IntentModel, TaskReader, train
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.rehearsal import Rehearsal
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.types import Message, QAPair, Reading

log = logging.getLogger(__name__)

_DRAFTS = "drafts"
_MOST_BACKGROUND = 5_000
"""Questions among which training chooses. As they are the same ones in the next release, an edited
pair of a large base hardly ever means training again."""


class Readers:
    """The task bot, and one reader of messages for each release, as long as its index is held."""

    def __init__(
        self,
        settings: Settings,
        vectors: QueryVectors,
        second: QueryVectors | None = None,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        project = load_project(dialogs(settings))
        dials = settings.stages.get("task", Table("stages.task")).read(TaskSettings)
        self.actions = BotActions(settings, project, dials)
        self.tasks = _task_bot(project, self.actions.all, dials, rehearsal)
        self._vectors = vectors
        self._files = vector_files(settings)
        self._second = second
        self._second_files = second_vector_files(settings)
        self._adapter = adapter(settings)
        self._synonyms = synonyms(settings)
        self._untrained = TaskReader(project, None, vectors)
        self._without_release = self._untrained
        self._latest: Callable[[], Snapshot | None] = lambda: None
        self._trained: tuple[str, IntentModel | None] = ("", None)
        self._closing = False
        self._of: WeakKeyDictionary[Snapshot, TaskReader] = WeakKeyDictionary()

    def __len__(self) -> int:
        """Return how many releases can be read."""
        return len(self._of)

    def build(self, release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        """Index a release and train the reader on it, or by words alone; work for a lane."""
        try:
            return self.whole(release_id, pairs)
        except EncoderDown as error:
            log.warning("%s; release %s is searched without it until it answers", error, release_id)
        snapshot = Snapshot.by_words(
            release_id, pairs, synonyms=self._synonyms, before=self._latest()
        )
        self._of[snapshot] = self._untrained
        return snapshot

    def learn(self) -> None:
        """Train what reads messages while nothing is published, as in a Rasa project; for a lane.

        It knows no questions that are no job; the first release brings them.
        """
        model = self._trained_on(Background(), self._files.folder("unpublished") / "intents.npz")
        self._without_release = TaskReader(self.tasks.project, model, self._vectors)

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
        self._of[snapshot] = TaskReader(self.tasks.project, self._intents(snapshot), self._vectors)
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
        self._of[new] = self._of[old]
        if self._latest() is old:
            self._latest = ref(new)
        return new

    def draft(
        self, pairs: Sequence[QAPair], before: Snapshot | None, progress: Callable[[int, int], None]
    ) -> Snapshot:
        """Index pairs that are not published, as far as they differ from a release; for a lane.

        Their vectors are kept, for when they are published; no reader is trained.
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

    def _intents(self, snapshot: Snapshot) -> IntentModel | None:
        background = Background(*snapshot.sample(_MOST_BACKGROUND))
        path = self._files.folder(snapshot.release_id) / "intents.npz"
        return self._trained_on(background, path)

    def _trained_on(self, background: Background, path: Path) -> IntentModel | None:
        """Return the model kept in a file, else one that is trained; raises `EncoderDown`."""
        project, encoder = self.tasks.project, self._vectors.encoder
        key = training_key(project, background, encoder.name)
        known, model = self._trained
        model = kept_or_trained(
            path, key, lambda: model if key == known else train(project, background, encoder)
        )
        self._trained = key, model
        return model

    async def read(
        self, message: Message, query: str, state: DialogueState, snapshot: Snapshot | None
    ) -> Reading:
        """Read a message with the reader of this release; None is a bot that has published none."""
        reader = self._without_release if snapshot is None else self._of[snapshot]
        return await reader.read(message, query, state)

    def close(self) -> None:
        """Let running actions end, and the second encoder stop where it is."""
        self._closing = True
        self.actions.close()


def _task_bot(
    project: Project, actions: Actions, dials: TaskSettings, rehearsal: Rehearsal | None
) -> TaskBot:
    if rehearsal is None:
        return TaskBot(project, actions, dials)
    return TaskBot(project, rehearsal.instead_of(actions), dials, rehearsal.hear)
