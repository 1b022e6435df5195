"""Holds the task model that answers now, trains it where the files changed, follows the store."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from cs_bot.app.model_shelf import ModelShelf
from cs_bot.errors import Busy, Conflict, EncoderDown
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.stages.task.dialogue.policies import Policies, learned_from
from cs_bot.stages.task.nlu import Background, TaskReader
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.task_model import TaskModel, Unfit
from cs_bot.stores.protocols import ActiveModel, ModelStore, StoredModel
from cs_bot.types import ModelName

log = logging.getLogger(__name__)

_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Serving:
    """What a model reads and decides with, in this project."""

    reader: TaskReader
    policies: Policies


class TaskModels:
    """The model that answers now, and those that turns in progress began with.

    A server makes what it trains the active version. A command that only `tries` something out
    stores it and leaves the active one active, so that no server follows.
    """

    def __init__(
        self,
        project: Project,
        vectors: QueryVectors,
        store: ModelStore,
        lane: Lane,
        *,
        tries: str = "",
        poll_seconds: float = 1.0,
    ) -> None:
        self.shelf = ModelShelf(project, vectors.encoder, store, lane)
        self.policies = Policies.of(project, learn=False)
        self.store = store
        self._vectors = vectors
        self._lane = lane
        self._leads = not tries
        self._by = tries or "cs-bot serve"
        self._poll_seconds = poll_seconds
        self._untrained = self._serving(TaskModel(None, None))
        self._name: ModelName | None = None
        # A turn holds the name it began with, and with the name what it stands for.
        self._of: WeakKeyDictionary[ModelName, Serving] = WeakKeyDictionary()
        self._seen: ActiveModel | None = None
        self._one_at_a_time = asyncio.Lock()

    def __len__(self) -> int:
        """Return how many models are held, for turns in progress and to come."""
        return len(self._of)

    def name(self) -> ModelName | None:
        """Return the model that answers now, None where nothing is trained."""
        return self._name

    def reader_of(self, name: ModelName | None) -> TaskReader:
        """Return what reads messages in a turn with this model."""
        return self._served(name).reader

    def policies_of(self, name: ModelName | None) -> Policies:
        """Return what decides in a turn with this model."""
        return self._served(name).policies

    async def learn(self, background: Background | None) -> None:
        """Serve what the project and these questions teach, trained where it is not stored.

        Another version is served where it was rolled back to for these very files, or was trained
        by a process with other files while this one serves. None: nothing can be encoded now.
        """
        async with self._one_at_a_time:
            active = await self.store.active()
            model = None if active is None else await self.store.model(active.id)
            if background is not None:
                self.shelf.background = background
            try:
                await self._settle(active, model, trains=background is not None)
            except EncoderDown as error:
                log.warning("%s; no model is trained until it answers", error)
            if self._name is None:
                policies = self.policies.taught(
                    await self._lane.run(learned_from, self.shelf.project)
                )
                self._untrained = Serving(self._untrained.reader, policies)
            self._seen = self._seen or active

    async def refresh(self) -> bool:
        """Serve the store's active version once it is another one; False where nothing changed."""
        async with self._one_at_a_time:
            active = await self.store.active()
            if active is None or (self._seen is not None and active.moves == self._seen.moves):
                return False
            self._seen = active
            if self._name is not None and self._name.id == active.id:
                return False
            return await self._serves(await self.store.model(active.id))

    async def follow(self) -> None:
        """Refresh about every second until cancelled; after a failure the served model stays."""
        pause_seconds = self._poll_seconds
        while True:
            await asyncio.sleep(pause_seconds)
            try:
                await self.refresh()
                pause_seconds = self._poll_seconds
            except Exception:  # a store that is down must not end the watch
                if pause_seconds == self._poll_seconds:
                    log.exception("the active model cannot be read, %s stays", _named(self._name))
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)

    async def roll_back(self, model_id: str, by: str) -> StoredModel:
        """Let a version answer for the files as they are, here at once.

        Raises `NotFound`, and `Conflict` with an `Unfit` where it cannot answer for this project.
        """
        stored = await self.store.model(model_id)
        model = await self.shelf.fitting(stored)
        if isinstance(model, Unfit):
            raise Conflict(f"model {stored.id} cannot answer: {model}", current=model)
        held = await self.store.roll_back(stored.id, held_for=self.shelf.files, by=by)
        await self.refresh()
        return held

    async def _settle(
        self, active: ActiveModel | None, model: StoredModel | None, *, trains: bool
    ) -> None:
        refused = ""
        if active is not None and model is not None:
            held = active.held_for == self.shelf.files
            if model.key == self.shelf.key or held or not trains:
                if await self._serves(model):
                    self._warn_of_held(model, held=held)
                    return
                refused = model.id
            elif self._leads and self._name is not None and model.files != self.shelf.files:
                await self._serves(model)  # else what is served stays
                return
        if trains:
            await self._train(model, refused)

    def _warn_of_held(self, model: StoredModel, *, held: bool) -> None:
        if held and model.files != self.shelf.files:
            log.warning(
                "model %s is held: it answers, although the project's files have changed since "
                "it was trained",
                model.id,
            )

    async def _train(self, active: StoredModel | None, refused: str) -> None:
        """Serve what these files teach, stored and, where this process leads, active."""
        stored = await self.store.with_key(self.shelf.key)
        if stored is None or stored.id == refused or not await self._serves(stored):
            made = await self.shelf.trained()
            if made is None:
                return
            self._put(await self.shelf.kept(made, by=self._by), made)
        if self._leads or active is None:
            await self._activate(active)

    async def _activate(self, active: StoredModel | None) -> None:
        """Let the version that is served answer everywhere, instead of the one that was active."""
        served = self._name.id if self._name is not None else ""
        if not served:
            return
        try:
            instead_of = None if active is None else active.id
            await self.store.activate(served, instead_of=instead_of, by=self._by)
        except (Busy, Conflict) as error:
            log.info("model %s does not become the active one: %s", served, error)
        else:
            self._tell(served, active)

    def _tell(self, served: str, active: StoredModel | None) -> None:
        if active is not None and active.files != self.shelf.files:
            log.warning(
                "the project's files are not those that model %s was trained on: "
                "trained anew, model %s answers now",
                active.id,
                served,
            )
        else:
            log.info("model %s answers now", served)

    async def _serves(self, stored: StoredModel) -> bool:
        """Serve a version from now on; False, and why in the log, where it cannot be."""
        model = await self.shelf.fitting(stored)
        if isinstance(model, Unfit):
            log.warning("model %s cannot answer for this project: %s", stored.id, model)
            return False
        self._put(ModelName(stored.id, stored.digest), model)
        return True

    def _put(self, name: ModelName, model: TaskModel) -> None:
        held = next((one for one in self._of if one == name), None)  # by turns in progress
        if held is None:
            self._of[name] = self._serving(model)
        self._name = held or name

    def _serving(self, model: TaskModel) -> Serving:
        reader = TaskReader(self.shelf.project, model.reading, self._vectors)
        return Serving(reader, self.policies.taught(model.learned))

    def _served(self, name: ModelName | None) -> Serving:
        return self._untrained if name is None else self._of[name]


def _named(name: ModelName | None) -> str:
    return "no model" if name is None else f"model {name.id}"
