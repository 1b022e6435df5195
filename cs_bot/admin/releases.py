"""The paths that publish the drafts, roll back, and ask one question for a test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from pydantic import BaseModel

from cs_bot.admin.auth import Acting
from cs_bot.admin.bodies import Asked, NewRelease
from cs_bot.admin.draft_check import Problem
from cs_bot.admin.drafts import Drafts
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import ConsoleRoute, locale_of
from cs_bot.admin.sentences import says
from cs_bot.admin.views import ModelNameView, ReleaseView, ReplyView, StepView, SuggestionView
from cs_bot.admin.wire import model_name_view, release_view, reply_view, step_view
from cs_bot.errors import Conflict
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.types import Trace

Ask = Callable[..., Awaitable[Trace]]
"""Answers a text in a locale, where it is named in another situation: `channel`, `tier`, `at`."""


class ReleasesView(BaseModel):
    """All releases, newest first, and which one answers now."""

    current: str | None
    items: list[ReleaseView]


class ProblemView(BaseModel):
    """One reason why the drafts cannot be published."""

    pair_id: str
    field: str
    message: str


class DraftView(BaseModel):
    """What publishing now would change, and what keeps it from happening."""

    added: list[SuggestionView]
    changed: list[SuggestionView]
    removed: list[SuggestionView]
    problems: list[ProblemView]


class AnswerView(BaseModel):
    """One answer of the whole cascade and every step on the way to it."""

    reply: ReplyView
    steps: list[StepView]
    model: ModelNameView | None


def release_routes(knowledge: KnowledgeStore, drafts: Drafts, ask: Ask) -> APIRouter:
    """Return the paths under `/releases`, and `/ask`."""
    releases = _Releases(knowledge, drafts, ask)
    routes = APIRouter(route_class=ConsoleRoute, tags=["releases"])
    routes.get("/releases")(releases.list_releases)
    routes.post("/releases", status_code=201)(releases.publish)
    routes.get("/releases/draft")(releases.read_draft)
    routes.post("/releases/{release_id}/rollback")(releases.roll_back)
    routes.post("/ask")(releases.ask)
    return routes


class _Releases:
    def __init__(self, knowledge: KnowledgeStore, drafts: Drafts, ask: Ask) -> None:
        self._knowledge = knowledge
        self._drafts = drafts
        self._ask = ask

    async def list_releases(self) -> ReleasesView:
        """Return all releases, newest first."""
        releases = await self._knowledge.releases()
        current = next((release.id for release in releases if release.current), None)
        return ReleasesView(current=current, items=[release_view(r) for r in releases])

    async def read_draft(self, request: Request) -> DraftView:
        """Return what publishing now would change, and what blocks it."""
        diff = await self._knowledge.draft_diff()
        problems = await self._drafts.problems()
        return DraftView(
            added=_lines(diff.added),
            changed=_lines(diff.changed),
            removed=_lines(diff.removed),
            problems=_problem_views(problems, locale_of(request)),
        )

    async def publish(self, body: NewRelease, operator: Acting, request: Request) -> ReleaseView:
        """Make the drafts live; 409 holds what blocks it."""
        problems = await self._drafts.problems()
        if problems:
            views = _problem_views(problems, locale_of(request))
            raise Refused(
                "conflict",
                says("publish_blocked", count=len(problems)),
                beside={"problems": [view.model_dump() for view in views]},
            )
        try:
            return release_view(await self._drafts.publish(note=body.note, by=operator.name))
        except Conflict:
            raise Refused("conflict", says("nothing_changed"), beside={"problems": []}) from None

    async def roll_back(self, release_id: str, operator: Acting) -> ReleaseView:
        """Make an earlier release live again; the drafts stay as they are."""
        return release_view(await self._drafts.roll_back(release_id, by=operator.name))

    async def ask(self, body: Asked) -> AnswerView:
        """Answer one question in a throw-away conversation that leaves nothing in the log."""
        trace = await self._ask(body.text, body.locale, **body.situation())
        return AnswerView(
            reply=reply_view(trace),
            steps=[step_view(step) for step in trace.steps],
            model=model_name_view(trace.model),
        )


def _lines(pairs: tuple[tuple[str, str], ...]) -> list[SuggestionView]:
    return [SuggestionView(id=pair_id, question=question) for pair_id, question in pairs]


def _problem_views(problems: tuple[Problem, ...], locale: str) -> list[ProblemView]:
    return [
        ProblemView(
            pair_id=problem.pair_id, field=problem.field, message=problem.sentence.spoken(locale)
        )
        for problem in problems
    ]
