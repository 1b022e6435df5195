"""What an import would change, and which questions it would ask twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cs_bot.admin.import_check import Dangling, Preview, preview
from cs_bot.types import Answer, QAPair, Wording


def pair(pair_id: str, question: str, answer: str = "好", *similar: str) -> QAPair:
    return QAPair(pair_id, question, similar, answer)


def previewed(
    pairs: Iterable[QAPair], drafts: Iterable[QAPair] = (), archived: Iterable[QAPair] = ()
) -> Preview:
    rows = [(pair, line) for line, pair in enumerate(pairs, 2)]
    return preview(rows, drafts, {pair.id: pair for pair in archived}, str.casefold)


FULL = QAPair("a", "退货", ("退",), "点售后", translations={"en": Wording("Return", (), "Tap it.")})


def test_what_is_not_there_is_added_and_what_is_the_same_is_unchanged() -> None:
    found = previewed([FULL, pair("b", "开票")], [FULL])
    assert [(one.pair_id, one.question, one.line) for one in found.added] == [("b", "开票", 3)]
    assert (found.changed, found.unchanged) == ((), 1)


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        (
            QAPair("a", "退货吗", ("退",), "打电话", translations=FULL.translations),
            "question answer",
        ),
        (QAPair("a", "退货", (), "点售后", "en", FULL.translations), "similar locale"),
        (QAPair("a", "退货", ("退",), "点售后"), "en"),
        (
            QAPair("a", "退货", ("退",), "点售后", "zh", FULL.translations, "x", ("y",), "z"),
            "category tags task",
        ),
    ],
)
def test_a_changed_pair_names_its_fields(told: QAPair, fields: str) -> None:
    (changed,) = previewed([told], [FULL]).changed
    assert changed.fields == tuple(fields.split())


def test_changed_answers_related_pairs_and_times_are_named() -> None:
    soon = datetime(2026, 12, 1, tzinfo=UTC)
    told = replace(FULL, answers=(Answer("x"),), related=("b",), valid_until=soon)
    (changed,) = previewed([told], [FULL]).changed
    assert changed.fields == ("answers", "related", "valid_until")


def test_related_ids_may_name_pairs_of_the_file_or_of_the_drafts_others_are_named() -> None:
    told = [replace(FULL, related=("b", "old", "gone", "late")), pair("b", "开票")]
    found = previewed(told, [pair("old", "旧")], archived=[pair("late", "久")])
    assert found.dangling == (Dangling("a", 2, "gone"), Dangling("a", 2, "late"))


def test_an_archived_pair_that_comes_back_is_changed() -> None:
    found = previewed([FULL, pair("b", "开票")], archived=[FULL, pair("b", "开发票")])
    assert [one.fields for one in found.changed] == [("archived",), ("archived", "question")]
    assert (found.added, found.unchanged) == ((), 0)


def test_equal_questions_with_one_answer_are_duplicates_with_another_conflicts() -> None:
    told = [pair("x", "ABC", "一"), pair("y", "abc", "二"), pair("z", "Abc", "一")]
    found = previewed(told)
    (duplicate,), (conflict,) = found.duplicates, found.conflicts
    assert (duplicate.asked.pair_id, duplicate.asked.line) == ("z", 4)
    assert (duplicate.other.pair_id, duplicate.other.line) == ("x", 2)
    assert (conflict.asked.pair_id, conflict.asked.text, conflict.other.text) == ("y", "abc", "ABC")


def test_similar_questions_clash_with_those_of_the_drafts() -> None:
    found = previewed([pair("new", "开票", "甲", "要发票")], [pair("old", "x", "乙", "要发票")])
    (conflict,) = found.conflicts
    assert (conflict.asked.text, conflict.other.pair_id, conflict.other.line) == (
        "要发票",
        "old",
        None,
    )


def test_a_translation_is_compared_by_its_own_answer() -> None:
    found = previewed([FULL, QAPair("b", "return", (), "Tap it.", "en")])
    assert (len(found.duplicates), found.conflicts) == (1, ())


def test_a_pair_does_not_clash_with_itself_or_with_what_it_replaces() -> None:
    found = previewed([pair("a", "退货", "新", "退货")], [pair("a", "退货", "旧")])
    assert (found.duplicates, found.conflicts) == ((), ())


def test_drafts_that_clash_among_themselves_are_not_the_business_of_the_file() -> None:
    found = previewed([pair("c", "开票")], [pair("a", "退货"), pair("b", "退货")])
    assert (found.duplicates, found.conflicts) == ((), ())
