"""Parts are found by name; what is built in comes by the same way as guests."""

import pytest

from cs_bot import registry
from cs_bot.errors import UnknownName


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (
            "cs_bot.stages",
            "cache chat handoff handoff.request kbqa sensitive suggest task.active task.new",
        ),
        ("cs_bot.encoders", "openai transformers use"),
        ("cs_bot.rerankers", "transformers"),
        ("cs_bot.stores", "postgresql sqlite"),
        ("cs_bot.channels", "rest web"),
    ],
)
def test_the_built_in_parts_are_registered(group: registry.Group, names: str) -> None:
    assert set(names.split()) <= set(registry.names(group))
    for name in names.split():
        assert callable(registry.load(group, name))


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match="unknown stage 'kbq'; did you mean 'kbqa'") as caught:
        registry.load("cs_bot.stages", "kbq", where="bot.toml")
    assert caught.value.where == "bot.toml"
