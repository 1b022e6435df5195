"""The paths of the trained models: all versions with their scores, and rolling back to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from cs_bot.admin.auth import Acting
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.sentences import says
from cs_bot.admin.wire import epoch_ms
from cs_bot.errors import Conflict
from cs_bot.stages.task.task_model import Unfit
from cs_bot.stores.protocols import ModelStore, StoredModel

RollBack = Callable[[str, str], Awaitable[StoredModel]]
"""Lets a version answer, by its id, in the name of an operator."""


class ModelScoresView(BaseModel):
    """What a version came to; a score is null where too little could be held out."""

    examples: int
    intent_accuracy: float | None
    annotated: int
    entity_f1: float | None
    stories: int
    stories_passed: int


class ModelView(BaseModel):
    """One version of the task model; `scores` is null where it was not evaluated."""

    id: str
    active: bool
    trained_at: int
    trained_by: str
    digest: str
    size: int
    examples: int
    intents: int
    scores: ModelScoresView | None


class ModelsView(BaseModel):
    """All versions, newest first, which one answers, and whether it is held by a roll-back."""

    active: str | None
    held: bool
    items: list[ModelView]


def model_routes(models: ModelStore, roll_back: RollBack) -> APIRouter:
    """Return the paths under `/models`."""
    own = _Models(models, roll_back)
    routes = APIRouter(route_class=ConsoleRoute, tags=["models"])
    routes.get("/models")(own.list_models)
    routes.post("/models/{model_id}/rollback")(own.roll_back)
    return routes


class _Models:
    def __init__(self, models: ModelStore, roll_back: RollBack) -> None:
        self._models = models
        self._roll_back = roll_back

    async def list_models(self) -> ModelsView:
        """Return all versions of the task model, newest first."""
        models, active = await self._models.models(), await self._models.active()
        return ModelsView(
            active=None if active is None else active.id,
            held=active is not None and active.held_for is not None,
            items=[model_view(model) for model in models],
        )

    async def roll_back(self, model_id: str, operator: Acting) -> ModelView:
        """Let an earlier version answer until the files change; 409 says why it cannot."""
        try:
            return model_view(await self._roll_back(model_id, operator.name))
        except Conflict as error:
            why = error.current
            if not isinstance(why, Unfit):
                raise
            said = says(f"model_{why.kind}", id=model_id, name=why.name)
            raise Refused("conflict", said) from None


def model_view(model: StoredModel) -> ModelView:
    """Return a version as JSON has it."""
    return ModelView(
        id=model.id,
        active=model.active,
        trained_at=epoch_ms(model.trained_at),
        trained_by=model.trained_by,
        digest=model.digest,
        size=model.size,
        examples=model.about.get("examples", 0),
        intents=model.about.get("intents", 0),
        scores=_scores_view(model.scores),
    )


def _scores_view(scores: Mapping[str, Any]) -> ModelScoresView | None:
    return ModelScoresView(**scores) if scores else None
