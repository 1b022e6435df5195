"""The way to a human: an offer when nothing else could answer, and a form to leave a message.

The last stage of the cascade, which always answers; its early half answers only who asks for a
human in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cs_bot.blocks import Block, Button, Buttons, Field, Form, Text
from cs_bot.events import HandoffOffered, MessageLeft
from cs_bot.text.texts import Texts, read_toml, texts
from cs_bot.types import Abstain, Picked, Pressed, Reply, Submitted, Turn

PAYLOAD = "/handoff"
FORM_ID = "leave_message"
_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "fallback": (),
    "still_stuck": (),
    "asked": (),
    "none_of_these": (),
    "thanks": (),
    "button": (),
    "form_title": (),
    "field_text": (),
    "field_name": (),
    "field_contact": (),
    "submit": (),
    "cancel": (),
}
# A phone number or an e-mail address; read by browsers too, so it keeps to what both understand.
_CONTACT = r"\+?[0-9][0-9 \-]{5,18}[0-9]|[^@\s]+@[^@\s]+\.[^@\s]+"

_WHO_ZH = r"(?:人工客服|人工服务|人工坐席|人工|真人客服|真人|活人|客服人员|工作人员)"
_WHO_EN = r"(?:human|person|agent|representative|rep|operator|staff|advisor|customer service)"
_WANT_ZH = r"(?:我要|我想|我需要|请|帮我|麻烦|给我|能不能|能否|可以|可不可以|能)*"
_DO_ZH = r"(?:转接?到?|换|找|接|呼叫|联系|要|叫|连接)"
_WANT_EN = (
    r"(?:(?:please|can i|could i|may i|i want to|i'd like to|i would like to|i need to|let me"
    r"|i wanna|get me|connect me to|transfer me to|put me through to|talk to|speak to|speak with"
    r"|talk with|chat with|i want|i need|give me|live|real|a|an|your|the|actual|some|someone)\s+)*"
)
_WHOLE = re.compile(
    rf"{_WANT_ZH}{_DO_ZH}?一?[个下位]?{_WHO_ZH}(?:吧|吗|呢|啊|好吗|谢谢|聊|说话|处理|帮忙)*"
    rf"|{_WANT_EN}(?:live |real )?{_WHO_EN}(?:\s+(?:please|now))*"
)
_WITHIN = re.compile(
    rf"(?:{_DO_ZH}|我要|我想要)一?[个下位]?{_WHO_ZH}(?![心耳智授费])"
    rf"|(?:talk|speak|chat|connect me|transfer me|put me through)\s+(?:to|with)\s+"
    rf"(?:(?:a|an|the|your|some|real|live|actual)\s+)*{_WHO_EN}"
    rf"|(?:want|need)\s+(?:(?:a|an|real|live|actual)\s+)+{_WHO_EN}"
)
_PUNCTUATION = re.compile(r"[^\w\s']+")


def handoff_texts(path: Path) -> Texts:
    """Read the sentences of this stage; raises `BadInput` with the place of what is missing."""
    return texts(read_toml(path).get("handoff"), where=f"{path}: handoff", required=_SENTENCES)


class HumanRequest:
    """Answers early who asks for a human and nothing else, and who sends the form.

    It stands before the knowledge base, whose own answer on reaching a human would come first.
    """

    name = "handoff"

    def __init__(self, sentences: Texts) -> None:
        self._sentences = sentences

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Answer a request, a press of the button and the form; abstain on all else."""
        match turn.message.payload:
            case Submitted(form_id=form_id, values=values) if form_id == FORM_ID:
                return _thanks(self._sentences, turn.locale, values)
            case Pressed(payload=payload) if payload == PAYLOAD:
                return _form(self._sentences, turn.locale, "asked", reason="asked")
            case None if _WHOLE.fullmatch(_bare(turn.query)):
                return _form(self._sentences, turn.locale, "asked", reason="asked")
        return Abstain("not_asked")


class Handoff:
    """Answers whatever is left: first asks for other words, then offers the form."""

    name = "handoff"

    def __init__(self, sentences: Texts) -> None:
        self._sentences = sentences
        self._request = HumanRequest(sentences)

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Answer, always."""
        asked = await self._request.handle(turn)
        if isinstance(asked, Reply):
            return asked
        if turn.message.payload is None and _WITHIN.search(_bare(turn.query)):
            return _form(self._sentences, turn.locale, "asked", reason="asked")
        if turn.message.payload == Picked(None):
            return self._offer(turn.locale, "none_of_these")
        if turn.state.fallbacks == 1:
            return _form(self._sentences, turn.locale, "still_stuck", reason="fallback")
        return self._offer(turn.locale, "fallback")

    def _offer(self, locale: str, reason: str) -> Reply:
        button = Button("handoff", self._sentences("button", locale), payload=PAYLOAD)
        blocks = (Text(self._sentences(reason, locale)), Buttons((button,)))
        return _offering(blocks, reason)


def _bare(query: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", query).split())


def _offering(blocks: tuple[Block, ...], reason: str) -> Reply:
    return Reply(blocks, score=0.0, events=(HandoffOffered(reason),), ref=reason, handoff=True)


def _form(sentences: Texts, locale: str, key: str, *, reason: str) -> Reply:
    form = Form(
        form_id=FORM_ID,
        title=sentences("form_title", locale),
        fields=(
            Field(
                "text", "textarea", sentences("field_text", locale), required=True, maxlength=1000
            ),
            Field(
                "name", "text", sentences("field_name", locale), maxlength=50, autocomplete="name"
            ),
            Field(
                "contact",
                "text",
                sentences("field_contact", locale),
                required=True,
                pattern=_CONTACT,
                maxlength=100,
                sensitive=True,
            ),
        ),
        submit=sentences("submit", locale),
        cancel=sentences("cancel", locale),
    )
    return _offering((Text(sentences(key, locale)), form), reason)


def _thanks(sentences: Texts, locale: str, values: Mapping[str, str]) -> Reply:
    contact = values.get("contact", "").strip()
    left = MessageLeft(
        name=values.get("name", "").strip(), contact=contact, text=values.get("text", "").strip()
    )
    return Reply((Text(sentences("thanks", locale)),), events=(left,), ref=FORM_ID)
