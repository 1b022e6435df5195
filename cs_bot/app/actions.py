"""Puts together what runs a bot's actions: its code, its declared APIs, then its action server."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cs_bot.app.makers import dialogs
from cs_bot.errors import BadInput
from cs_bot.settings import Settings, Table
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.actions.resilient import ResilientActions
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.actions.server import ActionServer, is_web_address
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.endpoints import read_action_server
from cs_bot.stages.task.settings import TaskSettings

if TYPE_CHECKING:  # both bring httpx: 0.1 s and 7 MB, which a bot with neither need not spend
    from cs_bot.stages.task.actions.apis import ApiActions
    from cs_bot.stages.task.actions.remote import RemoteActions

log = logging.getLogger(__name__)


class BotActions:
    """The actions of one bot, and what has to be started and closed for them."""

    def __init__(
        self,
        settings: Settings,
        project: Project,
        dials: TaskSettings,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        seconds = dials.action_timeout_seconds
        self._own = ActionRunner.load(
            dialogs(settings), project.domain, timeout_seconds=seconds, lanes=dials.action_lanes
        )
        self._apis = _apis(project, environment)
        self.server = _remote(settings, project, dials, self._here, environment)
        self._warn(dials)
        found: tuple[Actions | None, ...] = (self._own, self._apis, self.server)
        sources = [source for source in found if source is not None]
        self.all = ResilientActions(sources, dials.actions, timeout_seconds=seconds)

    @property
    def _here(self) -> frozenset[str]:
        return self._own.names | (frozenset() if self._apis is None else self._apis.names)

    def _warn(self, dials: TaskSettings) -> None:
        """Log declarations that have no effect."""
        declared = frozenset() if self._apis is None else self._apis.names
        for name in sorted(self._own.names & declared):
            log.warning("the action %s is declared as an API and has code too, which runs", name)
        known = self._here if self.server is None else self._here | self.server.names
        for name in sorted({*dials.actions.idempotent, *dials.actions.changing} - known):
            log.warning("[stages.task.actions] names the action %s, which nothing runs", name)

    async def follow(self) -> None:
        """Follow what the action server has, for ever, where there is one."""
        if self.server is not None:
            await self.server.follow()

    async def disconnect(self) -> None:
        """Close the connections to services."""
        for service in (self._apis, self.server):
            if service is not None:
                await service.close()

    def close(self) -> None:
        """Let running actions end."""
        self._own.close()


def _apis(project: Project, environment: Mapping[str, str]) -> ApiActions | None:
    if not project.apis:
        return None
    from cs_bot.stages.task.actions.apis import ApiActions

    return ApiActions(project.apis, project.responses.keys(), environment)


def _remote(
    settings: Settings,
    project: Project,
    dials: TaskSettings,
    here: frozenset[str],
    environment: Mapping[str, str],
) -> RemoteActions | None:
    server = _named_server(settings, dials, environment) or read_action_server(
        dict.fromkeys((dialogs(settings), settings.directory)), environment
    )
    if server is None:
        return None
    from cs_bot.stages.task.actions.remote import RemoteActions

    declared = frozenset(name for name in project.actions if not name.startswith("utter_"))
    return RemoteActions(
        server,
        project.domain,
        declared - here,
        timeout_seconds=dials.action_timeout_seconds,
        deflate=dials.action_server.deflate,
    )


def _named_server(
    settings: Settings, dials: TaskSettings, environment: Mapping[str, str]
) -> ActionServer | None:
    """Return the server that `bot.toml` names; raises `BadInput`."""
    named = dials.action_server
    if not named.url:
        return None
    if not is_web_address(named.url):
        table = settings.stages.get("task", Table("stages.task")).table("action_server")
        raise BadInput(
            "'url' is no web address",
            where=table.where("url"),
            remedy="write http://HOST:5055/webhook",
        )
    token = environment.get(named.token_env, "").strip()
    return ActionServer(named.url, {"Authorization": f"Bearer {token}"} if token else {})
