from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.admin.draft_replay import DraftCheck, Replayed
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.judged import judged
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.replay import Change, Outcome, Question
from cs_bot.retrieval.risk import Contract
from cs_bot.types import QAPair
from tests.admin.conftest import ScriptedChecks

PAIRS = {
    "refund": QAPair("refund", "怎么退款", (), "原路退回。"),
    "track": QAPair("track", "快递到哪了", (), "看物流。"),
}
RIGHT = LabelledRow(0.9, True, answerable=True, holds=True, gold="refund", best="refund")
WRONG = LabelledRow(0.4, False, answerable=True, holds=True, gold="track", best="refund")
JUDGED = judged([RIGHT] * 100 + [WRONG] * 4, Contract(risk=0.05), PAIRS, stale=1)


def change(verdict: str, text: str) -> Change:
    after = Outcome("answer", "refund", (), 0.93)
    return Change(Question(text, True, "refund"), Outcome("none"), after, False, verdict)  # type: ignore[arg-type]


async def test_before_labels_were_asked_there_is_no_contract(console: httpx.AsyncClient) -> None:
    assert (await console.get("/contract")).json() is None


async def test_the_contract_is_shown_with_its_curve_and_what_would_help(
    console: httpx.AsyncClient, app: FastAPI, found: list[object]
) -> None:
    for pair in PAIRS.values():
        body = {"id": pair.id, "question": pair.question, "answer": pair.answer}
        await console.post("/pairs", json=body)
    found.append(JUDGED)
    contract = (await console.get("/contract")).json()
    assert (contract["risk"], contract["cut"], contract["labelled"]) == (0.05, 0.9, 104)
    assert (contract["needed"], contract["stale"], contract["answerable"]) == (76, 1, 104)
    assert contract["coverage"] == 100 / 104
    assert [point["cut"] for point in contract["curve"]] == [0.9, 0.4]
    assert contract["advice"] == [
        {
            "pair_id": "track",
            "question": "快递到哪了",
            "labelled": 4,
            "direct": 0,
            "listed": 4,
            "wordings": 1,
            "confused_with": "refund",
            "confused_question": "怎么退款",
        }
    ]


async def test_a_pair_archived_since_the_release_keeps_its_name(
    console: httpx.AsyncClient, found: list[object]
) -> None:
    for pair in PAIRS.values():
        body = {"id": pair.id, "question": pair.question, "answer": pair.answer}
        await console.post("/pairs", json=body)
    await console.post("/releases", json={"note": ""})
    await console.delete("/pairs/track")
    found.append(JUDGED)
    (advice,) = (await console.get("/contract")).json()["advice"]
    assert (advice["pair_id"], advice["question"]) == ("track", "快递到哪了")


@pytest.mark.parametrize(
    ("dials", "holds", "risk"),
    [
        (KbqaSettings(risk=0.05), "cut", 0.05),
        (KbqaSettings(risk=0), "thresholds", 0),
    ],
)
async def test_without_a_stated_risk_nothing_is_promised(
    console: httpx.AsyncClient, found: list[object], holds: str, risk: float
) -> None:
    found.append(JUDGED)
    contract = (await console.get("/contract")).json()
    assert (contract["holds"], contract["risk"]) == (holds, risk)


@pytest.mark.parametrize(
    ("dials", "holds"),
    [
        (KbqaSettings(), "lists"),
        (KbqaSettings(unproven="thresholds"), "thresholds"),
    ],
)
async def test_while_no_cut_is_proven_the_settings_say_what_holds(
    console: httpx.AsyncClient, found: list[object], holds: str
) -> None:
    found.append(judged([], Contract(), PAIRS))
    contract = (await console.get("/contract")).json()
    assert (contract["holds"], contract["cut"]) == (holds, None)


async def test_a_check_is_started_and_followed(
    console: httpx.AsyncClient, checks: ScriptedChecks
) -> None:
    assert (await console.get("/releases/draft/check")).json()["state"] == "absent"
    checks.check = DraftCheck("running", "ask", 30, 460)
    answer = await console.post("/releases/draft/check")
    assert (answer.status_code, checks.started) == (202, 1)
    assert answer.json() == {
        "state": "running",
        "step": "ask",
        "done": 30,
        "total": 460,
        "result": None,
        "error": None,
    }


async def test_what_gets_worse_comes_first(
    console: httpx.AsyncClient, checks: ScriptedChecks
) -> None:
    changes = (change("better", "一"), change("other", "二"), change("worse", "三"))
    result = Replayed(104, 20, changes, None, JUDGED, PAIRS)
    checks.check = DraftCheck("done", result=result)
    told = (await console.get("/releases/draft/check")).json()["result"]
    assert [one["question"] for one in told["changes"]] == ["三", "二", "一"]
    assert (told["changed"], told["better"], told["worse"]) == (3, 1, 1)
    assert (told["labelled"], told["real"], told["before"]) == (104, 20, None)
    assert told["after"]["cut"] == 0.9
    assert told["changes"][0]["after"] == {
        "zone": "answer",
        "pair_id": "refund",
        "question": "怎么退款",
        "probability": 0.93,
    }
