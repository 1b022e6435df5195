"""Which action runs where: the bot's own code first, its action server for the rest."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cs_bot.app.actions import BotActions
from cs_bot.errors import BadInput
from cs_bot.settings import Table, parse
from cs_bot.stages.task.api import Api, ApiOutcome, Written
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.testing.http_server import Asked, ScriptedHttpServer, says, scripted_http_server
from cs_bot.testing.llm_server import Scripted

OWN = """
from rasa_sdk import Action
from rasa_sdk.events import SlotSet


class Own(Action):
    def name(self):
        return "action_own"

    def run(self, dispatcher, tracker, domain):
        return [SlotSet("by", "own code")]
"""
TRACKER = {"sender_id": "c1", "latest_message": {"message_id": "m_1"}, "slots": {}, "events": []}


def answer(asked: Asked) -> Scripted | None:
    if asked.path.startswith("/actions"):
        return says([{"name": "action_own"}, {"name": "action_far"}])(asked)
    return says({"events": [{"event": "slot", "name": "by", "value": "server"}]})(asked)


@pytest.fixture
def server() -> Iterator[ScriptedHttpServer]:
    with scripted_http_server(answer) as scripted:
        yield scripted


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "dialogs" / "actions").mkdir(parents=True)
    (tmp_path / "dialogs" / "actions" / "own.py").write_text(OWN)
    return tmp_path


@asynccontextmanager
async def actions_of(
    directory: Path, toml: str = "", **environment: str
) -> AsyncIterator[BotActions]:
    settings = parse(toml, directory)
    dials = settings.stages.get("task", Table("stages.task")).read(TaskSettings)
    project = Project(directory, actions=("action_own", "action_told", "utter_hello"))
    actions = BotActions(settings, project, dials, environment)
    try:
        yield actions
    finally:
        await actions.disconnect()
        actions.close()


def in_endpoints(directory: Path, server: ScriptedHttpServer, folder: str = "") -> str:
    text = f"action_endpoint:\n  url: {server.url}/webhook\n  token: ${{TOKEN}}\n"
    (directory / folder / "endpoints.yml").write_text(text)
    return ""


def in_bot_toml(directory: Path, server: ScriptedHttpServer) -> str:
    return f'[stages.task.action_server]\nurl = "{server.url}"\ntoken_env = "TOKEN"\ndeflate = true'


async def test_without_a_server_there_is_the_bots_own_code(directory: Path) -> None:
    async with actions_of(directory) as actions:
        await actions.follow()
        assert actions.all.names == {"action_own"}


@pytest.mark.parametrize("told", [in_endpoints, in_bot_toml])
async def test_own_code_runs_first_and_the_server_runs_the_rest(
    directory: Path,
    server: ScriptedHttpServer,
    told: Callable[[Path, ScriptedHttpServer], str],
) -> None:
    toml = told(directory, server)

    async with actions_of(directory, toml, TOKEN="t1") as actions:
        assert actions.all.names == {"action_own", "action_told"}
        assert actions.server is not None
        await actions.server.learn_names()
        assert actions.all.names == {"action_own", "action_far"}
        own = await actions.all.run("action_own", TRACKER)
        far = await actions.all.run("action_far", TRACKER)

    assert (own.slots, far.slots) == ((("by", "own code"),), (("by", "server"),))
    for asked in server.requests:
        assert "token=t1" in asked.path or asked.headers["authorization"] == "Bearer t1"


async def test_a_server_of_the_dialogs_folder_is_found(
    directory: Path, server: ScriptedHttpServer
) -> None:
    in_endpoints(directory, server, "dialogs")

    async with actions_of(directory, TOKEN="t1") as actions:
        assert "action_told" in actions.all.names


async def test_a_server_that_is_down_does_not_keep_the_bot_from_starting(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    toml = '[stages.task.action_server]\nurl = "http://127.0.0.1:1/webhook"'

    async with actions_of(directory, toml) as actions:
        assert actions.server is not None
        await actions.server.learn_names()
        assert "action_told" in actions.all.names

    assert "the action server 127.0.0.1:1 cannot be reached" in caplog.text


async def test_settings_that_name_an_action_nobody_has_are_told(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    toml = '[stages.task.actions]\nidempotent = ["action_own", "action_onw"]'

    async with actions_of(directory, toml):
        pass

    assert "names the action action_onw, which nothing runs" in caplog.text
    assert "action_own," not in caplog.text


async def test_a_secret_that_is_not_set_is_an_error_with_its_line(
    directory: Path, server: ScriptedHttpServer
) -> None:
    in_endpoints(directory, server)

    with pytest.raises(BadInput, match="'TOKEN' is not set") as error:
        async with actions_of(directory):
            pass

    assert error.value.where.endswith("endpoints.yml:3")


async def test_an_address_that_is_none_is_an_error_with_its_line(directory: Path) -> None:
    with pytest.raises(BadInput, match="'url' is no web address") as error:
        async with actions_of(directory, '\n[stages.task.action_server]\nurl = "actions:5055"'):
            pass

    assert error.value.where == "bot.toml:3"


async def test_an_api_runs_here_and_code_of_its_name_before_it(
    directory: Path, server: ScriptedHttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = Written(f"{server.url}/shop", "apis.yml:1")
    ok = (ApiOutcome("ok", (2,)),)
    apis = {name: Api(name, "GET", url, outcomes=ok) for name in ("action_own", "action_told")}
    settings = parse(in_bot_toml(directory, server), directory)
    project = Project(directory, actions=("action_told",), apis=apis)
    dials = settings.stages["task"].read(TaskSettings)
    actions = BotActions(settings, project, dials, {})

    await actions.all.run("action_told", TRACKER)
    own = await actions.all.run("action_own", TRACKER)
    await actions.disconnect()
    actions.close()

    assert [asked.path for asked in server.requests] == ["/shop"]
    assert own.slots == (("by", "own code"),)
    assert "action_own is declared as an API and has code too, which runs" in caplog.text
