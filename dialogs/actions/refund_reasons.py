"""Why something goes back: read from the customer's words, and said again in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

FAULTS = frozenset({"faulty", "wrong_item", "not_as_described"})
"""What the shop got wrong: it pays the postage, and the longer time counts."""

_SIGNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "wrong_item": r"[发寄送]错|错发|不是我[买订]的"
        r"|wrong (?:item|one|product|colou?r|model|size was sent)|sent me the wrong"
        r"|not what i (?:bought|ordered)",
        "not_as_described": r"描述不[符一]|货不对板|色差"
        r"|(?:图片|照片|页面|介绍|宣传)(?:上|里)?的?(?:完全|都|很)?(?:不一样|不符|不同|差)"
        r"|not as described|(?:different|differs) from|doesn'?t match|looks? different|misleading",
        "faulty": r"质量|坏|破|碎|裂|烂|故障|瑕疵|开线|掉色|漏水|漏电|不能用|用不了"
        r"|没有?声音|没有?反应|充不进"
        r"|fault|defect|broke|broken|damag|crack|leak|doesn'?t work|does not work|not working"
        r"|stopped working|dead on arrival|torn|rotten|poor quality|bad quality",
        "size": r"尺码|尺寸|大小|码数|太大|太小|大了|小了|偏大|偏小|不合身|穿不[上下]|不合脚"
        r"|size|too (?:big|small|large|tight|loose|long|short)|(?:do|does|did)(?:n'?t| not) fit",
        "unwanted": r"不喜欢|不想要|不要了|不需要|用不[上着]|后悔|买[错多重]|拍错|多买|无理由"
        r"|don'?t (?:like|want|need)|do not (?:like|want|need)|no longer (?:want|need)"
        r"|changed my mind|by mistake|ordered too many|not needed|bought twice|regret",
    }.items()
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "faulty": {"zh": "质量问题", "en": "faulty or damaged"},
    "wrong_item": {"zh": "发错商品", "en": "wrong item sent"},
    "not_as_described": {"zh": "与描述不符", "en": "not as described"},
    "size": {"zh": "尺码不合适", "en": "wrong size"},
    "unwanted": {"zh": "不想要了", "en": "no longer wanted"},
    "other": {"zh": "其他原因", "en": "another reason"},
}
_POSTAGE: Mapping[bool, Mapping[str, str]] = {
    True: {"zh": "寄回的运费由我们承担", "en": "We pay the return postage"},
    False: {"zh": "寄回的运费需要您承担", "en": "The return postage is on you"},
}


def reason_in(text: str) -> str | None:
    """Return the reason that a text gives, None where it gives none that is known."""
    return next((name for name, sign in _SIGNS.items() if sign.search(text)), None)


def reason_words(reason: str, locale: str) -> str:
    """Return a reason for the confirmation."""
    return _WORDS[reason].get(locale, _WORDS[reason]["zh"])


def postage_words(reason: str, locale: str) -> str:
    """Return who pays for sending it back."""
    words = _POSTAGE[reason in FAULTS]
    return words.get(locale, words["zh"])
