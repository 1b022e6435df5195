"""What a message means: the starter's tasks against everything else a shop is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_bot.errors import Busy, EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.stages.task.entities import EntityFinder
from cs_bot.stages.task.nlu import (
    Background,
    IntentModel,
    TaskReader,
    _chosen,
    parsed_payload,
    train,
)
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.text import folded
from cs_bot.testing.turns import turn_of
from cs_bot.types import Entity, Pressed, Reading

MUST = [
    ("我的快递到哪了", True),
    ("帮我查一下订单", True),
    ("where is my order", True),
    ("track my package 20240001", True),
    ("如何查询物流信息", False),
    ("运费怎么计算", False),
    ("怎么退货", False),
    ("how do I track a parcel", False),
]

UNSEEN = [
    ("我的包裹现在走到哪里了呀", True),
    ("帮忙看下我的快递送到哪了", True),
    ("麻烦帮我查查订单进度", True),
    ("我前天买的衣服到哪儿了", True),
    ("我的东西怎么还没送到", True),
    ("我那个订单发出来了没", True),
    ("查查我的货到哪了", True),
    ("我想知道我的快递什么时候能到", True),
    ("帮我跟踪一下包裹", True),
    ("订单20240002现在什么情况", True),
    ("看一下20240003的物流", True),
    ("我的订单号2024110033帮我查一下", True),
    ("这个单号JD2024110033到哪了", True),
    ("我买的手机发货了吗", True),
    ("我的快递今天能到吗", True),
    ("20240001", True),
    ("單號20240001到哪了", True),
    ("我的包裹呢", True),
    ("where's my stuff", True),
    ("could you check where my parcel is", True),
    ("please track order 20240002", True),
    ("has my parcel been sent out", True),
    ("when is my order going to arrive", True),
    ("my delivery is late, where is it", True),
    ("I want to know the status of my order", True),
    ("is my order on its way", True),
    ("can you find out where my package is", True),
    ("I ordered a phone last week and it still isn't here", True),
    ("怎样能看到物流", False),
    ("去哪里看订单", False),
    ("寄到新疆要多少邮费", False),
    ("满多少包邮", False),
    ("衣服不合适可以换吗", False),
    ("退款几天到账", False),
    ("东西坏了怎么办", False),
    ("能开发票吗", False),
    ("优惠券怎么用不了", False),
    ("忘记登录密码了", False),
    ("可以用支付宝吗", False),
    ("怎么改收货地址", False),
    ("我要取消这个订单", False),
    ("订单可以合并吗", False),
    ("你们几点下班", False),
    ("有没有实体店", False),
    ("包裹里少了一件东西", False),
    ("快递把我的东西弄坏了", False),
    ("你是机器人吗", False),
    ("讲个笑话听听", False),
    ("明天会下雨吗", False),
    ("谢谢你啊", False),
    ("帮我写一首诗", False),
    ("how can I see tracking information", False),
    ("how much does shipping cost", False),
    ("can I send this back", False),
    ("how long do refunds take", False),
    ("do you accept paypal", False),
    ("I forgot my password", False),
    ("can I change the delivery address", False),
    ("please cancel my order", False),
    ("how do I get an invoice", False),
    ("my coupon does not work", False),
    ("what are your opening hours", False),
    ("do you ship to Canada", False),
    ("are you a human", False),
    ("what is the capital of France", False),
    ("good morning", False),
]
"""Not one of them stands in `nlu.yml` or in the knowledge base."""


async def read(reader: TaskReader, text: str, payload: Pressed | None = None) -> Reading:
    turn = turn_of(text, payload=payload)
    return await reader.read(turn.message, turn.query, DialogueState())


def share(reading: Reading, starter: Project) -> float:
    """Return the probability that an order is to be looked up."""
    return sum(map(reading.probability, starter.task("order_status").intents))


@pytest.mark.parametrize(("text", "is_job"), MUST)
async def test_a_job_is_told_from_a_question(
    reader: TaskReader, starter: Project, text: str, is_job: bool
) -> None:
    assert (share(await read(reader, text), starter) >= 0.5) is is_job


async def test_accuracy_on_unseen_utterances(reader: TaskReader, starter: Project) -> None:
    known = {example.text for example in starter.examples}
    assert not [text for text, _ in UNSEEN if text in known]

    wrong = [
        (text, round(found, 2))
        for text, is_job in UNSEEN
        if ((found := share(await read(reader, text), starter)) >= 0.5) is not is_job
    ]

    assert len(UNSEEN) >= 60
    assert 1 - len(wrong) / len(UNSEEN) >= 0.95, wrong


async def test_probabilities_are_shares_of_one(reader: TaskReader) -> None:
    reading = await read(reader, "我的快递到哪了")

    assert sum(i.probability for i in reading.intents) + reading.background == pytest.approx(1.0)
    assert reading.intents[0].name == "order_status"
    assert {intent.name for intent in reading.intents} == {
        *("order_status", "order_number", "refund", "invoice")
    }


async def test_a_mean_square_error_says_the_probabilities_are_sensible(
    reader: TaskReader, starter: Project
) -> None:
    errors = [(share(await read(reader, text), starter) - is_job) ** 2 for text, is_job in UNSEEN]

    assert sum(errors) / len(errors) <= 0.05


async def test_a_number_is_found_where_it_stands(reader: TaskReader) -> None:
    reading = await read(reader, "订单２０２４０００１到哪了")

    assert Entity("order_id", "20240001", 2, 10, "pattern") in reading.entities


async def test_a_pressed_button_says_outright_what_it_means(reader: TaskReader) -> None:
    reading = await read(reader, "查订单", Pressed('/order_status{"order_id": "20240001"}'))

    assert reading.probability("order_status") == 1.0
    assert reading.entities == (Entity("order_id", "20240001", 0, 0, "payload"),)


async def test_a_button_without_a_slash_is_read_as_words(reader: TaskReader) -> None:
    reading = await read(reader, "where is my order", Pressed("where is my order"))

    assert reading.probability("order_status") > 0.5


@pytest.mark.parametrize("payload", ["/order_status{broken", '/order_status["a"]', "/order_status"])
def test_a_broken_payload_still_names_its_intent(payload: str) -> None:
    reading = parsed_payload(payload)

    assert reading is not None
    assert reading.intents[0].name.startswith("order_status")
    assert reading.entities == ()


@pytest.mark.parametrize("error", [Busy("the lane is full"), EncoderDown("host.test", "is slow")])
async def test_without_a_vector_intents_are_left_out_but_numbers_found(
    starter: Project, model: IntentModel, encoder: UniversalSentenceEncoder, error: Exception
) -> None:
    class Full(QueryVectors):
        async def of(self, query: str) -> None:  # type: ignore[override]  # never returns
            raise error

    lane = Lane("never")
    reading = await read(TaskReader(starter, model, Full(encoder, lane)), "订单20240001到哪了")
    lane.close()

    assert reading.intents == ()
    assert reading.background == 1.0
    assert reading.entities[0].value == "20240001"


def test_of_very_many_questions_the_nearest_and_some_others_are_trained_on(
    starter: Project, encoder: UniversalSentenceEncoder
) -> None:
    job = encoder.encode(["where is my order"])
    chance = np.random.default_rng(3).normal(size=(2000, 512)).astype(np.float32)
    vectors = chance / np.linalg.norm(chance, axis=1, keepdims=True)
    vectors[1234] = job[0] * 0.9
    vectors[7] = job[0]
    background = Background(tuple(map(str, range(2000))), vectors)

    questions, chosen = _chosen(background, job, encoder)

    assert questions[0] == "1234"
    assert "7" not in questions
    assert len(set(questions)) == len(chosen) == 800


def test_a_project_without_used_intents_needs_no_model(
    tmp_path_factory: pytest.TempPathFactory, encoder: UniversalSentenceEncoder
) -> None:
    empty = Project(tmp_path_factory.mktemp("bot"))

    assert train(empty, Background(("怎么退货",)), encoder) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("订单20240001和20240002", ["20240001", "20240002"]),
        ("order ab20240001, please", ["ab20240001"]),
        ("1234567", []),
        ("20240001234567890123", []),
        ("a@b20240001x", []),
    ],
)
def test_order_numbers_have_8_to_16_digits(starter: Project, text: str, numbers: list[str]) -> None:
    found = EntityFinder(starter).find(text)

    assert [entity.value for entity in found if entity.name == "order_id"] == numbers


@settings(deadline=None)
@given(st.text())
def test_folding_moves_no_character(text: str) -> None:
    assert len(folded(text)) == len(text)


@settings(deadline=None)
@given(
    before=st.text(alphabet="订单号是 ，。abc", max_size=12), digits=st.integers(10**7, 10**16 - 1)
)
def test_offsets_are_those_of_the_message(starter: Project, before: str, digits: int) -> None:
    wide = str(digits).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    text = f"{before} {wide}"

    entity = next(e for e in EntityFinder(starter).find(text) if e.name == "order_id")

    assert folded(text[entity.start : entity.end]) == entity.value == str(digits)
