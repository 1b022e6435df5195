"""Personal data is told from numbers that only look like it."""

import time

import pytest

from cs_bot.text.personal import personal_spans


def found(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in personal_spans(text)]


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("我的手机13800138000谢谢", "phone", "13800138000"),
        ("打 138-0013-8000", "phone", "138-0013-8000"),
        ("+86 138 0013 8000", "phone", "+86 138 0013 8000"),
        ("１３８００１３８０００", "phone", "１３８００１３８０００"),
        ("打138\u00a00013\u00a08000", "phone", "138\u00a00013\u00a08000"),
        ("打138\u20110013\u20118000", "phone", "138\u20110013\u20118000"),
        ("打\u202d138\u200b0013\u200b8000\u202c", "phone", "138\u200b0013\u200b8000"),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", "phone", "①③⑧⓪⓪①③⑧⓪⓪⓪"),
        ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "phone", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"),
        ("座机 010-62345678", "phone", "010-62345678"),
        ("call +44 20 7946 0958", "phone", "+44 20 7946 0958"),
        ("call +44 (0)20 7946 0958", "phone", "+44 (0)20 7946 0958"),
        ("call +12025550123", "phone", "+12025550123"),
        ("call (555) 123-4567", "phone", "(555) 123-4567"),
        ("写信到li.na@example.com。", "email", "li.na@example.com"),
        ("身份证11010519491231002X", "id_card", "11010519491231002X"),
        ("卡号6222 0212 3456 7890 128", "bank_card", "6222 0212 3456 7890 128"),
        ("card 4111-1111-1111-1111", "bank_card", "4111-1111-1111-1111"),
    ],
)
def test_personal_data_is_found(text: str, kind: str, written: str) -> None:
    assert found(text) == [(kind, written)]


@pytest.mark.parametrize(
    "text",
    [
        "订单号 202601150001234",
        "运单号 SF1234567890123",
        "一共 1380 元，买了 138 件",
        "2026-01-15 14:30",
        "11010519491331002X 不是身份证",
        "4111-1111-1111-1112",
        "型号 A13800138000B",
        "x@y",
        "+1 234 567",
        "+1234567890123456",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", [(" +" + "1" * 26 + "x") * 142, ("x" * 64 + "@" + "a." * 99) * 15])
def test_what_nearly_matches_many_times_costs_no_time(text: str) -> None:
    started = time.process_time()
    personal_spans(text)
    assert time.process_time() - started < 0.1
