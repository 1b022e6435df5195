"""Several wishes in one message: where it is cut, when that counts, and intents like `a+b`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.clauses import clauses
from cs_bot.stages.task.nlu import Background, TaskReader, train
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stages.task.wishes import wishes_of, with_answer
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Entity, Intent, Part, Reading

SETTINGS = TaskSettings()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("查一下20240001到哪了，顺便帮我开张发票", ("查一下20240001到哪了", "帮我开张发票")),
        ("我的快递到哪了？还有，我想退货", ("我的快递到哪了", "我想退货")),
        ("我要退货然后开发票", ("我要退货", "开发票")),
        ("帮我退货，再帮我开个发票", ("帮我退货", "再帮我开个发票")),
        ("您好，我要退货，另外查下快递，谢谢。", ("您好，我要退货", "查下快递，谢谢")),
        (
            "where is 20240001 and I also need an invoice",
            ("where is 20240001", "I also need an invoice"),
        ),
        ("Where is my order? Also, I want an invoice.", ("Where is my order", "I want an invoice")),
        ("track 20240001 and then send me an invoice", ("track 20240001", "send me an invoice")),
        ("20240001，另外帮我开张发票", ("20240001", "帮我开张发票")),
        ("是的，顺便开张发票", ("是的", "开张发票")),
        ("算了，帮我查下快递", ("算了", "帮我查下快递")),
        ("never mind, where is my parcel", ("never mind", "where is my parcel")),
    ],
)
def test_a_message_is_cut_where_something_is_added(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "我要退货，订单号20240001",
        "我也要退货",
        "还有货吗",
        "再查一下",
        "麻烦帮我查一下快递，谢谢！",
        "我想买的那件还在路上吗",
        "play rock and pop music",
        "salt and pepper",
        "I want to return order 20240001, it is broken",
        "No. 5 is broken",
        "hello. thanks!",
        "",
        "。。。",
        "a and b and c and d",
    ],
)
def test_one_wish_is_left_whole(text: str) -> None:
    assert clauses(text) == (text,)


def test_too_many_parts_and_too_long_a_message_are_left_whole() -> None:
    many = "。".join(["我要退货", "我要开票", "查下快递", "改下地址"])
    assert clauses(many) == (many,)
    long = "我要退货，顺便" * 100
    assert clauses(long) == (long,)


@given(st.text(st.sampled_from("我要退货，。？顺便另外还有 andalso,.1\n")))
def test_parts_are_pieces_of_the_message_in_order(text: str) -> None:
    at = 0
    for part in clauses(text):
        assert part in text[at:]
        at = text.index(part, at) + len(part)


PROJECT_FILE = """
version: "3.1"
intents: [track, bill, hours, track+bill, hours+track, inform]
entities: [order_id]
slots:
  order_id: {type: text, mappings: [{type: from_entity, entity: order_id}]}
  mail: {type: text, mappings: [{type: from_text}]}
forms:
  track_form: {required_slots: [order_id]}
  bill_form: {required_slots: [mail]}
responses:
  utter_ask_order_id: [{text: Which order?}]
  utter_ask_mail: [{text: Which address?}]
  utter_tracked: [{text: "On its way: {order_id}."}]
  utter_billed: [{text: Billed.}]
  utter_hours: [{text: 9 to 5}]
  utter_hours_and_parcel: [{text: "9 to 5, and your parcel is on its way."}]
  utter_title_bill: [{text: invoice}]
nlu:
- intent: track
  examples: |
    - where is my parcel
    - track my order
    - has my parcel been sent yet
    - where is the package now
- intent: bill
  examples: |
    - send me an invoice
    - I need an invoice
    - write a bill for my order
    - please issue an invoice
- intent: hours
  examples: |
    - when are you open
    - what are your opening hours
    - when does the shop close
- intent: track+bill
  examples: |
    - where is my parcel and send me an invoice
    - track my order and write a bill for it
    - has my parcel been sent yet and I need an invoice
    - invoice please and where is the package now
- intent: hours+track
  examples: |
    - when are you open and where is my parcel
    - what are your opening hours and has my parcel been sent yet
    - tell me when the shop closes and track my order
rules:
- {rule: track, steps: [{intent: track}, {action: track_form}, {active_loop: track_form}]}
- {rule: bill, steps: [{intent: bill}, {action: bill_form}, {active_loop: bill_form}]}
- {rule: hours, steps: [{intent: hours}, {action: utter_hours}]}
- {rule: both, steps: [{intent: hours+track}, {action: utter_hours_and_parcel}]}
- rule: tracked
  condition: [{active_loop: track_form}]
  steps: [{action: track_form}, {active_loop: null}, {action: utter_tracked}]
- rule: billed
  condition: [{active_loop: bill_form}]
  steps: [{action: bill_form}, {active_loop: null}, {action: utter_billed}]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    directory = tmp_path_factory.mktemp("shop")
    (directory / "domain.yml").write_text(PROJECT_FILE, encoding="utf-8")
    return load_project(directory)


def reading_of(*parts: Part, **intents: float) -> Reading:
    found = sorted((Intent(n, p) for n, p in intents.items()), key=lambda one: -one.probability)
    return Reading(tuple(found), (), 1.0 - sum(intents.values()), parts=parts)


def part(text: str, *entities: Entity, **intents: float) -> Part:
    return Part(text, replace(reading_of(**intents), entities=entities))


ORDER = Entity("order_id", "20240001", 9, 17, "regex")
TRACK = part("where is 20240001", ORDER, track=0.97)
BILL = part("I also need an invoice", bill=0.96)


def test_two_sure_parts_of_two_tasks_are_two_wishes(project: Project) -> None:
    found = wishes_of(project, reading_of(TRACK, BILL, track=0.6, bill=0.4), SETTINGS)
    assert [(one.task.name, one.intent, one.text) for one in found] == [
        ("track", "track", "where is 20240001"),
        ("bill", "bill", "I also need an invoice"),
    ]
    assert [one.told[0]["value"] for one in found if one.told] == ["20240001"]


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (TRACK, part("and so on", bill=0.85)),
        (TRACK, part("once more", track=0.99)),
        (TRACK, part("it is late", track=0.2)),
        (TRACK, BILL, part("it is late", bill=0.2)),
        (TRACK, part("when are you open", hours=0.99)),
        (TRACK, part("hm", bill=0.91, track=0.55)),
    ],
)
def test_anything_less_is_one_wish(project: Project, parts: tuple[Part, ...]) -> None:
    assert wishes_of(project, reading_of(*parts, track=0.9), SETTINGS) == ()


def test_an_answer_may_be_followed_by_a_wish(project: Project) -> None:
    answer = part("20240001", ORDER, track=0.9)
    found = with_answer(project, reading_of(answer, BILL), project.task("track"), SETTINGS)
    assert found is not None
    assert (found[0].text, found[1].task.name) == ("20240001", "bill")
    assert with_answer(project, reading_of(answer, TRACK), project.task("track"), SETTINGS) is None
    assert with_answer(project, reading_of(BILL, TRACK), project.task("bill"), SETTINGS)


def test_an_intent_of_two_is_two_wishes_unless_the_project_has_a_rule_for_it(
    project: Project,
) -> None:
    found = wishes_of(project, reading_of(**{"track+bill": 0.9, "track": 0.1}), SETTINGS)
    assert [one.intent for one in found] == ["track", "bill"]
    assert wishes_of(project, reading_of(**{"track+bill": 0.4, "track": 0.1}), SETTINGS) == ()
    assert wishes_of(project, reading_of(**{"hours+track": 0.9}), SETTINGS) == ()
    assert not [str(remark) for remark in project.remarks if "track" in str(remark)]


def test_the_sign_between_the_names_is_the_one_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents: [a, b, a__b, a+b]", encoding="utf-8")
    tokenizer = (
        "{name: WhitespaceTokenizer, intent_tokenization_flag: true, intent_split_symbol: __}"
    )
    (tmp_path / "config.yml").write_text(f"pipeline: [{tokenizer}]", encoding="utf-8")
    found = load_project(tmp_path)
    assert (found.parts_of("a__b"), found.parts_of("a+b"), found.parts_of("a")) == (
        ("a", "b"),
        (),
        (),
    )


class NoActions:
    """A project whose responses are all it does."""

    names: frozenset[str] = frozenset()

    def facts(self, name: str) -> ActionFacts:
        return ActionFacts()

    async def run(self, name: str, tracker: object) -> ActionOutcome:
        raise AssertionError(name)


@dataclass
class Customer:
    """Says words that are really read."""

    project: Project
    reader: TaskReader
    state: DialogueState = field(default_factory=DialogueState)

    async def says(self, text: str) -> str:
        bot = TaskBot(self.project, NoActions(), SETTINGS)
        heard = turn_of(text, state=self.state, locale="en")
        turn = replace(heard, reading=self._reading(heard.message.text))
        outcome = await ActiveTask(bot).handle(turn)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(bot).handle(turn)
        if isinstance(outcome, Abstain):
            return f"({outcome.reason})"
        self.state = self.state.apply(outcome.events)
        return plain_text(outcome.blocks)

    def _reading(self, text: str) -> Callable[[], Awaitable[Reading]]:
        heard = turn_of(text, state=self.state)

        async def read() -> Reading:
            return await self.reader.read(heard.message, heard.query, heard.state)

        return read


@pytest.fixture
def customer(project: Project, encoder: UniversalSentenceEncoder, lane: Lane) -> Customer:
    model = train(project, Background(), encoder)
    return Customer(project, TaskReader(project, model, QueryVectors(encoder, lane)))


async def test_an_intent_of_two_is_learnt_and_predicted(customer: Customer) -> None:
    asked = "when do you open and has my parcel been sent"
    assert await customer.says(asked) == "9 to 5, and your parcel is on its way."


async def test_without_a_rule_one_comes_after_the_other(customer: Customer) -> None:
    assert await customer.says("where is my parcel now and I need an invoice") == "Which order?"
    assert await customer.says('/inform{"order_id": "7"}') == (
        "On its way: 7.\nNow to “invoice”.\nWhich address?"
    )
    assert await customer.says("a@b.cn") == "Billed."
    assert customer.state.suspended == ()
