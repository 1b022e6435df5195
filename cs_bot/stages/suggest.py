"""Asks back: shows the questions the knowledge base could not choose between."""

from __future__ import annotations

from collections.abc import Mapping

from cs_bot.blocks import Suggest, Suggestion, Text
from cs_bot.events import Suggested
from cs_bot.retrieval.decide import KbqaSettings, listed
from cs_bot.retrieval.releases import Snapshots
from cs_bot.types import Abstain, Candidate, Reply, Turn

_ASKING: Mapping[str, str] = {"zh": "您是想问：", "en": "Did you mean:"}
_NONE: Mapping[str, str] = {"zh": "都不是", "en": "None of these"}
_MOST_LINES = 5


class SuggestStage:
    """The stage `suggest`: a "did you mean" list, if `kbqa` found its best answers too close."""

    name = "suggest"

    def __init__(self, snapshots: Snapshots, settings: KbqaSettings | None = None) -> None:
        self._snapshots = snapshots
        self._settings = settings or KbqaSettings()

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Show the list of an ambiguous `kbqa` step, else abstain."""
        near = next(
            (s.candidates for s in turn.steps if s.stage == "kbqa" and s.outcome == "ambiguous"), ()
        )
        lines = listed(near, self._settings)[:_MOST_LINES]
        snapshot = self._snapshots.of(turn.release)
        if not lines or snapshot is None:
            return Abstain("nothing_to_suggest")
        locale = turn.locale if turn.locale in _ASKING else "en"
        items = tuple(
            Suggestion(line.id, snapshot.pairs[line.id].wording(turn.locale).question)
            for line in lines
            if line.id in snapshot.pairs
        )
        return _list(items, lines, locale)


def _list(items: tuple[Suggestion, ...], lines: tuple[Candidate, ...], locale: str) -> Reply:
    return Reply(
        blocks=(Text(_ASKING[locale]), Suggest(items, none=_NONE[locale])),
        score=sum(line.score for line in lines),
        candidates=lines,
        events=(Suggested(tuple(item.item_id for item in items)),),
        suggestions=lines,
    )
