"""Answers with everything that an answer may hold, for property-based tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from cs_bot.stores.answers_json import answers_from_json
from cs_bot.types import Answer

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=9)
_SAID = _WORDS.map(str.strip).filter(bool)
_ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))]
)
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_ADDRESSES = st.sampled_from(["https://shop.example/a.png?size=2", "http://127.0.0.1:8000/x#y"])
_LABELS = st.lists(_SAID, max_size=2, unique=True)
_BUTTONS = st.one_of(
    st.fixed_dictionaries({"title": _SAID, "say": _SAID}),
    st.fixed_dictionaries({"title": _SAID, "url": _ADDRESSES | st.just("tel:+86-10-1234")}),
    st.fixed_dictionaries({"title": _SAID, "task": st.sampled_from(["order_status", "return"])}),
)
_BLOCKS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("text"), "text": _SAID}),
    st.fixed_dictionaries({"kind": st.just("image"), "url": _ADDRESSES, "alt": _SAID}),
    st.fixed_dictionaries(
        {"kind": st.just("buttons"), "buttons": st.lists(_BUTTONS, min_size=1, max_size=3)}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("card"), "title": _SAID},
        optional={
            "text": _SAID,
            "image": _ADDRESSES,
            "alt": _SAID,
            "buttons": st.lists(_BUTTONS, max_size=3),
        },
    ),
)


def _times(least_minutes: int, most_minutes: int) -> st.SearchStrategy[str]:
    minutes = st.integers(least_minutes, most_minutes)
    return st.builds(
        lambda n, zone: (_BEGINNING + timedelta(minutes=n)).astimezone(zone).isoformat(),
        minutes,
        _ZONES,
    )


def rich_answers(most: int = 3) -> st.SearchStrategy[tuple[Answer, ...]]:
    """Return a strategy of up to so many answers that the API and files would take."""
    answer = st.fixed_dictionaries(
        {"text": _SAID},
        optional={
            "blocks": st.lists(_BLOCKS, max_size=3),
            "channels": _LABELS,
            "locales": st.sampled_from([["zh"], ["en"], ["zh", "en"]]),
            "tiers": _LABELS,
            "valid_from": _times(1, 1_000_000),
            "valid_until": _times(1_000_001, 2_000_000),
        },
    )
    return st.lists(answer, max_size=most).map(answers_from_json)
