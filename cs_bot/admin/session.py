"""The paths of log-in, set-up and log-out, and the session cookie."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from cs_bot.admin.auth import COOKIE, SESSION_LIFETIME, Access, Entry
from cs_bot.admin.bodies import LogIn, SetUp
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.views import OperatorView
from cs_bot.admin.wire import operator_view

_COOKIE_PATH = "/api/v1"


class EnteredView(BaseModel):
    """Who has come in."""

    operator: OperatorView


class SessionView(EnteredView):
    """Who is logged in."""

    setup_needed: bool


def session_routes(access: Access, *, secure_cookies: bool) -> APIRouter:
    """Return the paths that need no session yet."""
    session = _Session(access, secure_cookies)
    routes = APIRouter(route_class=ConsoleRoute, tags=["session"])
    routes.get("/session")(session.read_session)
    routes.post("/setup", status_code=201)(session.set_up)
    routes.post("/session")(session.log_in)
    routes.delete("/session", status_code=204)(session.log_out)
    return routes


class _Session:
    def __init__(self, access: Access, secure_cookies: bool) -> None:
        self._access = access
        self._secure_cookies = secure_cookies

    async def read_session(self, request: Request) -> SessionView:
        """Return who is logged in; 401 says whether the first operator is yet to be set up."""
        operator = await self._access.operator_of(request.cookies.get(COOKIE))
        if operator is None:
            setup_needed = await self._access.setup_needed()
            raise Refused("unauthenticated", beside={"setup_needed": setup_needed})
        return SessionView(operator=operator_view(operator), setup_needed=False)

    async def set_up(self, body: SetUp, request: Request, response: Response) -> EnteredView:
        """Make the first operator with the one-time token that the server printed."""
        entry = await self._access.set_up(body.token, body.name, body.password)
        return self._entered(entry, request, response)

    async def log_in(self, body: LogIn, request: Request, response: Response) -> EnteredView:
        """Open a session of twelve hours."""
        address = request.client.host if request.client else ""
        entry = await self._access.log_in(body.name, body.password, address=address)
        return self._entered(entry, request, response)

    async def log_out(self, request: Request, response: Response) -> None:
        """Close the session and drop its cookie."""
        await self._access.log_out(request.cookies.get(COOKIE))
        response.delete_cookie(COOKIE, path=_COOKIE_PATH)

    def _entered(self, entry: Entry, request: Request, response: Response) -> EnteredView:
        response.set_cookie(
            COOKIE,
            entry.token,
            max_age=round(SESSION_LIFETIME.total_seconds()),
            path=_COOKIE_PATH,
            secure=self._secure_cookies or request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return EnteredView(operator=operator_view(entry.operator))
