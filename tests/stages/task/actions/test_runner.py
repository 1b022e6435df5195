"""Actions run in this process: whatever they do, the loop goes on and nothing is silent."""

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cs_bot.errors import BadInput, ServiceFailed
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.load import load_actions
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.actions.runner import ActionRunner

TRACKER = {"sender_id": "c1", "slots": {"size": "L", "locale": "en"}, "events": []}

ACTIONS = """
import asyncio
import threading

from rasa_sdk import Action, ActionExecutionRejection
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.events import StoryExported

released = threading.Event()


class Polite(Action):
    def name(self):
        return "action_polite"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="size " + tracker.get_slot("size"))
        dispatcher.utter_message(response="utter_bye", who="Li")
        dispatcher.utter_message(buttons=[{"title": "Yes", "payload": "/yes"}])
        return [SlotSet("done", True), FollowupAction("action_next")]


class Strange(Action):
    def name(self):
        return "action_strange"

    def run(self, dispatcher, tracker, domain):
        loops = [ActiveLoop("x"), ActiveLoop(None)]
        return [StoryExported(), {"event": "lost"}, {"no": "event"}, AllSlotsReset(), *loops]


class Silent(Action):
    def name(self):
        return "action_silent"

    def run(self, dispatcher, tracker, domain):
        return None


class Blocks(Action):
    def name(self):
        return "action_blocks"

    def run(self, dispatcher, tracker, domain):
        released.wait(30)
        return []


class BlocksInAsync(Action):
    def name(self):
        return "action_blocks_in_async"

    async def run(self, dispatcher, tracker, domain):
        released.wait(30)
        return []


class Waits(Action):
    def name(self):
        return "action_waits"

    async def run(self, dispatcher, tracker, domain):
        await asyncio.Event().wait()


class Fails(Action):
    def name(self):
        return "action_fails"

    async def run(self, dispatcher, tracker, domain):
        raise ValueError("secret inside")


class Exits(Action):
    def name(self):
        return "action_exits"

    async def run(self, dispatcher, tracker, domain):
        raise SystemExit(1)


class Nonsense(Action):
    idempotent = True

    def name(self):
        return "action_nonsense"

    async def run(self, dispatcher, tracker, domain):
        return 42


class Refuses(Action):
    def name(self):
        return "action_refuses"

    async def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name())
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bot")
    (folder / "actions.py").write_text(ACTIONS)
    return folder


@pytest.fixture
def runner(directory: Path) -> Iterator[ActionRunner]:
    runner = ActionRunner.load(directory, {"slots": {}}, timeout_seconds=0.5, lanes=2)
    yield runner
    sys.modules["actions"].released.set()
    runner.close()


async def test_events_and_words_come_back(runner: ActionRunner) -> None:
    outcome = await runner.run("action_polite", TRACKER)

    assert outcome.slots == (("done", True),)
    assert outcome.followup == "action_next"
    assert [said.words.text for said in outcome.said] == ["size L", None, None]
    assert (outcome.said[1].response, outcome.said[1].values["who"]) == ("utter_bye", "Li")
    assert outcome.said[2].words.choices[0].payload == "/yes"


async def test_unknown_events_are_named_in_the_log(
    runner: ActionRunner, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = await runner.run("action_strange", TRACKER)

    assert outcome.slots == (("*", None),)
    assert outcome.leaves_loop
    assert outcome.ignored == ("export", "lost")
    assert "action_strange returned the event export, which is not applied" in caplog.text
    assert "action_strange returned the event lost, which does not exist" in caplog.text


async def test_an_action_may_return_nothing(runner: ActionRunner) -> None:
    assert (await runner.run("action_silent", TRACKER)).slots == ()


@pytest.mark.parametrize("name", ["action_blocks", "action_blocks_in_async"])
async def test_a_blocking_action_is_given_up_while_it_still_blocks(
    runner: ActionRunner, name: str
) -> None:
    with pytest.raises(ServiceFailed, match=r"no answer within 0\.5 s"):
        await runner.run(name, TRACKER)

    assert not sys.modules["actions"].released.is_set()


async def test_others_run_while_one_blocks(runner: ActionRunner) -> None:
    blocked = asyncio.ensure_future(runner.run("action_blocks", TRACKER))
    await asyncio.sleep(0)

    assert (await runner.run("action_polite", TRACKER)).slots == (("done", True),)
    with pytest.raises(ServiceFailed):
        await blocked


async def test_when_all_lanes_block_an_action_fails_at_once_and_later_works_again(
    runner: ActionRunner,
) -> None:
    late = await asyncio.gather(
        *(runner.run("action_blocks", TRACKER) for _ in range(2)), return_exceptions=True
    )
    assert all(isinstance(outcome, ServiceFailed) for outcome in late)

    with pytest.raises(ServiceFailed, match="all lanes are taken"):
        await runner.run("action_polite", TRACKER)

    sys.modules["actions"].released.set()
    await idle(runner)
    assert (await runner.run("action_polite", TRACKER)).slots == (("done", True),)


async def idle(runner: ActionRunner) -> None:
    async with asyncio.timeout(10):
        while len(runner._idle) < 2:  # noqa: ASYNC110 - a thread ends it, and tells nobody
            await asyncio.sleep(0)


async def test_a_waiting_coroutine_is_cancelled_and_frees_its_lane(runner: ActionRunner) -> None:
    for _ in range(4):
        with pytest.raises(ServiceFailed, match="no answer"):
            await runner.run("action_waits", TRACKER)
        await idle(runner)


async def test_an_exception_is_logged_and_not_told(
    runner: ActionRunner, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ServiceFailed) as failure:
        await runner.run("action_fails", TRACKER)

    assert "secret" not in str(failure.value)
    assert "ValueError: secret inside" in caplog.text


@pytest.mark.parametrize(
    ("name", "kind"), [("action_exits", "SystemExit"), ("action_nonsense", "TypeError")]
)
async def test_an_action_that_exits_or_returns_a_number_only_fails(
    runner: ActionRunner, name: str, kind: str
) -> None:
    with pytest.raises(ActionFailed, match=f"{name}: {kind}") as failure:
        await runner.run(name, TRACKER)

    assert (failure.value.kind, failure.value.reached) == ("raised", True)


def test_a_class_says_what_its_action_does(runner: ActionRunner) -> None:
    assert runner.facts("action_nonsense") == ActionFacts(idempotent=True)
    assert runner.facts("action_polite") == ActionFacts()


async def test_an_action_may_refuse(runner: ActionRunner) -> None:
    with pytest.raises(ActionRejected):
        await runner.run("action_refuses", TRACKER)


async def test_an_action_without_code_is_a_failure(runner: ActionRunner) -> None:
    with pytest.raises(ServiceFailed, match="action action_gone: it has no code"):
        await runner.run("action_gone", TRACKER)


async def test_actions_run_outside_the_main_thread(runner: ActionRunner) -> None:
    await runner.run("action_polite", TRACKER)

    assert any(thread.name.startswith("lane-action-") for thread in threading.enumerate())


def test_a_bot_without_actions_has_none(tmp_path: Path) -> None:
    runner = ActionRunner.load(tmp_path, {}, timeout_seconds=1.0, lanes=1)

    assert runner.names == frozenset()
    runner.close()


def test_a_folder_of_modules_may_import_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "actions"
    (folder / "deep").mkdir(parents=True)
    (folder / "names.py").write_text("HELLO = 'action_hello'\n")
    (folder / "deep" / "hello.py").write_text(
        "from rasa_sdk import Action\nfrom actions.names import HELLO\n\n\n"
        "class Hello(Action):\n    def name(self):\n        return HELLO\n"
    )

    assert [action.name() for action in load_actions(tmp_path)] == ["action_hello"]


def test_a_package_with_an_init_is_imported_once(tmp_path: Path) -> None:
    folder = tmp_path / "actions"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from rasa_sdk import Action\n\n\nclass Bye(Action):\n    def name(self):\n"
        "        return 'action_bye'\n"
    )
    (folder / "more.py").write_text("from actions import Bye\n\n\nclass More(Bye):\n    pass\n")

    assert [type(action).__name__ for action in load_actions(tmp_path)] == ["Bye", "More"]


@pytest.mark.parametrize(
    ("code", "place", "what"),
    [
        ("x = 1\nimport no_such_package\n", ":2", "ModuleNotFoundError"),
        ("def broken(:\n", ":1", "SyntaxError"),
        ("raise RuntimeError('at import')\n", ":1", "at import"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, code: str, place: str, what: str
) -> None:
    file = tmp_path / "actions.py"
    file.write_text(code)

    with pytest.raises(BadInput, match=what) as error:
        load_actions(tmp_path)

    assert error.value.where == f"{file}{place}"


def test_rasa_sdk_leaves_process_wide_things_alone(directory: Path) -> None:
    before = process_wide()

    load_actions(directory)

    assert process_wide() == before


def process_wide() -> tuple[Any, ...]:
    root = logging.getLogger()
    return (tuple(root.handlers), root.level, type(asyncio.get_event_loop_policy()), sys.excepthook)
