from __future__ import annotations

import pytest

from cs_bot.admin.draft_check import Unpublishable, equal_questions, problems, refuse_problems
from cs_bot.blocks import Button, Buttons, Card
from cs_bot.text.normalize import normalized
from cs_bot.types import Answer, QAPair, Wording


def pair(pair_id: str, question: str, *similar: str, english: str | None = None) -> QAPair:
    translations = {"en": Wording(english, (), "Yes.")} if english else {}
    return QAPair(pair_id, question, similar, "可以。", translations=translations)


def places(*pairs: QAPair) -> list[tuple[str, str]]:
    return [(problem.pair_id, problem.field) for problem in problems(pairs, normalized)]


def test_pairs_that_ask_different_things_have_no_problem() -> None:
    assert places(pair("a", "能退吗", "可退吗"), pair("b", "能换吗", english="Swap?")) == []


def test_case_width_script_and_punctuation_do_not_make_a_question_another() -> None:
    for question, same in (
        ("能退货吗", "能退貨嗎？"),
        ("Can I return this?", "can i RETURN this"),
        ("开ＶＩＰ", "开vip。"),
    ):
        assert places(pair("a", question), pair("b", same)) == [
            ("a", "question"),
            ("b", "question"),
        ]


def test_a_question_that_equals_one_in_another_language_is_found_too() -> None:
    found = places(pair("a", "退款", english="VIP"), pair("b", "会员", "vip"))
    assert found == [("a", "translations.en.question"), ("b", "similar.0")]


def test_one_pair_may_say_the_same_twice() -> None:
    assert places(pair("a", "能退吗", "能退吗？", english="Return?")) == []


def test_a_question_without_words_is_a_problem_but_equals_nothing() -> None:
    assert places(pair("a", ""), pair("b", "  ")) == [("a", "question"), ("b", "question")]


def test_an_answer_must_be_there_in_every_language() -> None:
    lacking = QAPair("a", "能退吗", (), " ", translations={"en": Wording("Return?", (), "")})
    assert places(lacking) == [("a", "answer"), ("a", "translations.en.answer")]


def test_a_text_is_reported_once_for_each_pair_it_equals() -> None:
    pairs = [pair("a", "能退吗", "能退吗？"), pair("b", "能退嗎")]
    found = equal_questions(["能退吗!", ""], pairs, normalized)
    assert sorted((equal.text, equal.pair_id) for equal in found) == [
        ("能退吗!", "a"),
        ("能退吗!", "b"),
    ]


def test_a_refusal_names_the_first_problems_with_their_pairs() -> None:
    pairs = [pair(f"p{number:02}", "能退吗") for number in range(12)]
    with pytest.raises(Unpublishable) as refused:
        refuse_problems(pairs, normalized, where="pairs.jsonl", remedy="correct the file")
    head, first, *_, last = str(refused.value).splitlines()
    assert head == "pairs.jsonl: 12 problems to put right before publishing; correct the file"
    assert first.startswith("  p00, question: '能退吗' equals '能退吗' of p01; reword one")
    assert last == "  and 2 more"


def test_a_button_must_start_a_task_that_is_there() -> None:
    row = Buttons((Button("a1", "问", "say:能退吗"), Button("a2", "查", "/order_status")))
    card = Card(
        "卡", buttons=(Button("a3", "退", "/return"), Button("a4", "看", url="https://x.test"))
    )
    rich = QAPair("a", "能退吗", (), "能", answers=(Answer("x"), Answer("y", (row, card))))

    def found(tasks: set[str] | None) -> list[tuple[str, str]]:
        return [(one.field, one.sentence.key) for one in problems([rich], normalized, tasks)]

    assert found({"order_status", "return"}) == found(None) == []
    assert found({"order_status"}) == [("answers.1.blocks.1.buttons.0.task", "no_task")]
    assert len(found(set())) == 2
