"""The sensitive filter: refuses what must not be discussed, and keeps secrets out of the log.

Knows what the word lists say, not what the other stages do. When it breaks, the turn ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cs_bot.blocks import Text
from cs_bot.text.lexicon import Found, Lexicon
from cs_bot.text.personal import personal_spans
from cs_bot.types import Abstain, Reply, Submitted, Turn

_BROKEN = "broken"
_MASK = "*"


class SensitiveFilter:
    """Looks for listed words and personal data in what the customer wrote.

    A form is never refused (a left message has to arrive); personal data is never a reason to
    refuse either, it is only masked in the log: a task may have asked for it.
    """

    name = "sensitive"

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Refuse kindly, or abstain with the words as the log may keep them."""
        text = turn.message.text
        found = self._lexicon.find(text)
        blocked = [hit for hit in found if hit.entry.action == "block"]
        masked = [(hit.start, hit.end) for hit in found if hit.entry.action != "pass"]
        personal = personal_spans(text)
        masked += [(span.start, span.end) for span in personal]
        logged_text = _masked(text, masked) if masked else None
        submitted = turn.message.payload
        if isinstance(submitted, Submitted):
            found = (*found, *self._in_form(submitted))
        detail = _detail(found, [span.kind for span in personal])
        if blocked and not isinstance(submitted, Submitted):
            return self._refusal(blocked, turn.locale, logged_text, detail)
        reason = "clean" if logged_text is None else "masked"
        return Abstain(reason, logged_text=logged_text, detail=detail)

    def when_broken(self, turn: Turn) -> Reply:
        """Say sorry; nothing of an unchecked message goes to the log."""
        words = self._lexicon.replies(_BROKEN, turn.locale)
        return Reply((Text(words),), ref=_BROKEN, logged_text=_MASK * len(turn.message.text))

    def _in_form(self, form: Submitted) -> Sequence[Found]:
        return [hit for value in form.values.values() for hit in self._lexicon.find(value)]

    def _refusal(
        self,
        blocked: Sequence[Found],
        locale: str,
        logged_text: str | None,
        detail: dict[str, list[str]],
    ) -> Reply:
        template = min((hit.entry.category.template for hit in blocked), key=self._order)
        return Reply(
            (Text(self._lexicon.replies(template, locale)),),
            ref=template,
            logged_text=logged_text,
            detail=detail,
        )

    def _order(self, template: str) -> int:
        """Return the place of a reply in the file: the first one wins when several apply."""
        return self._lexicon.replies.names.index(template)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        chars[start:end] = _MASK * (end - start)
    return "".join(chars)


def _detail(found: Iterable[Found], personal: Iterable[str]) -> dict[str, list[str]]:
    """Return the categories found, for the trace: never the words themselves."""
    categories = sorted({hit.entry.category.name for hit in found})
    kinds = sorted(set(personal))
    return {key: names for key, names in (("categories", categories), ("personal", kinds)) if names}
