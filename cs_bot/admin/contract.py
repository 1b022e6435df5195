"""The paths of the promise behind direct answers, and of the check before drafts are published."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from cs_bot.admin.contract_views import ContractView, DraftCheckView, check_view, contract_view
from cs_bot.admin.draft_replay import DraftChecks
from cs_bot.admin.route import ConsoleRoute
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.judged import Judged
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.types import QAPair


def contract_routes(
    knowledge: KnowledgeStore,
    judged: Callable[[], Judged | None],
    checks: DraftChecks,
    dials: KbqaSettings,
) -> APIRouter:
    """Return `/contract`, and the paths under `/releases/draft/check`."""
    own = _Contract(knowledge, judged, checks, dials)
    routes = APIRouter(route_class=ConsoleRoute, tags=["releases"])
    routes.get("/contract")(own.read)
    routes.get("/releases/draft/check")(own.read_check)
    routes.post("/releases/draft/check", status_code=202)(own.start_check)
    return routes


class _Contract:
    def __init__(
        self,
        knowledge: KnowledgeStore,
        judged: Callable[[], Judged | None],
        checks: DraftChecks,
        dials: KbqaSettings,
    ) -> None:
        self._knowledge = knowledge
        self._judged = judged
        self._checks = checks
        self._dials = dials

    async def read(self) -> ContractView | None:
        """Return what the labelled questions came to for the release that answers."""
        judged = self._judged()
        if judged is None:
            return None
        pairs = {pair.id: pair for pair in await self._knowledge.draft_pairs()}
        if not _advised(judged) <= pairs.keys():
            pairs = await self._live() | pairs
        return contract_view(judged, pairs, self._dials)

    async def _live(self) -> dict[str, QAPair]:
        """Return the pairs of the release, which still holds what was archived since."""
        release_id = await self._knowledge.current_release()
        if release_id is None:
            return {}
        return {pair.id: pair for pair in await self._knowledge.release_pairs(release_id)}

    async def read_check(self) -> DraftCheckView:
        """Return the check of the drafts as they are, a `stale` one, or `absent`."""
        return check_view(await self._checks.state(), self._dials)

    async def start_check(self) -> DraftCheckView:
        """Replay labelled questions and the last real ones on the drafts, in the background."""
        return check_view(await self._checks.start(), self._dials)


def _advised(judged: Judged) -> set[str]:
    """Return the ids of all pairs that the advice names."""
    ids = {one.pair_id for one in judged.advice}
    return ids | {one.confused_with for one in judged.advice if one.confused_with is not None}
