"""Trains a project's task model, evaluates it, and lets it answer unless it is worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.app.model_shelf import ModelShelf
from cs_bot.stages.task.comparing import Measure, compared
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.nlu import read_all
from cs_bot.stages.task.rasa.test_stories import passed
from cs_bot.stages.task.story import Path as StoryPath
from cs_bot.stages.task.task_model import TaskModel, Unfit
from cs_bot.stages.task.trials import Progress, judged_as_json, judged_examples, scores_of
from cs_bot.stores.protocols import StoredModel


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a training."""

    model: StoredModel
    before: StoredModel | None
    """What answered before, where that was another version."""
    measures: tuple[Measure, ...] = ()
    """Both on what they were judged on in common."""

    @property
    def worse(self) -> tuple[Measure, ...]:
        """The scores by which the new version is worse than the one before."""
        return tuple(one for one in self.measures if one.is_worse)


async def trained(
    shelf: ModelShelf,
    stories: Sequence[StoryPath],
    *,
    by: str,
    force: bool = False,
    progress: Progress | None = None,
) -> Trial | None:
    """Return the version of the project's files, evaluated, and active unless it is worse.

    None where the project teaches nothing. Raises `EncoderDown`, `Busy`, and `Conflict` where
    another version has become active meanwhile.
    """
    found = await shelf.own(by=by)
    if found is None:
        return None
    stored, model = found
    if not stored.scores:
        stored = await _scored(shelf, stored, model, stories, progress)
    active = await shelf.store.active()
    before = None if active is None else await shelf.store.model(active.id)
    if active is None or before is None or before.id == stored.id:
        if active is None or active.held_for is not None:  # it answers for itself, held no more
            instead_of = None if active is None else active.id
            stored = await shelf.store.activate(stored.id, instead_of=instead_of, by=by)
        return Trial(stored, None)
    judged = await shelf.store.judged(before.id), await shelf.store.judged(stored.id)
    trial = Trial(stored, before, compared(*judged))
    if trial.worse and not force and not isinstance(await shelf.fitting(before), Unfit):
        await shelf.store.roll_back(before.id, held_for=shelf.files, by=by)
        return trial
    activated = await shelf.store.activate(stored.id, instead_of=before.id, by=by)
    return Trial(activated, before, trial.measures)


async def _scored(
    shelf: ModelShelf,
    stored: StoredModel,
    model: TaskModel,
    stories: Sequence[StoryPath],
    progress: Progress | None,
) -> StoredModel:
    project, policies = shelf.project, Policies.of(shelf.project, learn=False).taught(model.learned)
    encoder, lane = shelf.encoder, shelf.lane
    judged = await lane.run(judged_examples, project, shelf.background, encoder, progress)

    def played() -> dict[str, bool]:
        return passed(
            stories, policies, lambda texts: read_all(project, model.reading, texts, encoder)
        )

    told = await lane.run(played)
    return await shelf.store.score(stored.id, scores_of(judged, told), judged_as_json(judged, told))
