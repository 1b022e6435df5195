"""Asks back: shows the questions the knowledge base could not choose between."""

from __future__ import annotations

from collections.abc import Mapping

from cs_bot.blocks import Suggest, Suggestion, Text
from cs_bot.events import Suggested
from cs_bot.retrieval.decide import KbqaSettings, listed
from cs_bot.retrieval.releases import Snapshots
from cs_bot.stages.answers import choice_of, situation_of
from cs_bot.types import Abstain, Candidate, Reply, Turn

_ASKING: Mapping[str, str] = {"zh": "您是想问：", "en": "Did you mean:"}
_NONE: Mapping[str, str] = {"zh": "都不是", "en": "None of these"}
_MOST_LINES = 5
_LISTED = frozenset(("ambiguous", "contrast"))
"""Reasons of `kbqa` after which the customer chooses."""


class SuggestStage:
    """The stage `suggest`: a "did you mean" list, if `kbqa` would not choose among its answers."""

    name = "suggest"

    def __init__(self, snapshots: Snapshots, settings: KbqaSettings | None = None) -> None:
        self._snapshots = snapshots
        self._settings = settings or KbqaSettings()

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Show the list of an ambiguous `kbqa` step, else abstain."""
        snapshot = self._snapshots.of(turn.release)
        situation = situation_of(turn)
        lines = [
            candidate
            for candidate in listed(_ambiguous(turn), self._settings)[:_MOST_LINES]
            if snapshot is not None
            and candidate.id in snapshot.pairs
            and choice_of(snapshot.pairs[candidate.id], situation).number is not None
        ]
        if not lines or snapshot is None:
            return Abstain("nothing_to_suggest")
        items = tuple(
            Suggestion(line.id, snapshot.pairs[line.id].wording(turn.locale).question)
            for line in lines
        )
        return _list(items, tuple(lines), turn.locale if turn.locale in _ASKING else "en")


def _ambiguous(turn: Turn) -> tuple[Candidate, ...]:
    """Return what `kbqa` would not choose between, nothing when it had another reason."""
    steps = (step for step in turn.steps if step.stage == "kbqa" and step.outcome in _LISTED)
    return next((step.candidates for step in steps), ())


def _list(items: tuple[Suggestion, ...], lines: tuple[Candidate, ...], locale: str) -> Reply:
    return Reply(
        blocks=(Text(_ASKING[locale]), Suggest(items, none=_NONE[locale])),
        score=min(1.0, sum(line.score for line in lines)),
        candidates=lines,
        events=(Suggested(tuple(item.item_id for item in items)),),
        suggestions=lines,
    )
