from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from cs_bot.blocks import Text
from cs_bot.errors import ServiceFailed
from cs_bot.events import DialogueState
from cs_bot.models.encoders import MOST_CHARACTERS, BothVectors, QueryVectors, Vectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contract import Terms
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.recalibration import Recalibration
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.risk import Choice
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.votes import Ballot, Votes
from cs_bot.stages.kbqa import Kbqa
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.turns import turn_of
from cs_bot.types import (
    Abstain,
    Intent,
    Payload,
    Picked,
    Pressed,
    QAPair,
    Reading,
    Reply,
    Submitted,
    Turn,
    Wording,
)

PAIRS = (
    QAPair(
        "track",
        "如何查询物流信息？",
        ("快递到哪了",),
        "点查看物流。",
        task="order_status",
        translations={"en": Wording("How do I track my parcel?", (), "Tap track parcel.")},
    ),
    QAPair("return", "怎么退货？", ("东西不想要了能退吗",), "点申请售后。"),
    QAPair("paper", "怎么换纸质卡券？", (), "寄回换。"),
    QAPair("electronic", "怎么换电子卡券？", (), "在线换。"),
    QAPair("invoice", "如何开具发票？", ("开票",), "点申请发票。"),
)
JOB = Reading(intents=(Intent("order_status", 0.8),), background=0.1)
QUESTION = Reading(intents=(Intent("order_status", 0.05),), background=0.9)


class Published:
    async def current_release(self) -> str:
        return "r1"

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        return PAIRS


@pytest.fixture
async def stage(lane: Lane) -> Kbqa:
    return await made(lane, KbqaSettings(answer_threshold=0.6, digression_threshold=0.95))


async def made(lane: Lane, settings: KbqaSettings, encoder: WordEncoder | None = None) -> Kbqa:
    encoder = encoder or WordEncoder()
    store = cast(KnowledgeStore, Published())
    snapshots = Snapshots(store, lambda r, pairs: Snapshot.build(r, pairs, encoder), lane)
    await snapshots.refresh()
    return Kbqa(snapshots, BothVectors(QueryVectors(encoder, lane)), lane, settings)


def read_as(reading: Reading, turn: Turn) -> Turn:
    async def read() -> Reading:
        return reading

    return replace(turn, reading=read)


def answered(outcome: Reply | Abstain) -> Reply:
    assert isinstance(outcome, Reply)
    return outcome


def abstained(outcome: Reply | Abstain) -> Abstain:
    assert isinstance(outcome, Abstain)
    return outcome


async def test_a_sure_question_is_answered_with_its_evidence(stage: Kbqa) -> None:
    reply = answered(await stage.handle(turn_of("请问怎么退货？")))
    assert reply.blocks == (Text("点申请售后。", format="md"),)
    assert (reply.ref, reply.impersonal, reply.detail) == ("return", True, {"via": "exact"})
    assert reply.candidates[0].id == "return"
    assert reply.score == reply.candidates[0].score > 0.9


async def test_the_answer_is_in_the_language_of_the_turn_else_in_the_pairs_own(
    stage: Kbqa,
) -> None:
    track = answered(await stage.handle(turn_of("How do I track my parcel?", locale="en")))
    assert track.blocks == (Text("Tap track parcel.", format="md"),)
    invoice = answered(await stage.handle(turn_of("如何开具发票", locale="en")))
    assert invoice.blocks == (Text("点申请发票。", format="md"),)


async def test_what_is_nowhere_near_stays_unanswered_with_its_near_misses(stage: Kbqa) -> None:
    outcome = abstained(await stage.handle(turn_of("今天天气真好")))
    assert outcome.reason == "below_threshold"
    assert outcome.candidates


@pytest.mark.parametrize("said", ["", "   "])
async def test_silence_is_a_miss(said: str, stage: Kbqa) -> None:
    assert await stage.handle(turn_of(said)) == Abstain("miss")


@pytest.mark.parametrize("said", ["😀", "🙏🙏🙏🙏🙏", "👨‍👩‍👧‍👦❤️"])
async def test_emoji_alone_are_no_question(said: str, stage: Kbqa) -> None:
    outcome = abstained(await stage.handle(turn_of(said)))
    assert outcome.reason == "below_threshold"
    assert all(candidate.score < 0.5 for candidate in outcome.candidates)
    assert "read_as" not in outcome.detail


@pytest.mark.parametrize("said", ["我上周买的鞋子小了，" * 2_000, "😀" * 20_000, "不" * 20_000])
async def test_a_very_long_message_that_asks_nothing_known_is_not_answered(
    said: str, stage: Kbqa
) -> None:
    assert abstained(await stage.handle(turn_of(said))).reason == "below_threshold"


async def test_one_question_said_thousands_of_times_is_answered_and_little_of_it_is_encoded(
    lane: Lane,
) -> None:
    encoder = WordEncoder()
    stage = await made(lane, KbqaSettings(answer_threshold=0.6), encoder)
    encoder.encoded.clear()
    assert answered(await stage.handle(turn_of("怎么退货" * 5_000))).ref == "return"
    assert [len(text) for text in encoder.encoded] == [MOST_CHARACTERS]


async def test_two_close_questions_are_ambiguous(stage: Kbqa) -> None:
    outcome = abstained(await stage.handle(turn_of("怎么换卡券")))
    assert outcome.reason == "ambiguous"
    assert {c.id for c in outcome.candidates[:2]} == {"paper", "electronic"}


def under(stage: Kbqa, choice: Choice | None, settings: KbqaSettings) -> Kbqa:
    """Return the stage with what labelled questions led to."""
    terms = None if choice is None else Terms(choice, Recalibration(2.0, 0.0))
    return Kbqa(stage._snapshots, stage._vectors, stage._lane, settings, terms=lambda: terms)


NEARLY = "怎么退货呀亲"
LOW = KbqaSettings(answer_threshold=0.5, margin=0.0)


async def test_while_nothing_is_proven_a_likely_answer_is_listed_and_the_trace_says_why(
    stage: Kbqa,
) -> None:
    assert answered(await under(stage, Choice(0.5, 300, 196, ()), LOW).handle(turn_of(NEARLY)))
    few = abstained(await under(stage, Choice(None, 12, 196, ()), LOW).handle(turn_of(NEARLY)))
    assert few.reason == "ambiguous"
    assert few.detail == {"unproven": "not enough labelled questions: 12 of 196; lists instead"}
    unasked = abstained(await under(stage, None, LOW).handle(turn_of(NEARLY)))
    assert unasked.detail == {"unproven": "labelled questions were not asked yet"}


async def test_what_equals_a_wording_is_answered_whatever_is_proven(stage: Kbqa) -> None:
    reply = answered(await under(stage, None, LOW).handle(turn_of("怎么退货")))
    assert reply.detail == {"via": "exact"}


@pytest.mark.parametrize("settings", [replace(LOW, risk=0.0), replace(LOW, unproven="thresholds")])
async def test_an_operator_may_let_the_thresholds_hold(stage: Kbqa, settings: KbqaSettings) -> None:
    few = Choice(None, 12, 196, ())
    assert answered(await under(stage, few, settings).handle(turn_of(NEARLY)))


async def test_probabilities_are_those_that_the_labelled_questions_show(stage: Kbqa) -> None:
    plain = answered(await under(stage, Choice(0.1, 300, 196, ()), LOW).handle(turn_of(NEARLY)))
    found = answered(await stage.handle(turn_of(NEARLY)))
    assert plain.score == pytest.approx(Recalibration(2.0, 0.0)(found.score))


async def test_a_slip_is_read_as_what_was_meant_and_the_trace_says_so(stage: Kbqa) -> None:
    reply = answered(await stage.handle(turn_of("怎么退或？")))
    assert (reply.ref, reply.detail["read_as"]) == ("return", {"退或": "退货"})
    unsure = abstained(await stage.handle(turn_of("今天 parcle 真好看")))
    assert unsure.detail == {"read_as": {"parcle": "parcel"}}


async def test_slips_are_left_where_the_setting_says_so(lane: Lane) -> None:
    stage = await made(lane, KbqaSettings(answer_threshold=0.6, spelling=False))
    outcome = await stage.handle(turn_of("怎么退或"))
    assert "read_as" not in outcome.detail


async def test_a_pair_with_a_task_starts_it_when_the_customer_wants_the_job(stage: Kbqa) -> None:
    outcome = abstained(await stage.handle(read_as(JOB, turn_of("快递到哪了"))))
    assert (outcome.reason, outcome.detail) == ("starts_task", {"task": "order_status"})
    assert outcome.candidates[0].id == "track"


async def test_a_pair_with_a_task_answers_a_mere_question_but_not_for_the_cache(
    stage: Kbqa,
) -> None:
    reply = answered(await stage.handle(read_as(QUESTION, turn_of("快递到哪了"))))
    assert reply.ref == "track"
    assert not reply.impersonal


async def test_the_canonical_question_word_for_word_is_always_a_question(stage: Kbqa) -> None:
    reply = answered(await stage.handle(read_as(JOB, turn_of("如何查询物流信息"))))
    assert reply.ref == "track"


async def test_a_likelier_task_goes_before_another_pairs_answer(stage: Kbqa) -> None:
    sure = Reading(intents=(Intent("order_status", 1.0),), background=0.0)
    outcome = abstained(await stage.handle(read_as(sure, turn_of("东西不想要了能退吗"))))
    assert outcome.reason == "task_more_likely"


async def test_the_message_is_not_read_where_no_answer_is_near(stage: Kbqa) -> None:
    async def unexpected() -> Reading:
        raise AssertionError

    turn = replace(turn_of("今天天气真好"), reading=unexpected)
    assert abstained(await stage.handle(turn)).reason == "below_threshold"


async def test_while_a_task_collects_only_a_clear_digression_is_answered(stage: Kbqa) -> None:
    collecting = DialogueState(task="order_status", requested_slot="order_id")
    clear = await stage.handle(turn_of("怎么退货", state=collecting))
    assert answered(clear).ref == "return"
    unclear = "退货"
    assert answered(await stage.handle(turn_of(unclear))).ref == "return"
    assert abstained(await stage.handle(turn_of(unclear, state=collecting)))


async def test_a_picked_line_is_answered(stage: Kbqa) -> None:
    turn = turn_of("怎么退货？", payload=Picked("return"))
    reply = answered(await stage.handle(turn))
    assert (reply.ref, reply.score, reply.detail) == ("return", 1.0, {"via": "picked"})


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (Picked(None), "none_of_these"),
        (Picked("gone"), "pair_gone"),
        (Pressed("cancel"), "not_text"),
        (Submitted("message", {}), "not_text"),
    ],
)
async def test_what_is_no_question_is_not_answered(
    payload: Payload, reason: str, stage: Kbqa
) -> None:
    outcome = abstained(await stage.handle(turn_of("怎么退货", payload=payload)))
    assert outcome.reason == reason


async def test_before_the_first_release_it_says_so(lane: Lane) -> None:
    empty = Snapshots(cast(KnowledgeStore, Published()), lambda r, p: pytest.fail(r), lane)
    stage = Kbqa(empty, BothVectors(QueryVectors(WordEncoder(), lane)), lane)
    assert await stage.handle(turn_of("怎么退货")) == Abstain("no_release")


class Down(WordEncoder):
    def encode(self, texts: Sequence[str]) -> Vectors:
        raise ServiceFailed("embeddings", "connection refused")


class Second(WordEncoder):
    name = "second"


async def while_down(lane: Lane) -> Kbqa:
    snapshots = Snapshots(
        cast(KnowledgeStore, Published()),
        lambda release_id, pairs: Snapshot.build(release_id, pairs, WordEncoder()),
        lane,
    )
    await snapshots.refresh()
    return Kbqa(snapshots, BothVectors(QueryVectors(Down(), lane)), lane)


async def test_an_encoder_that_is_down_is_left_out_and_named(lane: Lane) -> None:
    stage = await while_down(lane)
    outcome = abstained(await stage.handle(turn_of("开发票怎么弄")))
    assert outcome.candidates[0].id == "invoice"
    assert outcome.detail["without"] == ["words"]


async def test_an_encoder_that_has_not_read_the_release_is_named_until_it_has(lane: Lane) -> None:
    encoder, second = WordEncoder(), Second()
    snapshots = Snapshots(
        cast(KnowledgeStore, Published()),
        lambda release_id, pairs: Snapshot.build(release_id, pairs, encoder),
        lane,
        join=lambda snapshot: snapshot.joined(second),
    )
    await snapshots.refresh()
    stage = Kbqa(
        snapshots, BothVectors(QueryVectors(encoder, lane), QueryVectors(second, lane)), lane
    )
    outcome = await stage.handle(turn_of("发票要怎么开具"))
    assert outcome.detail["without"] == ["second"]
    await snapshots.complete()
    outcome = await stage.handle(turn_of("发票要怎么开具"))
    assert "without" not in outcome.detail


async def test_a_question_that_equals_a_wording_needs_no_encoder(lane: Lane) -> None:
    stage = await while_down(lane)
    reply = answered(await stage.handle(turn_of("开票")))
    assert (reply.ref, reply.detail) == ("invoice", {"via": "exact"})


async def test_the_opposite_question_is_not_answered(stage: Kbqa) -> None:
    outcome = abstained(await stage.handle(turn_of("怎么不换电子卡券")))
    assert (outcome.reason, outcome.candidates[0].id) == ("contrast", "electronic")
    assert outcome.detail == {"kind": "negation", "asked": "不", "known": ""}


async def test_votes_give_no_answer_to_the_opposite_question(stage: Kbqa) -> None:
    asked = "怎么不换电子卡券"
    for_it = {"electronic": [Ballot(f"v_{n}", 1, 1.0) for n in range(50)]}
    stage._votes = lambda: Votes.of({asked: for_it})
    outcome = abstained(await stage.handle(turn_of(asked)))
    assert (outcome.reason, outcome.candidates[0].id) == ("contrast", "electronic")
