"""Which wordings two versions of the task model read differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.models.encoders import Encoder
from cs_bot.models.remembering import Remembering
from cs_bot.stages.task.nlu import read_all
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.slots import told_intent
from cs_bot.stages.task.task_model import TaskModel


@dataclass(frozen=True, slots=True)
class Change:
    """A wording and the intents that two versions read in it; None is none."""

    text: str
    before: str | None
    after: str | None


def changes(
    project: Project, before: TaskModel, after: TaskModel, texts: Sequence[str], encoder: Encoder
) -> list[Change]:
    """Return the wordings of which two versions read another intent; raises `EncoderDown`."""
    once = Remembering(encoder)
    readings = [read_all(project, one.reading, texts, once) for one in (before, after)]
    told = zip(texts, *readings, strict=True)
    read = (Change(text, told_intent(one), told_intent(other)) for text, one, other in told)
    return [change for change in read if change.before != change.after]
