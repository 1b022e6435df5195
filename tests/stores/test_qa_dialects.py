"""Files as FastGPT, MaxKB, RAGFlow, Dify and AnyQ write them, and tables of one's own making."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import DIALECTS, Reading, ReadOptions, read_file, write_pairs
from cs_bot.types import QAPair, Wording


def read(folder: Path, content: str, name: str = "faq.csv", **options: Any) -> Reading:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_file(path, ReadOptions(**options))


def told(reading: Reading) -> list[tuple[str, tuple[str, ...], str]]:
    assert reading.bad == ()
    return [(pair.question, pair.similar, pair.answer) for pair in reading.pairs]


def refusal(folder: Path, content: str, name: str = "faq.csv", **options: Any) -> str:
    with pytest.raises(BadInput) as refused:
        read(folder, content, name, **options)
    assert refused.value.remedy
    return str(refused.value)


def test_fastgpt_has_an_index_in_every_further_column(tmp_path: Path) -> None:
    reading = read(tmp_path, "\ufeffq,a,indexes\n怎么退货,点售后,我要退货,退货流程\n开票,点发票\n")
    assert reading.dialect == "fastgpt"
    assert told(reading) == [
        ("怎么退货", ("我要退货", "退货流程"), "点售后"),
        ("开票", (), "点发票"),
    ]


def test_fastgpt_may_have_several_indexes_in_one_cell_one_a_line(tmp_path: Path) -> None:
    reading = read(tmp_path, 'q,a,indexes\n怎么退货,点售后,"怎么退货\n我要退货\n能退|换吗"\n')
    assert told(reading) == [("怎么退货", ("我要退货", "能退|换吗"), "点售后")]


def test_fastgpt_pushes_objects_in_a_list(tmp_path: Path) -> None:
    data = [
        {"q": "怎么退货", "a": "点售后", "indexes": [{"text": "我要退货"}, {"text": "怎么退货"}]}
    ]
    body = json.dumps({"collectionId": "c", "data": data}, ensure_ascii=False, indent=1)
    reading = read(tmp_path, body, "push.json")
    assert reading.dialect == "fastgpt"
    assert told(reading) == [("怎么退货", ("我要退货",), "点售后")]


MAXKB = "分段标题（选填）,分段内容（必填，最长不超过4096个字符）,问题（选填，单元格内一行一个）\n"


def test_maxkb_has_its_questions_in_one_cell_one_a_line(tmp_path: Path) -> None:
    reading = read(tmp_path, f'{MAXKB}退货,点售后,"怎么退货\n我要退货\n"\n运费怎么算,满 99 免,\n')
    assert reading.dialect == "maxkb"
    assert told(reading) == [
        ("怎么退货", ("我要退货",), "点售后"),
        ("运费怎么算", (), "满 99 免"),
    ]


def test_maxkb_in_english_and_in_another_order(tmp_path: Path) -> None:
    header = "Question (optional),Section content (required)"
    reading = read(tmp_path, f"{header}\nCan I return it?,Within 7 days.\n")
    assert reading.dialect == "maxkb"
    assert told(reading) == [("Can I return it?", (), "Within 7 days.")]


def test_maxkb_without_a_question_or_a_title_is_a_bad_row(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"{MAXKB},点售后,\n").bad
    assert (row.line, row.what) == (2, "'问题（选填，单元格内一行一个）' is missing or empty")


@pytest.mark.parametrize("mark", ["\t", ","])
def test_ragflow_has_no_headings(mark: str, tmp_path: Path) -> None:
    content = f"问题：怎么退货{mark}答案：点售后\nQ: 开票{mark}A: 点发票\n"
    reading = read(tmp_path, content, "faq.txt")
    assert reading.dialect == "ragflow"
    assert told(reading) == [("怎么退货", (), "点售后"), ("开票", (), "点发票")]


def test_ragflow_goes_on_with_an_answer_on_the_next_lines(tmp_path: Path) -> None:
    content = "怎么退货？\t点售后。\n再寄回。\n等三天。\n开票？\t点发票。\n"
    reading = read(tmp_path, content, "faq.txt", dialect="ragflow")
    assert told(reading)[0] == ("怎么退货？", (), "点售后。\n再寄回。\n等三天。")


@pytest.mark.parametrize("name", ["faq.csv", "faq.xlsx"])
def test_ragflow_with_an_empty_answer_is_a_bad_row(name: str, tmp_path: Path) -> None:
    rows = [QAPair("a", "怎么退货？", (), "点售后。"), QAPair("b", "开票？", (), "")]
    write_pairs(tmp_path / name, rows, dialect="ragflow")
    reading = read_file(tmp_path / name)
    assert (reading.dialect, [row.line for row in reading.bad]) == ("ragflow", [2])


def test_rows_with_one_answer_are_one_pair_where_there_are_no_similar_questions(
    tmp_path: Path,
) -> None:
    reading = read(tmp_path, "问题,答案\n怎么退货,点售后\n开票,点发票\n我要退货,点售后\n")
    assert reading.dialect == "dify"
    assert told(reading) == [("怎么退货", ("我要退货",), "点售后"), ("开票", (), "点发票")]


def test_thousands_of_rows_may_have_one_answer(tmp_path: Path) -> None:
    rows = "".join(f"{n % 30_000} 号能退吗,能\n" for n in range(40_000))
    pairs = read(tmp_path, f"问题,答案\n{rows}").pairs
    # A pair that is full is followed by another with the same answer.
    assert [len(pair.similar) for pair in pairs] == [5_000] * 5 + [4_994]
    assert len({text for pair in pairs for text in pair.questions()}) == 30_000


def test_dify_takes_the_first_two_columns_whatever_they_are_called(tmp_path: Path) -> None:
    reading = read(tmp_path, "a,b,c\n怎么退货,点售后,2026\n", dialect="dify")
    assert told(reading) == [("怎么退货", (), "点售后")]


def test_dify_with_one_question_and_two_answers_names_both_lines(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "Question,Answer\n怎么退货,点售后\n怎么退货,打电话\n").bad
    assert (row.line, row.what) == (3, "the question '怎么退货' stands on line 2 already")


def test_a_row_that_is_no_pair_draws_no_other_to_a_wrong_answer(tmp_path: Path) -> None:
    rows = "怎么退货,点售后\n怎么退货,打电话\n电话多少,打电话\n"
    reading = read(tmp_path, f"问题,答案\n{rows}", dialect="dify")
    assert [row.line for row in reading.bad] == [3]
    assert [(pair.question, pair.similar, pair.answer) for pair in reading.pairs] == [
        ("怎么退货", (), "点售后"),
        ("电话多少", (), "打电话"),
    ]


def test_anyq_has_lines_with_a_tab(tmp_path: Path) -> None:
    reading = read(tmp_path, "需要使用什么账号登录？\t平台使用百度账号。\n", "faq.tsv")
    assert reading.dialect == "anyq"
    assert told(reading) == [("需要使用什么账号登录？", (), "平台使用百度账号。")]
    headed = read(tmp_path, "question\tanswer\n退货\t点售后\n", "faq.tsv", dialect="anyq")
    assert told(headed) == [("退货", (), "点售后")]


def test_anyq_has_objects_without_an_id(tmp_path: Path) -> None:
    line = json.dumps({"question": "退货", "answer": "点售后"}, ensure_ascii=False)
    (pair,) = read(tmp_path, f"{line}\n", "faq.json").pairs
    assert (pair.question, pair.id[:2]) == ("退货", "q-")


@pytest.mark.parametrize(
    "header",
    [
        "问题,答案,相似问,分类,标签",
        "标准问,回答,相似问法,类别,标签",
        "*标准问题（必填）,標準答案,扩展问（一行一个）,知识分类,Tags",
        "ＱＵＥＳＴＩＯＮ,Answer, Similar Questions ,Category,tag",
    ],
)
def test_headings_are_known_by_many_names(header: str, tmp_path: Path) -> None:
    reading = read(tmp_path, f"{header}\n怎么退货,点售后,我要退货|退货流程,售后,常见\n")
    (pair,) = reading.pairs
    assert told(reading) == [("怎么退货", ("我要退货", "退货流程"), "点售后")]
    assert (reading.dialect, pair.category, pair.tags) == ("cs-bot", "售后", ("常见",))


def test_similar_questions_may_have_numbered_columns(tmp_path: Path) -> None:
    reading = read(tmp_path, "标准问,答案,相似问1,相似问2\n怎么退货,点售后,我要退货,退货流程\n")
    assert told(reading) == [("怎么退货", ("我要退货", "退货流程"), "点售后")]


def test_another_language_has_headings_of_its_own(tmp_path: Path) -> None:
    reading = read(tmp_path, "问题,答案,英文问题,英文答案\n怎么退货,点售后,How?,Tap it.\n")
    assert reading.pairs[0].translations == {"en": Wording("How?", (), "Tap it.")}


def test_columns_of_any_name_are_mapped(tmp_path: Path) -> None:
    mapping = {"question": "标题", "answer": "正文", "similar": "又名"}
    reading = read(tmp_path, "标题,正文,又名,备注\n退货,点售后,退|换,x\n", mapping=mapping)
    assert told(reading) == [("退货", ("退", "换"), "点售后")]


def test_keys_of_any_name_are_mapped_and_known(tmp_path: Path) -> None:
    mapped = {"question": "标题", "answer": "正文"}
    row = json.dumps({"标题": "退货", "正文": "点售后"}, ensure_ascii=False)
    assert told(read(tmp_path, row, "a.jsonl", mapping=mapped)) == [("退货", (), "点售后")]
    row = json.dumps({"标准问": "退货", "答案": "点售后", "相似问": ["退"]}, ensure_ascii=False)
    assert told(read(tmp_path, row, "a.jsonl")) == [("退货", ("退",), "点售后")]


def test_a_mapped_key_may_lack_in_an_object(tmp_path: Path) -> None:
    rows = [{"标题": "退货", "正文": "点售后", "又名": ["退"]}, {"标题": "开票", "正文": "点发票"}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    mapped = {"question": "标题", "answer": "正文", "similar": "又名"}
    reading = read(tmp_path, lines, "a.jsonl", mapping=mapped)
    assert told(reading) == [("退货", ("退",), "点售后"), ("开票", (), "点发票")]
    with pytest.raises(BadInput, match="unknown field 'qestion'"):
        read(tmp_path, lines, "a.jsonl", mapping={"qestion": "标题"})


def test_an_object_with_two_keys_for_one_field_is_a_bad_row(tmp_path: Path) -> None:
    line = json.dumps({"标准问": "退货", "问题": "x", "答案": "点售后"}, ensure_ascii=False)
    (row,) = read(tmp_path, line, "a.jsonl").bad
    assert row.what == "two columns may be the question: '标准问' and '问题'"


@pytest.mark.parametrize(
    ("header", "options", "said"),
    [
        ("标题,内容", {}, "faq.csv:1: the header lacks question, answer; begin the file with"),
        ("customer asks,official reply text", {}, "faq.csv:1: the header lacks question, answer"),
        (
            "标题,内容",
            {"mapping": {"question": "题目"}},
            "unknown column '题目'; did you mean '标题'?",
        ),
        (
            "标题,内容",
            {"mapping": {"qestion": "标题"}},
            "--map: unknown field 'qestion'; did you me",
        ),
        ("标题,内容", {"dialect": "fastgtp"}, "unknown dialect 'fastgtp'; did you mean 'fastgpt'?"),
        ("标题,内容", {"dialect": "fastgpt"}, "faq.csv:1: not the header of FastGPT"),
        ("标题,内容", {"dialect": "maxkb"}, "faq.csv:1: not the header of MaxKB"),
        ("标准问,问题,答案", {}, "two columns may be the question: '标准问' and '问题'; say which"),
    ],
)
def test_a_header_that_cannot_be_meant_is_refused(
    header: str, options: Any, said: str, tmp_path: Path
) -> None:
    assert said in refusal(tmp_path, f"{header}\na,b\n", **options)


def test_beside_a_name_of_ours_its_other_names_mean_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    row = {"id": "a", "qa_id": "7", "question": "退货", "answer": "点售后", "类别": "x"}
    row |= {"category": "售后", "language": "x", "locale": "zh"}
    (pair,) = read(tmp_path, json.dumps(row, ensure_ascii=False), "a.jsonl").pairs
    assert (pair.id, pair.category, pair.locale) == ("a", "售后", "zh")
    assert "fields not used: language, qa_id, 类别" in caplog.text


def test_a_single_column_is_no_file_of_dify(tmp_path: Path) -> None:
    said = refusal(tmp_path, "question\na\n", dialect="dify")
    assert "faq.csv:1: not the header of Dify; begin the file with: question,answer" in said


def test_of_two_columns_for_one_field_the_mapped_one_counts(tmp_path: Path) -> None:
    mapping = {"question": "标准问"}
    reading = read(tmp_path, "标准问,问题,答案\n退货,x,点售后\n", mapping=mapping)
    assert told(reading) == [("退货", (), "点售后")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_mark_between_cells_is_found(mark: str, tmp_path: Path) -> None:
    rows = [["问题", "答案", "分类"], ["退货", '"点售后, 或打电话; 都行"', "a"]]
    content = "\n".join(mark.join(f'"{cell}"'.replace('""', '"') for cell in row) for row in rows)
    assert told(read(tmp_path, content)) == [("退货", (), "点售后, 或打电话; 都行")]


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, "客服知识库,,\n问题,答案,分类\n怎么退货,点售后,售后\n")
    assert told(reading) == [("怎么退货", (), "点售后")]


@pytest.mark.parametrize("name", ["faq.csv", "faq.tsv", "faq.xlsx", "faq.json", "faq.jsonl"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_written_for_another_system_is_read_back(
    dialect: str, name: str, tmp_path: Path
) -> None:
    wordings = [
        ("怎么退货？", ("我要退货", "退货流程"), "点售后。然后寄回。"),
        ("-5 度能发货吗？", (), "=可以，但是要加冰袋。"),
        ("How do I pay?", ("Payment",), "By card, or on delivery."),
    ]
    pairs = [QAPair(f"p{n}", *one) for n, one in enumerate(wordings)]
    is_json = name.startswith("faq.json")
    if is_json and dialect in {"maxkb", "ragflow"}:
        with pytest.raises(BadInput, match=r"reads no JSON; name the file \.csv"):
            write_pairs(tmp_path / name, pairs, dialect=dialect)
        return
    write_pairs(tmp_path / name, pairs, dialect=dialect)
    # JSON of the others has our keys; only what was asked for tells that rows belong together.
    wanted = None if dialect in {"cs-bot", "fastgpt", "maxkb"} and not is_json else dialect
    assert told(read_file(tmp_path / name, ReadOptions(dialect=wanted))) == wordings


def test_other_systems_get_each_language_as_a_pair_of_its_own(tmp_path: Path) -> None:
    pair = QAPair("a", "退货", (), "点售后", translations={"en": Wording("Return", (), "Tap it.")})
    write_pairs(tmp_path / "faq.csv", [pair], dialect="dify")
    assert (tmp_path / "faq.csv").read_text("utf-8-sig").splitlines() == [
        "question,answer",
        "退货,点售后",
        "Return,Tap it.",
    ]


def test_anyq_splits_at_tabs_and_breaks_so_that_none_are_written_to_it(tmp_path: Path) -> None:
    write_pairs(tmp_path / "faq.tsv", [QAPair("a", "退货", (), "一。\n二。")], dialect="anyq")
    assert (tmp_path / "faq.tsv").read_bytes() == "退货\t一。 二。\n".encode()
