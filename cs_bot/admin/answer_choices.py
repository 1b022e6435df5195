"""What an operator chooses from who writes an answer: channels and tasks of this bot."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fastapi import APIRouter
from pydantic import BaseModel

from cs_bot.admin.route import ConsoleRoute


class AnswerChoicesView(BaseModel):
    """The channels an answer may be meant for, and the tasks its buttons may start."""

    channels: list[str]
    tasks: list[str]


def answer_choice_routes(channels: Sequence[str], tasks: Collection[str]) -> APIRouter:
    """Return the path `/answer-choices`."""
    choices = AnswerChoicesView(channels=list(channels), tasks=sorted(tasks))
    routes = APIRouter(route_class=ConsoleRoute, tags=["knowledge"])

    @routes.get("/answer-choices")
    async def read_answer_choices() -> AnswerChoicesView:
        """Return what the conditions and buttons of an answer may name."""
        return choices

    return routes
