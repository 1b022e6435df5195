"""Puts together what runs a bot's actions: its code, its declared APIs, then its action server."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from cs_bot.app.makers import dialogs
from cs_bot.errors import BadInput
from cs_bot.settings import Settings, Table
from cs_bot.stages.task.actions.apis import ApiActions
from cs_bot.stages.task.actions.protocol import ActionSource
from cs_bot.stages.task.actions.remote import RemoteActions
from cs_bot.stages.task.actions.resilient import ResilientActions
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.actions.server import ActionServer, is_web_address
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.endpoints import read_action_server
from cs_bot.stages.task.settings import TaskSettings

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
        self._apis = ApiActions(project.apis, project.responses.keys(), environment)
        for name in sorted(self._own.names & self._apis.names):
            log.warning("the action %s is declared as an API and has code too, which runs", name)
        here = self._own.names | self._apis.names
        self.server = _remote(settings, project, dials, here, environment)
        sources: list[ActionSource] = [self._own, self._apis]
        sources += [self.server] if self.server else []
        _warn_of_unknown(dials, here, self.server)
        self.all = ResilientActions(sources, dials.actions, timeout_seconds=seconds)

    async def follow(self) -> None:
        """Follow what the action server has, for ever, where there is one."""
        if self.server is not None:
            await self.server.follow()

    async def disconnect(self) -> None:
        """Close the connections to services."""
        await self._apis.close()
        if self.server is not None:
            await self.server.close()

    def close(self) -> None:
        """Let running actions end."""
        self._own.close()


def _warn_of_unknown(
    dials: TaskSettings, here: frozenset[str], server: RemoteActions | None
) -> None:
    known = here if server is None else here | server.names
    for name in sorted({*dials.actions.idempotent, *dials.actions.changing} - known):
        log.warning("[stages.task.actions] names the action %s, which nothing runs", name)


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
