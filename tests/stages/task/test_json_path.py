"""Places in JSON values: names with dots, indexes, slots in names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.json_path import parse_path, value_at

ORDER = {
    "state": "sent",
    "carrier": {"zh": "顺丰", "en": "SF"},
    "items": [{"price": 7}, {"price": 9, "tags": ["a", "b"]}],
    "运单号": "SF1",
    "none": None,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("state", "sent"),
        ("$.state", "sent"),
        ("carrier.{locale}", "SF"),
        ("items[0].price", 7),
        ("items[-1].tags[1]", "b"),
        ("运单号", "SF1"),
        ("items[2].price", None),
        ("items[-3]", None),
        ("items.price", None),
        ("state.x", None),
        ("state[0]", None),
        ("none.x", None),
        ("missing", None),
        ("carrier", {"zh": "顺丰", "en": "SF"}),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, found: Any) -> None:
    assert value_at(ORDER, parse_path(path), lambda name: name.replace("{locale}", "en")) == found


def test_the_whole_value_may_be_a_list() -> None:
    assert value_at([1, 2], parse_path("$"), str) == [1, 2]
    assert value_at([1, 2], parse_path("$[1]"), str) == 2
    assert value_at([1, 2], parse_path("[0]"), str) == 1


@pytest.mark.parametrize("path", ["", " ", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]b", "a[0]b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        parse_path(path)


names = st.text(st.characters(exclude_characters=".[]$", exclude_categories=["Z", "C"]), min_size=1)


@given(st.lists(names | st.integers(-9, 9), min_size=1))
def test_a_path_is_read_as_it_is_written(steps: list[str | int]) -> None:
    written = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps)

    assert parse_path(written.removeprefix(".")) == tuple(steps)


@given(
    st.text(),
    st.recursive(st.none() | st.integers(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)),
)
def test_no_path_breaks_on_any_value(path: str, value: Any) -> None:
    try:
        parsed = parse_path(path)
    except ValueError:
        return
    value_at(value, parsed, str)
