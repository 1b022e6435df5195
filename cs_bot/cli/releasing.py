"""What the verbs of `cs-bot knowledge` share: check, encode and announce a release."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from cs_bot.errors import EncoderDown
from cs_bot.settings import Settings
from cs_bot.stores.protocols import KnowledgeStore, Release
from cs_bot.types import QAPair

BY = "cs-bot knowledge"


def refuse_problems(
    settings: Settings, pairs: Sequence[QAPair], *, where: str, remedy: str
) -> None:
    """Raise `BadInput` for what the console would not publish either."""
    from cs_bot.admin import draft_check
    from cs_bot.text.normalize import normalized

    draft_check.refuse_problems(
        pairs, normalized, where=where, remedy=remedy, tasks=_tasks(settings, pairs)
    )


def _tasks(settings: Settings, pairs: Sequence[QAPair]) -> Collection[str] | None:
    """Return what a button may start, None where no answer has a button."""
    if not any(answer.blocks for pair in pairs for answer in pair.answers):
        return None
    from cs_bot.app import dialogs
    from cs_bot.stages.task.rasa.load import load_project

    return [task.name for task in load_project(dialogs(settings)).tasks]


def index(settings: Settings, pairs: Sequence[QAPair]) -> None:
    """Encode what will be published, so that servers only have to read it; raises `BadInput`.

    An endpoint that is down keeps nothing from being published: servers search by other legs.
    """
    try:
        _encode(settings, pairs)
    except EncoderDown as error:
        said = f"warning: {error}; searched without it until it answers"
        print(said, file=sys.stderr)


def _encode(settings: Settings, pairs: Sequence[QAPair]) -> None:
    from cs_bot.app import encoder, refuse_wrong_settings, synonyms, vector_files
    from cs_bot.cli.progress import progress_bar
    from cs_bot.retrieval.snapshot import Snapshot

    first = encoder(settings)
    refuse_wrong_settings(settings, first)
    wordings = sum(len(pair.questions()) for pair in pairs)
    with progress_bar("indexing ", wordings) as progress:
        Snapshot.build(
            "drafts",
            pairs,
            first,
            synonyms=synonyms(settings),
            files=vector_files(settings),
            progress=lambda done, _: progress(done),
        )
        progress(wordings)


def answering(release: Release) -> str:
    """Return the sentence that a release answers now."""
    return f"release {release.id} with {release.pairs} pairs answers now"


async def waiting(knowledge: KnowledgeStore) -> str:
    """Return the sentence that nothing was published, and what waits to be."""
    diff = await knowledge.draft_diff()
    changes = len(diff.added) + len(diff.changed) + len(diff.removed)
    wait = f"; waiting for `cs-bot knowledge publish`: {changes}" if changes else ""
    return f"nothing published{wait}"


def release_row(release: Release) -> dict[str, Any]:
    """Return a release as JSON values."""
    return {**asdict(release), "created_at": release.created_at.isoformat()}
