"""Tells whether a message speaks of what was named before, or of another one; pure."""

from __future__ import annotations

import re

from cs_bot.stages.task.text import bare

_LONGEST_READ = 200

_BACK = re.compile(
    r"它|[这那](?:个|一?单|一?笔|一?张|一?件|份)|[这那]个?(?:订单|包裹|快递|单子|东西)|该订单|刚才|刚刚|上面"
    r"|同一个|同样的|还是这|再(?:查|看|问)(?:一?下|一?次|一?遍|查|看)?"
    r"|\b(?:it|that|this|those|these|them|same|again|the (?:order|one|item|parcel|package))\b"
)
_ANOTHER = re.compile(
    r"另外?(?:一个|一单|一笔|一张|一件|个|单|笔)(?:订单|包裹|快递|单子|东西|商品)?"
    r"|(?:别|其[他它])的?(?:订单|包裹|快递|单子|单|东西|商品)|换(?:个|一个)?(?:订单|单号|单子)"
    r"|不是[这那]个?(?:订单|单)"
    r"|\b(?:another|(?:a )?different|other)\b(?! (?:question|thing|problem|issue|hand))"
)


def refers_back(words: str) -> bool:
    """Tell whether a message points at something named before: `it`, `that order`, `这个订单`."""
    return not wants_another(words) and _BACK.search(bare(words[:_LONGEST_READ])) is not None


def wants_another(words: str) -> bool:
    """Tell whether a message means something not named yet: `another order`, `另一个订单`."""
    return _ANOTHER.search(bare(words[:_LONGEST_READ])) is not None
