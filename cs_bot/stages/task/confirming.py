"""Asks before an action changes something, and reads the answer; pure."""

from __future__ import annotations

import re

from cs_bot.events import DialogueState, Suspended
from cs_bot.stages.task.policy import is_cancellation
from cs_bot.stages.task.text import bare
from cs_bot.types import Reading

_AWAITS = "confirm:"
_LONGEST = 40
_YES_INTENTS = frozenset({"affirm", "yes", "confirm"})
_NO_INTENTS = frozenset({"deny", "no"})
_BREAK = r"[,，。.!！~～、;；\s]*"
_ZH_YES = (
    r"是|对|好|嗯|恩|哦|行|成|中|妥|可以|没错|没问题|没有问题|没毛病|不错|正确|同意|确认|确定|核对无误|无误|就这样"
    r"|就这么办|按这个|照办|办理|办|提交|开具|申请|继续|来|弄|搞定|开|退|发|走起|当然|必须|ok|okay|yes"
)
_ZH_FILLING = (
    r"哎|唉|诶|欸|噢|那|就|请|我|您|你|帮|给|麻烦|了|吧|啊|呀|呢|哈|哒|滴|嘞|咧|啦|嘛|的|哟|都|可|这个|这样|这么|去|下|一下"
    r"|谢谢|多谢|谢了|感谢|辛苦|赶紧|快|尽快|马上|现在|直接|信息|内容|以上"
)
_YES = re.compile(
    rf"(?:(?:{_ZH_FILLING}){_BREAK})*(?:{_ZH_YES})(?:{_BREAK}(?:{_ZH_YES}|{_ZH_FILLING}))*{_BREAK}"
)
_EN_YES = (
    r"y|yes|yea|yeah|yep|yup|aye|ok|okay|k|sure|sure thing|alright|all right|correct|right|exactly"
    r"|indeed|fine|good|great|perfect|confirm|confirmed|i confirm|agreed|i agree|absolutely"
    r"|definitely|certainly|of course|go ahead|go for it|go on|carry on|proceed|do it|do that"
    r"|please do|submit|send|issue|register|continue|you (?:can|may)(?: do it| go ahead)?"
    r"|(?:that|this|it|everything|all)(?:'?s| is| looks| seems)? (?:right|correct|fine|good|ok|okay"
    r"|great|perfect|it)|(?:looks|sounds) (?:good|right|fine|great|correct|ok|okay)"
)
_EN_FILLING = (
    r"oh|well|ah|um|please|pls|thanks|thank you|thx|cheers|and|then|now|it|that|this|the|my|return"
    r"|request|invoice|refund|with|for|me|to|very|much|so|just|let'?s|with it|with that"
)
_YES_ENGLISH = re.compile(
    rf"(?:(?:{_EN_FILLING})\b[\s,.!;-]*)*(?:{_EN_YES})\b"
    rf"(?:[\s,.!;-]+(?:{_EN_YES}|{_EN_FILLING})\b)*[\s,.!;-]*"
)
_ZH_DEED = r"(?:提交|确认|办理|办|退货|退款|退|开票|开|弄|申请|继续)"
_ZH_NO = (
    rf"不(?:要|用|想|需要)?{_ZH_DEED}?|不(?:是|对|行|了|可以|同意|确定)|别{_ZH_DEED}?|否|算了|取消|放弃"
    r"|再想想|再想一想|再看看|再考虑|考虑一下|想一想|想想|等一下|等等|下次|再说|暂缓"
)
_ZH_SOFTENING = r"嗯|哦|哎|唉|诶|呃|那|就|我|先|还是|暂时|请|了|吧|啊|呀|的|呢|一下|谢谢|让我"
_NO = re.compile(
    rf"(?:(?:{_ZH_SOFTENING}){_BREAK})*(?:{_ZH_NO})(?:{_BREAK}(?:{_ZH_NO}|{_ZH_SOFTENING}))*{_BREAK}"
)
_EN_NO = (
    r"n|no|nope|nah|not now|not yet|not today|no thanks|no thank you|no way|hold on|wait|better not"
    r"|absolutely not|i'?d rather not|never mind|cancel(?: (?:it|that|this))?|leave it|stop"
    r"|(?:don'?t|do not)"
    r"(?: (?:do|submit|send|issue|register|want)(?: (?:it|that|this|anything|to))?)?"
    r"|let me think(?: about it)?|i need to think(?: about it)?"
)
_EN_SOFTENING = r"oh|well|sorry|um|please|actually|thanks|thank you|yet|now|then|just|i|think|so"
_NO_ENGLISH = re.compile(
    rf"(?:(?:{_EN_SOFTENING})\b[\s,.!;-]*)*(?:{_EN_NO})\b"
    rf"(?:[\s,.!;-]+(?:{_EN_NO}|{_EN_SOFTENING})\b)*[\s,.!;-]*"
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
