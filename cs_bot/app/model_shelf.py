"""Versions of one project's task model: trained, stored, and read back where they fit."""

from __future__ import annotations

import logging

from cs_bot.errors import Busy
from cs_bot.models.encoders import Encoder
from cs_bot.models.lane import Lane
from cs_bot.stages.task.model_file import packed, unpacked
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.task_model import (
    TaskModel,
    Unfit,
    about,
    files_digest,
    trained_model,
    training_key,
    unfit,
)
from cs_bot.stores.codec import weights_digest
from cs_bot.stores.protocols import ModelStore, StoredModel, Trained
from cs_bot.types import ModelName

log = logging.getLogger(__name__)


class ModelShelf:
    """What a project and the questions of a release teach, and the store of what was learnt."""

    def __init__(self, project: Project, encoder: Encoder, store: ModelStore, lane: Lane) -> None:
        self.project = project
        self.encoder = encoder
        self.store = store
        self.lane = lane
        self.files = files_digest(project)
        self.background = Background()

    @property
    def key(self) -> str:
        """A digest of all that the project's own model is trained on."""
        return training_key(self.files, self.background, self.encoder.name)

    async def own(self, *, by: str) -> tuple[StoredModel, TaskModel] | None:
        """Return the stored version of these files and questions, trained where there is none.

        None where they teach nothing. Raises `EncoderDown`, and `Busy` when it cannot be stored.
        """
        stored = await self.store.with_key(self.key)
        if stored is not None:
            known = await self.fitting(stored)
            if not isinstance(known, Unfit):
                return stored, known
        made = await self.trained()
        return None if made is None else (await self._keep(made, packed(made), by), made)

    async def trained(self) -> TaskModel | None:
        """Return what these files and questions teach, None where that is nothing.

        Raises `EncoderDown`.
        """
        made = await self.lane.run(trained_model, self.project, self.background, self.encoder)
        return None if made.reading is None and made.learned is None else made

    async def kept(self, made: TaskModel, *, by: str) -> ModelName:
        """Store a model and return its name, which has no version where it cannot be stored."""
        weights = packed(made)
        try:
            stored = await self._keep(made, weights, by)
        except Busy as error:  # a full disk must not keep the bot from serving
            log.warning("the trained model is served, but it could not be stored: %s", error)
            return ModelName("", weights_digest(weights))
        return ModelName(stored.id, stored.digest)

    async def fitting(self, stored: StoredModel) -> TaskModel | Unfit:
        """Return a version as it was trained, or why it cannot answer for this project."""
        made_with = str(stored.about.get("encoder"))
        if made_with != self.encoder.name:
            return Unfit("encoder", made_with)
        weights = await self.store.weights(stored.id)
        if weights_digest(weights) != stored.digest:
            return Unfit("damaged")
        try:
            model = await self.lane.run(unpacked, weights)
        except ValueError as error:
            log.info("the weights of model %s cannot be read: %s", stored.id, error)
            return Unfit("damaged")
        return unfit(model, self.project) or model

    async def _keep(self, made: TaskModel, weights: bytes, by: str) -> StoredModel:
        told = Trained(self.key, self.files, about(self.project, made, self.encoder))
        return await self.store.keep(told, weights, by=by)
