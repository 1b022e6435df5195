"""Slots in addresses, texts and JSON: quoted where they stand, never more than one value."""

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.templates import (
    EmptyPlace,
    as_text,
    filled_json,
    filled_query,
    filled_text,
    filled_url,
    places_of,
)

SLOTS = {"id": "A/1?x=ä", "n": 3, "yes": True, "tags": ["a", 2], "gone": None, "empty": ""}


def test_a_value_is_one_piece_of_an_address() -> None:
    assert filled_url("http://h/o/{id}?n={n}", SLOTS) == "http://h/o/A%2F1%3Fx%3D%C3%A4?n=3"


@pytest.mark.parametrize("name", ["gone", "empty", "missing"])
def test_an_address_needs_its_values(name: str) -> None:
    with pytest.raises(EmptyPlace, match=f"{name} has no value"):
        filled_url(f"http://h/o/{{{name}}}", SLOTS)


def test_json_keeps_the_type_of_a_value_that_stands_alone() -> None:
    template = {"n": "{n}", "said": "{n} of {yes}", "all": ["{tags}", "{gone}", 7, None]}

    assert filled_json(template, SLOTS) == {
        "n": 3,
        "said": "3 of true",
        "all": [["a", 2], None, 7, None],
    }


def test_a_parameter_without_a_value_is_left_out() -> None:
    assert filled_query({"n": "{n}", "g": "{gone}", "t": "{tags}", "f": False}, SLOTS) == {
        "n": "3",
        "t": "a,2",
        "f": "false",
    }


def test_the_places_of_a_template_are_found_at_any_depth() -> None:
    template = {"a": ["{x}", {"b": "{y} and {x}"}], "c": 1, "{z}": "{not a place}"}

    assert sorted(places_of(template)) == ["x", "x", "y"]


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (1.5, "1.5"), (False, "false"), ({"a": "ä"}, '{"a": "ä"}')]
)
def test_values_in_texts_are_written_as_services_write_them(value: Any, text: str) -> None:
    assert as_text(value) == text


@given(st.text(min_size=1))
def test_no_value_leaves_its_piece_of_the_address(value: str) -> None:
    parts = urlsplit(filled_url("http://h/o/{id}/end?a=1", {"id": value}))

    assert (parts.hostname, parts.query, parts.fragment) == ("h", "a=1", "")
    first, second, piece, last = parts.path.split("/")
    assert (first, second, last) == ("", "o", "end")
    assert unquote(piece) == value.encode("utf-8", "replace").decode()


@given(st.text(min_size=1))
def test_a_value_that_looks_like_a_place_is_not_filled_again(value: str) -> None:
    assert filled_text("{a}", {"a": f"{{{value}}}", value: "secret"}) == f"{{{value}}}"
