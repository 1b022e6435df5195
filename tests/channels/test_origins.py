"""Which pages may talk to which channel."""

from __future__ import annotations

import pytest

from cs_bot.channels.origins import Origins
from cs_bot.settings import ChannelSettings

ORIGINS = Origins(
    {
        "own": ChannelSettings(),
        "shop": ChannelSettings(origins=("https://shop.example", "http://localhost:3000/")),
        "open": ChannelSettings(origins=("*",)),
    },
    "https://chat.example",
)


@pytest.mark.parametrize(
    ("origin", "channel", "admitted"),
    [
        (None, "own", True),
        ("http://bot.example:8000", "own", True),
        ("https://bot.example:8000", "own", True),
        ("https://chat.example", "own", True),
        ("https://chat.example:443", "own", True),
        ("http://bot.example", "own", False),
        ("https://shop.example", "own", False),
        ("null", "own", False),
        ("http://[", "own", False),
        ("http://[", "shop", False),
        ("https://shop.example", "shop", True),
        ("https://SHOP.example", "shop", True),
        ("https://shop.example:443", "shop", True),
        ("http://localhost:3000", "shop", True),
        ("http://shop.example", "shop", False),
        ("https://shop.example.evil.example", "shop", False),
        ("http://bot.example:8000", "shop", False),
        ("https://anybody.example", "open", True),
    ],
)
def test_a_page_may_come_or_not(origin: str | None, channel: str, admitted: bool) -> None:
    assert ORIGINS.admits(origin, "bot.example:8000", channel) is admitted


def test_before_the_key_is_known_one_channel_that_admits_it_is_enough() -> None:
    own = Origins({"own": ChannelSettings()})
    assert own.admits_any("http://bot.example", "bot.example")
    assert not own.admits_any("http://evil.example", "bot.example")


def test_two_malformed_addresses_are_not_the_same_page() -> None:
    assert not Origins({"own": ChannelSettings()}).admits("http://[", "[", "own")
