"""What a task does next, given only its form and the state; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cs_bot.events import DialogueState
from cs_bot.stages.task.project import TaskForm
from cs_bot.stages.task.text import bare


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for this slot."""

    slot: str


@dataclass(frozen=True, slots=True)
class Submit:
    """All slots are filled: carry the task out."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Too many unusable answers: offer a human."""


Act = Ask | Submit | GiveUp


def next_act(form: TaskForm, state: DialogueState, most_rejections: int) -> Act:
    """Return what to do with this state of the form's task."""
    if state.rejections >= most_rejections:
        return GiveUp()
    missing = first_missing(form, state)
    return Submit() if missing is None else Ask(missing)


def first_missing(form: TaskForm, state: DialogueState) -> str | None:
    """Return the first required slot that has no value."""
    return next((name for name in form.required_slots if state.slots.get(name) is None), None)


_LONGEST_CANCELLATION = 40
_CANCEL = re.compile(
    r"(?:(?:(?:那|就|嗯|哦|哎|唉|诶|呃|额|啊|好吧|还是|我|先|请|这样)[,，\s]*)*"
    r"(?:算了|取消|不(?:想|用|需要)?(?:查|问|弄|办|退|开|换|搞|申请|办理)(?:货|款|票|发票)?了|不用了|不要了|不需要了"
    r"|没事了|退出|结束|停止|放弃|到此为止)"
    r"(?:吧|了|啦|好了|谢谢|哈|[,，。.!！\s])*)+"
)
_CORE_ENGLISH = (
    r"never\s?mind(?: it| that| about it)?|cancel(?: it| this| that)?"
    r"|cancel (?:the|my) (?:return|refund|request|invoice)|forget (?:it|that|about it|about that)"
    r"|(?:let'?s )?stop(?: it| this| here)?|quit|exit|abort|don'?t bother|call it off|skip it"
    r"|no need|leave it|drop it"
)
_CANCEL_ENGLISH = re.compile(
    r"(?:(?:ok|okay|no|oh|well|actually|please|just|sorry|and)[\s,.!]+)*"
    rf"(?:{_CORE_ENGLISH})"
    rf"(?:[\s,.!]+(?:please|thanks|thank you|then|now|it'?s ok|{_CORE_ENGLISH}))*"
)


def is_cancellation(utterance: str) -> bool:
    """Tell whether an utterance does nothing but call the running task off; no `/intent` does."""
    if utterance.startswith("/"):
        return False
    words = bare(utterance).replace("’", "'")
    if len(words) > _LONGEST_CANCELLATION:
        return False
    return bool(_CANCEL.fullmatch(words) or _CANCEL_ENGLISH.fullmatch(words))


_CANCEL_ALL = re.compile(
    r"(?:(?:那|那就|嗯|好吧|还是|我|请|先)*(?:全部|全都|都|所有(?:的)?(?:都)?|一起)"
    r"(?:算了|取消|不查了|不要了|不办了|不弄了|不用了|停止|放弃)(?:吧|了|啦|谢谢|[,，。.!！\s])*)"
    r"|(?:(?:ok|okay|no|please|just|sorry)[\s,.!]+)*"
    r"(?:cancel|stop|forget|drop)(?: about)? (?:everything|all(?: of (?:it|them|that|this))?|it all"
    r"|both(?: of them)?)(?:[\s,.!]+(?:please|thanks|thank you))*"
)


def is_cancellation_of_all(utterance: str) -> bool:
    """Tell whether an utterance calls off all that was begun, tasks that wait among it."""
    words = bare(utterance)
    return len(words) <= _LONGEST_CANCELLATION and _CANCEL_ALL.fullmatch(words) is not None


_CORRECTION = re.compile(
    r"(?:嗯|哦|啊|抱歉|不好意思|[,，\s])*(?:不对|不是|错了|我?(?:说|搞|写|弄|记)错|更正|改一下|改成|应该是)"
    r"|(?:oh|sorry|wait|well|[\s,])*(?:no\b|actually|i meant?|i mean\b|correction|that'?s wrong"
    r"|my mistake|my bad"
    r"|change (?:it|that) to|make (?:it|that))"
)


def is_correction(utterance: str) -> bool:
    """Tell whether an utterance begins by taking something back: `no, the 3rd`, `不对，是3号`."""
    return _CORRECTION.match(bare(utterance).replace("’", "'")) is not None


_QUESTION = re.compile(
    r".*(?:[?？]|吗|么|呢)\s*|.*(?:多久|多少|几[点天个号]|怎么|怎样|如何|哪[里儿个些了]|什么时候|为什么|为啥|谁|能不能"
    r"|可不可以|可以.+吗|是不是|有没有).*"
    r"|(?:and |but |so )?(?:what|when|where|who|whom|whose|why|how|which|can|could|do|does|did|is"
    r"|are|will|would|may|should)\b.*",
    re.DOTALL,
)
_LONGEST_QUESTION = 80


def is_question(utterance: str) -> bool:
    """Tell whether an utterance may ask something: `how long does it take`, `运费谁出`."""
    words = " ".join(utterance.casefold().split())
    return len(words) <= _LONGEST_QUESTION and _QUESTION.fullmatch(words) is not None


_REQUEST = re.compile(
    r"(?:(?:请|麻烦|先|再|那|顺便|你|您|能|我想|我要)*(?:帮我|帮忙|给我|替我|查|看|开|办|退|换)).*"
    r"|(?:please |just |also |i want |i need |i'?d like |let me )*(?:to )?"
    r"(?:track|check|look up|show|tell|find|send me|get me|return|cancel|change)\b.*",
    re.DOTALL,
)


def is_request(utterance: str) -> bool:
    """Tell whether an utterance asks for something, and does not only tell it."""
    if utterance.startswith("/"):
        return True
    return is_question(utterance) or _REQUEST.fullmatch(bare(utterance)) is not None
