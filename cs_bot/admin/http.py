"""The operator API as one router: every path of `/api/v1/admin` and who may use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Depends

from cs_bot.admin.answer_choices import answer_choice_routes
from cs_bot.admin.auth import ADMIN, Access, Clock
from cs_bot.admin.contract import contract_routes
from cs_bot.admin.conversations import conversation_routes
from cs_bot.admin.draft_replay import DraftChecks
from cs_bot.admin.drafts import Drafts
from cs_bot.admin.imports import import_routes
from cs_bot.admin.knowledge import pair_routes
from cs_bot.admin.labels import label_routes
from cs_bot.admin.left_messages import left_message_routes
from cs_bot.admin.models import RollBack, model_routes
from cs_bot.admin.passwords import Passwords
from cs_bot.admin.refusals import Refused
from cs_bot.admin.releases import Ask, release_routes
from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.sentences import says
from cs_bot.admin.session import session_routes
from cs_bot.admin.take_away import take_away_routes
from cs_bot.admin.views import ErrorBody
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.judged import Judged
from cs_bot.stores.protocols import Stores

PREFIX = "/api/v1/admin"

_OPEN_ERRORS = (401, 403, 422, 429, 500, 503)
_ERRORS = (401, 403, 404, 409, 422, 500, 503)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def admin_routes(
    stores: Stores,
    *,
    ask: Ask,
    published: Callable[[], Awaitable[None]],
    judged: Callable[[], Judged | None],
    checks: DraftChecks,
    roll_back_model: RollBack,
    normalized: Callable[[str], str],
    dials: KbqaSettings | None = None,
    tasks: Collection[str] | None = None,
    channels: Sequence[str] = (),
    clock: Clock = lambda: datetime.now(UTC),
    passwords: Passwords | None = None,
    secure_cookies: bool = False,
) -> APIRouter:
    """Return the operator API.

    `ask` answers a text in a locale without leaving a trace in the log; `published` is called
    after another release has become current; `judged` returns what the labelled questions came to
    for the release that answers; `checks` checks drafts; `roll_back_model` lets a version of the
    task model answer; `dials` say what holds while no cut is proven; `tasks` are those that a
    button of an answer may start (None: any), `channels` those that an answer may be meant for;
    `secure_cookies` says that operators come by https even where this process hears http.
    """
    access = Access(stores.operators, passwords or Passwords(), clock=clock)
    drafts = Drafts(stores.knowledge, normalized=normalized, published=published, tasks=tasks)
    routes = APIRouter(prefix=PREFIX)
    routes.include_router(
        session_routes(access, secure_cookies=secure_cookies), responses=_documented(_OPEN_ERRORS)
    )
    for guarded in (
        pair_routes(stores.knowledge, drafts),
        answer_choice_routes(channels, tasks or ()),
        take_away_routes(stores.knowledge),
        import_routes(stores.knowledge, normalized),
        contract_routes(stores.knowledge, judged, checks, dials or KbqaSettings()),
        release_routes(stores.knowledge, drafts, ask),
        model_routes(stores.models, roll_back_model),
        label_routes(stores.knowledge, stores.labels),
        conversation_routes(stores.conversations),
        left_message_routes(stores.left_messages),
    ):
        routes.include_router(
            guarded,
            dependencies=[Depends(access.require(ADMIN))],
            responses=_documented(_ERRORS),
        )
    routes.include_router(_elsewhere())
    return routes


def _elsewhere() -> APIRouter:
    """Answer every other path under the prefix in the API's own error shape."""
    routes = APIRouter(route_class=ConsoleRoute)
    routes.api_route("/{path:path}", methods=_METHODS, include_in_schema=False)(_nothing_here)
    return routes


async def _nothing_here() -> None:
    raise Refused("not_found", says("no_such_path"))


def _documented(statuses: tuple[int, ...]) -> dict[int | str, dict[str, object]]:
    return {status: {"model": ErrorBody} for status in statuses}
