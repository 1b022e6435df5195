"""Which of the two languages of the house a customer's screen speaks."""

from __future__ import annotations


def screen_locale(tag: str, default: str) -> str:
    """Return `zh` or `en` for a language tag such as `zh-CN`, the default for any other."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in ("zh", "en") else default
