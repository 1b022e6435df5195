"""The paths of the QA pairs that operators edit."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from cs_bot.admin.auth import Acting
from cs_bot.admin.bodies import EditedPair, NewPair, QuestionsToCheck
from cs_bot.admin.drafts import Drafts
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import KnowledgeRoute
from cs_bot.admin.sentences import says
from cs_bot.admin.views import PairView
from cs_bot.admin.wire import pair_view
from cs_bot.errors import Conflict
from cs_bot.stores.protocols import KnowledgeStore, PairQuery, PairStatus


class CategoryView(BaseModel):
    """A category and how many pairs it holds."""

    name: str
    count: int


class PairPageView(BaseModel):
    """One page of pairs; `pending` counts the changes that wait to be published."""

    items: list[PairView]
    total: int
    page: int
    size: int
    categories: list[CategoryView]
    pending: int


class EqualView(BaseModel):
    """A text that is also a question of another pair."""

    text: str
    pair_id: str
    question: str


class EqualsView(BaseModel):
    """Texts that would block publishing."""

    equal: list[EqualView]


def pair_routes(knowledge: KnowledgeStore, drafts: Drafts) -> APIRouter:
    """Return the paths under `/pairs`."""
    pairs = _Pairs(knowledge, drafts)
    routes = APIRouter(prefix="/pairs", route_class=KnowledgeRoute, tags=["knowledge"])
    routes.get("")(pairs.list_pairs)
    routes.post("", status_code=201)(pairs.create_pair)
    routes.post("/check")(pairs.check_questions)
    # An imported id may hold slashes, hence `path`.
    routes.get("/{pair_id:path}")(pairs.read_pair)
    routes.put("/{pair_id:path}")(pairs.update_pair)
    routes.delete("/{pair_id:path}")(pairs.archive_pair)
    routes.post("/{pair_id:path}/restore")(pairs.restore_pair)
    return routes


class _Pairs:
    def __init__(self, knowledge: KnowledgeStore, drafts: Drafts) -> None:
        self._knowledge = knowledge
        self._drafts = drafts

    async def list_pairs(
        self,
        search: Annotated[str, Query(max_length=500)] = "",
        category: Annotated[str, Query(max_length=100)] = "",
        status: PairStatus | None = None,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        size: Annotated[int, Query(ge=1, le=200)] = 25,
    ) -> PairPageView:
        """Return one page of pairs, last edited first; `search` looks into every wording."""
        found = await self._knowledge.pairs(
            PairQuery(search.strip(), category or None, status, page, size)
        )
        return PairPageView(
            items=[pair_view(draft) for draft in found.items],
            total=found.total,
            page=page,
            size=size,
            categories=[CategoryView(name=name, count=n) for name, n in found.categories],
            pending=found.pending,
        )

    async def read_pair(self, pair_id: str) -> PairView:
        """Return one pair."""
        return pair_view(await self._knowledge.pair(pair_id))

    async def create_pair(self, body: NewPair, operator: Acting) -> PairView:
        """Store a new pair as a draft."""
        pair = body.pair(body.id or f"qa-{secrets.token_hex(6)}")
        try:
            return pair_view(await self._knowledge.create_pair(pair, by=operator.name))
        except Conflict:
            raise Refused("invalid", fields={"id": says("id_taken", id=pair.id)}) from None

    async def update_pair(self, pair_id: str, body: EditedPair, operator: Acting) -> PairView:
        """Replace a pair that is still at the version that was read; 409 holds the current one."""
        return pair_view(
            await self._knowledge.update_pair(
                body.pair(pair_id), version=body.version, by=operator.name
            )
        )

    async def archive_pair(self, pair_id: str, operator: Acting) -> PairView:
        """Take a pair out of the next release."""
        return pair_view(await self._knowledge.archive_pair(pair_id, by=operator.name))

    async def restore_pair(self, pair_id: str, operator: Acting) -> PairView:
        """Put an archived pair back."""
        return pair_view(await self._knowledge.restore_pair(pair_id, by=operator.name))

    async def check_questions(self, body: QuestionsToCheck) -> EqualsView:
        """Return which texts equal a question of another pair and would block publishing."""
        equal = await self._drafts.equal(body.questions, besides=body.id)
        return EqualsView(
            equal=[
                EqualView(text=one.text, pair_id=one.pair_id, question=one.question)
                for one in equal
            ]
        )
