"""Which encodings are found without being told, and what is said when none fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import read_file

TABLE = "问题,答案,分类\r\n怎么退货,点“申请售后”。,售后\r\n开票,点发票,财务\r\n"
LINE = '{"id": "a", "question": "怎么退货", "answer": "点售后"}\n'


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
    ],
)
@pytest.mark.parametrize(("text", "name"), [(TABLE, "faq.csv"), (LINE, "faq.jsonl")])
def test_an_encoding_is_found(
    text: str, name: str, encoding: str, named: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    reading = read_file(path)
    assert (reading.encoding, reading.bad) == (named, ())
    assert reading.pairs[0].question == "怎么退货"


def test_utf_16_of_the_other_order_is_found(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(b"\xfe\xff" + TABLE.encode("utf-16-be"))
    assert read_file(path).pairs[1].question == "开票"


def test_a_spoilt_utf_8_file_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    content = (TABLE * 20).encode()
    at = content.index("售".encode(), 300)
    spoilt = content[:at] + b"\xb8\xaa" + content[at + 3 :]
    assert spoilt.decode("gb18030", "replace")
    path = tmp_path / "faq.csv"
    path.write_bytes(spoilt)
    with pytest.raises(BadInput, match=rf"faq.csv:{spoilt.count(10, 0, at) + 1}: not UTF-8: byte"):
        read_file(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"question,answer\n\xff\xff,x\n", "faq.csv:2: not UTF-8: byte 16 is 0xff, and not GB18"),
        (b"\xff\xfe\x00\xd8\x41\x00", "faq.csv:1: not UTF-16, though it begins like it: byte 2"),
    ],
)
def test_what_is_in_no_encoding_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_file(path)
    assert said in str(refused.value)
    assert refused.value.remedy == "save the file as UTF-8"
