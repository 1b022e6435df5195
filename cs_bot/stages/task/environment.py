"""`${NAME}` in files: secrets and addresses stand in the environment instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cs_bot.errors import BadInput

_NAMED = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")


def expanded(text: str, where: str, environment: Mapping[str, str]) -> str:
    """Return a text with `${NAME}` and `${NAME:-otherwise}` replaced; raises `BadInput`.

    The message names the variable and never its value.
    """

    def value_of(found: re.Match[str]) -> str:
        name, otherwise = found[1], found[2]
        if environment.get(name):
            return environment[name].strip()
        if otherwise is None:
            raise BadInput(
                f"the environment variable {name!r} is not set",
                where=where,
                remedy=f"set it before the bot starts, or write ${{{name}:-VALUE}}",
            )
        return otherwise

    return _NAMED.sub(value_of, text)


def masked(text: str) -> str:
    """Return a text with every `${NAME}` as one letter, to look at what stands around them."""
    return _NAMED.sub("x", text)
