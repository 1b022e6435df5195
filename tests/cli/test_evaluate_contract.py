"""`cs-bot evaluate kbqa --tune`: the contract that labelled questions lead to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.retrieval.scoring import score
from tests.cli.conftest import Run

ASKED = {
    "return": "怎么退货",
    "invoice": "如何开具发票",
    "parcel": "快递几天能到",
    "address": "能不能修改收货地址",
    "refund": "退款多久到账",
    "coupon": "优惠券怎么使用",
    "password": "忘记密码怎么办",
    "points": "积分可以换什么",
}
UNKNOWN = (
    "附近有什么好吃的",
    "今天会下雨吗",
    "谁赢了昨晚的比赛",
    "帮我写一首诗",
    "地铁几点收班",
    "推荐一部电影",
)
SAID = ("我想知道{}啊", "老板，{}", "{}，急", "麻烦说说{}", "那个，{}呀")


@dataclass(frozen=True)
class Files:
    """Pairs, and questions about them."""

    faq: Path
    queries: Path
    tune: Path
    tune_oos: Path

    def words(self, *more: str | Path) -> tuple[str | Path, ...]:
        """Return the command on these files."""
        return ("evaluate", "kbqa", "--faq", self.faq, "--queries", self.queries, *more)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    pairs = [{"id": name, "question": text, "answer": "好的。"} for name, text in ASKED.items()]
    tune = [labelled(said.format(text), name) for name, text in ASKED.items() for said in SAID[:-1]]
    scored = [labelled(SAID[-1].format(text), name) for name, text in ASKED.items()]
    return Files(
        rows(tmp_path / "faq.jsonl", pairs),
        rows(tmp_path / "queries.jsonl", scored),
        rows(tmp_path / "tune.jsonl", tune),
        rows(tmp_path / "oos.jsonl", [labelled(text, None) for text in UNKNOWN]),
    )


def labelled(text: str, pair_id: str | None) -> dict[str, str | None]:
    return {"qid": text, "query": text, "faq_id": pair_id}


def rows(path: Path, objects: Iterable[Mapping[str, str | None]]) -> Path:
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_the_cut_is_chosen_by_the_questions_to_tune_by(files: Files, run: Run) -> None:
    told = json.loads(run(*files.words("--tune", files.tune, "--risk", "0.2", "--json")).out)
    contract = told["contract"]
    assert contract.keys() == {"cut", "list_cut", "labelled", "needed", "curve"}
    assert contract["labelled"] == 32 >= contract["needed"]
    chosen = next(point for point in contract["curve"] if point["cut"] == contract["cut"])
    assert chosen["bound"] <= 0.2
    assert told["right_answer"] > 0.5
    assert told.keys() == {*score([]), "contract"}


def test_questions_without_an_answer_count_among_them(files: Files, run: Run) -> None:
    words = files.words("--tune", files.tune, "--tune-oos", files.tune_oos, "--json")
    assert json.loads(run(*words).out)["contract"]["labelled"] == 38


def test_a_stricter_risk_needs_more_questions_and_says_how_many(files: Files, run: Run) -> None:
    strict = run(*files.words("--tune", files.tune)).out
    assert "32 questions to tune by: not enough labelled questions: 32 of " in strict
    assert "<- chosen" not in strict
    told = json.loads(run(*files.words("--tune", files.tune, "--json")).out)
    assert told["contract"]["cut"] is None
    assert told["answered"] == 0


def test_the_curve_is_a_short_table_with_the_chosen_cut_marked(files: Files, run: Run) -> None:
    words = files.words("--tune", files.tune, "--tune-oos", files.tune_oos, "--risk", "0.2")
    told = json.loads(run(*words, "--json").out)
    assert len(told["contract"]["curve"]) > 30
    said = run(*words).out
    table = said[said.index("coverage") : said.index("8 questions\n")].splitlines()[1:]
    assert len(table) == 11  # ten evenly, and the chosen one between two of them
    (chosen,) = (line for line in table if line.endswith("<- chosen"))
    assert float(chosen.split()[0]) == round(told["contract"]["cut"], 3)


@pytest.mark.parametrize("labels", [{}, {"faq_id": "return"}], ids=["none", "some"])
def test_the_contract_is_told_where_the_questions_asked_have_no_labels(
    labels: Mapping[str, str | None], files: Files, run: Run
) -> None:
    rows(files.queries, [{"qid": "1", "query": "想退", **labels}, {"qid": "2", "query": "开票"}])
    told = json.loads(run(*files.words("--tune", files.tune, "--json")).out)
    assert told.keys() == {"queries", "contract"}
    assert told["queries"] == 2
    assert "2 questions, not scored" in run(*files.words("--tune", files.tune)).out


@pytest.mark.parametrize("risk", ["0", "1", "2 %"])
def test_a_risk_is_a_share(risk: str, files: Files, run: Run) -> None:
    ran = run(*files.words("--tune", files.tune, "--risk", risk))
    assert (ran.code, "is no share: write one between 0 and 1" in ran.err) == (2, True)


def test_questions_without_answers_alone_tune_nothing(files: Files, run: Run) -> None:
    ran = run(*files.words("--tune-oos", files.tune_oos))
    assert (ran.code, "name them with --tune FILE" in ran.err) == (2, True)


@pytest.mark.parametrize("which", ["queries", "tune"])
def test_a_label_that_names_no_pair_is_refused_with_its_line(
    which: str, files: Files, run: Run
) -> None:
    path: Path = getattr(files, which)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"qid": "a", "query": "退", "faq_id": "retrun"}\n')
        file.write('{"qid": "b", "query": "换", "faq_id": "swap"}\n')
    line = len(path.read_text(encoding="utf-8").splitlines()) - 1
    ran = run(*files.words("--tune", files.tune))
    assert ran.code == 2
    assert f"{path.name}:{line}: 'faq_id' names 'retrun', which is no pair" in ran.err
    assert "nor are those of 1 more questions; correct it, or write null" in ran.err


def test_a_question_to_tune_by_without_a_label_is_refused_with_its_line(
    files: Files, run: Run
) -> None:
    with files.tune.open("a", encoding="utf-8") as file:
        file.write('{"qid": "a", "query": "退"}\n')
    ran = run(*files.words("--tune", files.tune))
    assert (ran.code, "tune.jsonl:33: the question 'a' has no label" in ran.err) == (2, True)
