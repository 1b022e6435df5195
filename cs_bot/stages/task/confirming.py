"""Asks before an action changes something, and reads the answer; pure."""

from __future__ import annotations

import re

from cs_bot.events import DialogueState, Suspended
from cs_bot.stages.task.policy import is_cancellation
from cs_bot.stages.task.text import bare
from cs_bot.types import Reading

_AWAITS = "confirm:"
_LONGEST = 24
_YES_INTENTS = frozenset({"affirm", "yes", "confirm"})
_NO_INTENTS = frozenset({"deny", "no"})
_YES = re.compile(
    r"(?:嗯|恩|哦|那|就|请|我)*(?:是|是的|对|对的|好|好的|确认|确定|可以|行|没错|没问题|同意|办吧|提交|提交吧|就这样"
    r"|麻烦了|继续)(?:了|吧|啊|呀|的|谢谢|[,，。.!！~\s])*(?:是|是的|对|对的|好|好的|确认|确定|办吧|谢谢|吧)?"
)
_YES_ENGLISH = re.compile(
    r"(?:(?:oh|well|yes|yeah|yep|ok|okay|sure)[\s,.!]+)*"
    r"(?:y|yes|yeah|yep|yup|ok|okay|sure|correct|right|confirm|confirmed|go ahead|do it|please do"
    r"|of course|absolutely|that'?s right)(?:[\s,.!]+(?:please|thanks|thank you|do it|go ahead))*"
)
_NO = re.compile(
    r"(?:嗯|哦|那|我|先|还是)*(?:不|不是|不对|不用|不要|不行|不了|否|先不|不办|不提交|不确认)(?:了|吧|啊|呀|的)*"
)
_NO_ENGLISH = re.compile(
    r"(?:oh|well|sorry)?[\s,.!]*(?:n|no|nope|nah|not now|don'?t|do not|no thanks|no thank you)"
)


def awaiting(action: str) -> str:
    """Return what is awaited while an action is to be confirmed."""
    return f"{_AWAITS}{action}"


def to_confirm(state: DialogueState | Suspended) -> str | None:
    """Return the action that waits for a yes, None where none does."""
    awaited = (state.awaits if isinstance(state, Suspended) else state.requested_slot) or ""
    return awaited.removeprefix(_AWAITS) if awaited.startswith(_AWAITS) else None


def is_confirmed(utterance: str, reading: Reading) -> bool | None:
    """Return whether the answer is a yes or a no, None where it is neither."""
    intent = reading.intents[0].name if reading.intents else None
    if utterance.startswith("/"):
        return True if intent in _YES_INTENTS else False if intent in _NO_INTENTS else None
    words = bare(utterance).replace("’", "'").strip(" ,.!?。，！")
    if len(words) > _LONGEST:
        return None
    if _NO.fullmatch(words) or _NO_ENGLISH.fullmatch(words) or is_cancellation(utterance):
        return False
    return True if _YES.fullmatch(words) or _YES_ENGLISH.fullmatch(words) else None
