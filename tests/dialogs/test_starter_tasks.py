"""The starter's task files hold together: both languages, every response that actions use."""

import json
import re
from pathlib import Path

import pytest

from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project

DIALOGS = Path(__file__).parents[2] / "dialogs"


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(DIALOGS)


def test_everything_in_the_files_is_understood(project: Project) -> None:
    assert [str(remark) for remark in project.remarks] == []


def test_the_tasks_are_those_the_knowledge_base_names(project: Project) -> None:
    lines = (DIALOGS.parent / "knowledge" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    named = {pair["task"] for pair in map(json.loads, lines) if "task" in pair}

    assert named == {task.name for task in project.tasks} == {"order_status", "refund", "invoice"}
    for name in named:
        assert name in project.task(name).intents


def test_every_response_is_there_in_chinese_and_english(project: Project) -> None:
    for name, variations in project.responses.items():
        languages = [dict(variation.needs).get("locale") for variation in variations]
        assert sorted(map(str, languages)) == ["None", "en"], name
        for variation, language in zip(variations, languages, strict=True):
            chinese = re.search(r"[\u4e00-\u9fff]", variation.text or "") is not None
            assert chinese is (language is None), name


def test_both_languages_fill_in_the_same_values(project: Project) -> None:
    for name, (chinese, english) in project.responses.items():
        places = [set(re.findall(r"\{(\w+)\}", said.text or "")) for said in (chinese, english)]
        assert places[0] == places[1], name


def test_actions_use_responses_that_exist(project: Project) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in DIALOGS.rglob("actions/*.py"))
    states = {order["state"] for order in json.loads((DIALOGS / "orders.json").read_text())}

    named = set(re.findall(r'response="(utter_\w+)"', code))
    assert named
    assert named | {f"utter_order_{state}" for state in states} <= set(project.responses)


def test_the_orders_are_what_the_service_promises() -> None:
    orders = json.loads((DIALOGS / "orders.json").read_text(encoding="utf-8"))

    assert len({order["id"] for order in orders}) == len(orders) >= 12
    for order in orders:
        assert re.fullmatch(r"[A-Z]{0,4}\d{8,16}", order["id"])
        for words in (order["carrier"], order["last_scan"] and order["last_scan"]["place"]):
            assert words is None or set(words) == {"zh", "en"}
