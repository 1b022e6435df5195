"""`${NAME}` in YAML values: secrets and addresses stand in the environment, not in files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cs_bot.stages.task.rasa.nodes import Node

_NAMED = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")


def expanded(node: Node, environment: Mapping[str, str]) -> str:
    """Return a text with `${NAME}` and `${NAME:-otherwise}` replaced; raises `BadInput`.

    The message names the variable and never its value.
    """

    def value_of(found: re.Match[str]) -> str:
        name, otherwise = found[1], found[2]
        if environment.get(name):
            return environment[name].strip()
        if otherwise is None:
            raise node.wrong(
                f"the environment variable {name!r} is not set",
                f"set it before the bot starts, or write ${{{name}:-VALUE}}",
            )
        return otherwise

    return _NAMED.sub(value_of, node.text())
