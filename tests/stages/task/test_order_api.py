"""A task without a line of Python: YAML alone asks the starter's order service, and what fails."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from cs_bot.app.actions import BotActions
from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState, HandoffOffered
from cs_bot.settings import Table, parse
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.http_server import (
    Asked,
    ScriptedHttpServer,
    hangs,
    says,
    says_bytes,
    scripted_http_server,
)
from cs_bot.testing.llm_server import Scripted
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Reading, Reply

SERVICE = Path(__file__).parents[3] / "dialogs" / "order_service.py"

DIALOGS = """
version: "3.1"
intents: [ask_order, ask_refund]
entities: [order_id]
slots:
  order_id: {type: text, mappings: [{type: from_entity, entity: order_id}]}
  order_state: {type: text, mappings: [{type: custom}]}
  refund_id: {type: text, mappings: [{type: custom}]}
forms:
  order_form: {required_slots: [order_id]}
  refund_form: {required_slots: [order_id]}
responses:
  utter_ask_order_id: [{text: "Which order?"}]
  utter_order_in_transit: [{text: "{order_id} is with {carrier}, last seen in {place}."}]
  utter_order_unpaid: [{text: "{order_id} is not paid."}]
  utter_order_unknown: [{text: "There is no order {order_id}."}]
  utter_refunded: [{text: "Refund {refund_id} for {order_id}."}]
  utter_task_unavailable: [{text: "Not available."}]
  utter_task_late: [{text: "Too slow."}]
rules:
  - rule: Ask for the order
    steps: [{intent: ask_order}, {action: order_form}, {active_loop: order_form}]
  - rule: Look it up
    condition: [{active_loop: order_form}]
    steps: [{action: order_form}, {active_loop: null}, {action: action_order}]
  - rule: Ask for the order to refund
    steps: [{intent: ask_refund}, {action: refund_form}, {active_loop: refund_form}]
  - rule: Refund it
    condition: [{active_loop: refund_form}]
    steps: [{action: refund_form}, {active_loop: null}, {action: action_refund}]
nlu:
  - intent: ask_order
    examples: ["where is [20240001](order_id)", "track my parcel"]
  - intent: ask_refund
    examples: ["refund [20240001](order_id)", "give me my money back"]
"""
APIS = """
apis:
  action_order:
    url: ${SHOP_URL}/orders/{order_id}
    timeout: 0.6
    outcomes:
      ok:
        slots: {order_state: state}
        values: {carrier: "carrier.{locale}", place: "last_scan.place.{locale}"}
        say: utter_order_{order_state}
      not_found: {say: utter_order_unknown, ask_again: order_id}
  action_refund:
    method: POST
    url: ${SHOP_URL}/refunds
    headers: {Authorization: "Bearer ${SHOP_TOKEN}"}
    json: {order: "{order_id}"}
    timeout: 0.6
    outcomes:
      ok: {slots: {refund_id: id}, say: utter_refunded}
"""
BOT_TOML = """
[stages.task.actions]
backoff_seconds = 0.01
rest_after = 4
handoff_after = 9
"""


@dataclass
class Shop:
    """The order service behind whatever a test lets go wrong, and refunds that know their keys."""

    orders: str
    refunds: dict[str, str] = field(default_factory=dict)
    """Refund ids by idempotency key."""

    def __call__(self, asked: Asked) -> Scripted:
        if asked.path == "/refunds":
            return self._refund(asked)
        answer = httpx.get(self.orders + asked.path, trust_env=False)
        return Scripted(answer.content, answer.status_code)

    def _refund(self, asked: Asked) -> Scripted:
        number = f"R{len(self.refunds) + 1}"
        key = asked.headers.get("idempotency-key", f"none {number}")
        answer = says({"id": self.refunds.setdefault(key, number)}, 201)(asked)
        assert answer is not None
        return answer

    def slowly(self, asked: Asked) -> None:
        """Do it, and keep the client waiting for the answer."""
        self(asked)

    def badly(self, asked: Asked) -> Scripted:
        """Do it, and say that it failed."""
        self(asked)
        return Scripted(b"oops", 500)


@pytest.fixture
def shop(order_service: str) -> Shop:
    return Shop(order_service)


@pytest.fixture
def server(shop: Shop) -> Iterator[ScriptedHttpServer]:
    with scripted_http_server(shop) as scripted:
        yield scripted


@dataclass
class Talk:
    """Speaks in payloads to the two task stages of a bot made of files."""

    bot: TaskBot
    state: DialogueState = field(default_factory=DialogueState)
    said: int = 0
    reply: Reply = field(default_factory=lambda: Reply(()))

    async def says(self, text: str, message_id: str = "") -> str:
        async def read() -> Reading:
            return parsed_payload(text) or Reading()

        self.said += 1
        message_id = message_id or f"m_{self.said}"
        turn = turn_of(text, locale="en", state=self.state, message_id=message_id)
        turn = replace(turn, reading=read)
        outcome = await ActiveTask(self.bot).handle(turn)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(self.bot).handle(turn)
        assert isinstance(outcome, Reply)
        self.reply = outcome
        self.state = self.state.apply(outcome.events)
        return plain_text(outcome.blocks)


@pytest.fixture
async def talk(tmp_path: Path, server: ScriptedHttpServer) -> AsyncIterator[Talk]:
    async for talk in talk_with(tmp_path, server, APIS):
        yield talk


async def talk_with(folder: Path, server: ScriptedHttpServer, apis: str) -> AsyncIterator[Talk]:
    (folder / "dialogs").mkdir()
    (folder / "dialogs" / "task.yml").write_text(DIALOGS)
    (folder / "dialogs" / "apis.yml").write_text(apis)
    settings = parse(BOT_TOML, folder)
    dials = settings.stages.get("task", Table("stages.task")).read(TaskSettings)
    project = load_project(folder / "dialogs")
    assert [str(remark) for remark in project.remarks if "apis.yml" in remark.where] == []
    environment = {"SHOP_URL": server.url, "SHOP_TOKEN": "t1"}
    actions = BotActions(settings, project, dials, environment)
    yield Talk(TaskBot(project, actions.all, dials))
    await actions.disconnect()
    actions.close()


ASK = '/ask_order{"order_id": "20240001"}'
REFUND = '/ask_refund{"order_id": "20240001"}'


async def refunded(talk: Talk, **said: str) -> str:
    """Ask for the refund and say yes when the bot asks."""
    assert (await talk.says(REFUND)).startswith("Please confirm")
    return await talk.says("yes", **said)


async def test_an_order_is_found(talk: Talk) -> None:
    assert await talk.says("/ask_order") == "Which order?"
    answer = await talk.says('/inform{"order_id": "20240001"}')

    assert answer == "20240001 is with SF Express, last seen in Hangzhou sorting centre."
    assert talk.state.slots["order_state"] == "in_transit"
    assert talk.state.task is None


async def test_an_order_that_is_not_there_is_asked_for_again(talk: Talk) -> None:
    answer = await talk.says('/ask_order{"order_id": "99999999"}')

    assert answer == "There is no order 99999999.\nWhich order?"
    assert talk.state.requested_slot == "order_id"
    assert await talk.says('/inform{"order_id": "20240006"}') == "20240006 is not paid."


@pytest.mark.parametrize(
    "failures",
    [
        [says({}, 500)],
        [hangs],
        [says({}, 503), hangs],
        [says_bytes(b"", headers={"Content-Length": "9", "Connection": "close"})],
    ],
    ids=["500", "slow", "503 and slow", "broken off"],
)
async def test_a_look_up_is_repeated_until_it_works(
    talk: Talk, server: ScriptedHttpServer, failures: list[object]
) -> None:
    server.script(*failures)  # type: ignore[arg-type]

    assert "SF Express" in await talk.says(ASK)
    assert len(server.requests) == len(failures) + 1


async def test_a_service_that_stays_down_is_told_and_then_left_alone(
    talk: Talk, server: ScriptedHttpServer
) -> None:
    server.script(*[says({}, 500)] * 3, says({}, 500))

    answer = await talk.says(ASK)
    assert "not answering right now" in answer
    assert talk.reply.events[-1] == HandoffOffered("task_failed")
    assert talk.reply.detail["failure"] == "action action_order: answered 500 Internal Server Error"

    assert await talk.says(ASK) == "Not available."
    assert len(server.requests) == 4
    assert await talk.says(ASK) == "Not available."
    assert "is left alone for 30 s more" in talk.reply.detail["failure"]
    assert len(server.requests) == 4


async def test_a_service_that_is_too_slow_is_told_so(
    talk: Talk, server: ScriptedHttpServer
) -> None:
    server.script(hangs, hangs, hangs)

    assert await talk.says(ASK) == "Too slow."


async def test_a_request_that_changes_something_is_sent_after_a_yes_only(
    talk: Talk, server: ScriptedHttpServer, shop: Shop
) -> None:
    await talk.says(REFUND)
    await talk.says("no")
    assert server.requests == []

    assert await refunded(talk) == "Refund R1 for 20240001."
    assert len(shop.refunds) == 1


@pytest.mark.parametrize("how", ["slowly", "badly"])
async def test_a_refund_whose_answer_is_lost_is_made_once(
    talk: Talk, server: ScriptedHttpServer, shop: Shop, how: str
) -> None:
    server.script(getattr(shop, how), getattr(shop, how))

    assert await refunded(talk) == "Refund R1 for 20240001."
    assert len(shop.refunds) == 1
    assert len(server.requests) == 3
    assert server.requests[0].headers["authorization"] == "Bearer t1"


async def test_a_message_that_is_sent_again_refunds_nothing_more(talk: Talk, shop: Shop) -> None:
    await talk.says(REFUND)
    before = talk.state
    first = await talk.says("yes", message_id="m_7")
    talk.state = before  # the server was killed before it could write this down

    assert await talk.says("yes", message_id="m_7") == first
    assert len(shop.refunds) == 1
    assert await refunded(talk, message_id="m_8") == "Refund R2 for 20240001."


@pytest.mark.parametrize("how", ["slowly", "badly"])
async def test_without_a_key_a_refund_that_may_be_done_is_not_repeated(
    tmp_path: Path, server: ScriptedHttpServer, shop: Shop, how: str
) -> None:
    server.script(getattr(shop, how))

    async for talk in talk_with(tmp_path, server, APIS + "    key_header: false\n"):
        assert "I cannot tell whether it was done" in await refunded(talk)

    assert len(shop.refunds) == 1
    assert len(server.requests) == 1


async def test_a_refund_declared_as_harmless_is_made_twice_which_is_what_keys_are_for(
    tmp_path: Path, server: ScriptedHttpServer, shop: Shop
) -> None:
    server.script(shop.badly)

    async for talk in talk_with(tmp_path, server, APIS + "    changes: false\n"):
        assert await talk.says(REFUND) == "Refund R2 for 20240001."

    assert len(shop.refunds) == 2
