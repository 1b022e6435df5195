"""Says responses: picks the variation that fits language and channel and fills in the slots."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cs_bot.blocks import Block, Button, Buttons, Text
from cs_bot.stages.task.project import Choice, Variation
from cs_bot.stages.task.showing import blocks_of as blocks_of  # also read from here

log = logging.getLogger(__name__)

_PLACE = re.compile(r"\{([A-Za-z_][\w.-]*)\}")

OWN: Mapping[str, Mapping[str, str]] = {
    "utter_task_cancelled": {
        "zh": "好的，已为您停止。需要时您随时叫我。",
        "en": "All right, I have stopped. Just ask when you need me again.",
    },
    "utter_task_failed": {
        "zh": "抱歉，系统暂时没有回应，没能为您办成。您可以稍后再试，或由人工客服为您处理。",
        "en": "Sorry, the system is not answering right now. Please try again later, or let our "
        "staff help you.",
    },
    "utter_task_failed_again": {
        "zh": "抱歉，还是没能办成。请让人工客服为您继续处理。",
        "en": "Sorry, it still does not work. Our staff can take it from here.",
    },
    "utter_task_late": {
        "zh": "抱歉，系统没有及时回应，没能为您办成。您可以稍后再试，或由人工客服为您处理。",
        "en": "Sorry, the system did not answer in time. Please try again later, or let our staff "
        "help you.",
    },
    "utter_task_unavailable": {
        "zh": "抱歉，系统暂时无法使用。请过几分钟再试，或由人工客服为您处理。",
        "en": "Sorry, the system is not available at the moment. Please try again in a few "
        "minutes, or let our staff help you.",
    },
    "utter_task_unsure": {
        "zh": "抱歉，系统没有确认结果，暂时无法确定是否已经办成。"
        "请先不要重复提交，由人工客服为您核实。",
        "en": "Sorry, the system did not confirm this, so I cannot tell whether it was done. "
        "Please do not submit it again; let our staff check it for you.",
    },
    "utter_task_given_up": {
        "zh": "抱歉，我没能办成这件事。请让人工客服为您继续处理。",
        "en": "Sorry, I could not get this done. Our staff can take it from here.",
    },
    "utter_default": {
        "zh": "抱歉，我没有听懂。请换个说法，或由人工客服为您处理。",
        "en": "Sorry, I did not get that. Please put it another way, or let our staff help you.",
    },
    "utter_ask_rephrase": {
        "zh": "抱歉，我没有听懂。请您换个说法好吗？",
        "en": "Sorry, I did not get that. Could you put it another way?",
    },
    "utter_restart": {
        "zh": "好的，我们重新开始。",
        "en": "All right, let us start again.",
    },
    "utter_back": {
        "zh": "好的，回到上一步。",
        "en": "All right, one step back.",
    },
    "utter_session_start": {
        "zh": "您好，有什么可以帮您？",
        "en": "Hello, what can I do for you?",
    },
    "utter_task_done": {
        "zh": "好的，已经办好了。",
        "en": "All done.",
    },
    "utter_confirm": {
        "zh": "请您确认：现在为您办理吗？",
        "en": "Please confirm: shall I go ahead?",
    },
    "utter_clarify": {
        "zh": "请问您想办的是哪一件？",
        "en": "Which of these would you like?",
    },
    "utter_clarify_none": {
        "zh": "好的。请您换个说法，告诉我想办什么。",
        "en": "All right. Please tell me in other words what you would like.",
    },
    "utter_continue_ask": {
        "zh": "刚才的“{task}”还没办完，要继续吗？",
        "en": "“{task}” is not finished yet. Shall we go on with it?",
    },
    "utter_continue_no": {
        "zh": "好的，那就不办“{task}”了。需要时您随时叫我。",
        "en": "All right, I have stopped “{task}”. Just ask when you need me again.",
    },
    "utter_continue": {
        "zh": "我们接着办“{task}”。",
        "en": "Back to “{task}”.",
    },
    "utter_next_task": {
        "zh": "接下来为您办“{task}”。",
        "en": "Now to “{task}”.",
    },
    "utter_carried": {
        "zh": "沿用您之前说的{carried}",
        "en": "As you said before, {carried}",
    },
    "utter_ask": {
        "zh": "请告诉我：{slot}",
        "en": "Please tell me: {slot}",
    },
}
"""What is said where the project has no response of that name."""
OWN_RESPONSES = frozenset(OWN)
_YES_NO = {"zh": ("确认", "取消"), "en": ("Yes, go ahead", "No, cancel")}
_GO_ON = {"zh": ("继续", "不用了"), "en": ("Yes, go on", "No, thanks")}
_NEITHER = {"zh": "都不是", "en": "Neither"}


Heard = Callable[[str, Sequence[Block]], object]
"""Hears the name of each response that is said, and its blocks."""


def nobody_hears(_name: str, _blocks: Sequence[Block]) -> None:
    """Let nobody hear what is said but the customer."""


class Words:
    """The responses of one project."""

    def __init__(
        self, responses: Mapping[str, Sequence[Variation]], heard: Heard = nobody_hears
    ) -> None:
        self._responses = responses
        self._heard = heard

    def question(
        self,
        form: str,
        slot: str,
        slots: Mapping[str, Any],
        channel: str = "",
        seed: str = "",
        *,
        again: bool = False,
    ) -> tuple[Block, ...]:
        """Return the question for a slot: `utter_ask_<form>_<slot>`, then `utter_ask_<slot>`.

        Asked `again`, the shorter `utter_ask_again_...` come first where the project has them.
        """
        endings = (f"{form}_{slot}", slot)
        shorter = [f"utter_ask_again_{ending}" for ending in endings if again]
        for name in (*shorter, *(f"utter_ask_{ending}" for ending in endings)):
            if name in self._responses:
                return self.say(name, slots, channel, seed)
        return self.say("utter_ask", {**slots, "slot": slot}, channel, seed)

    def confirmation(
        self, action: str, slots: Mapping[str, Any], channel: str = "", seed: str = ""
    ) -> tuple[Block, ...]:
        """Return what asks before an action: `utter_confirm_<action>`, then `utter_confirm`.

        Where it has no buttons of its own it gets a yes and a no.
        """
        name = f"utter_confirm_{action}"
        said = self.say(name if name in self._responses else "utter_confirm", slots, channel, seed)
        return _with_buttons(said, _yes_or_no(_YES_NO, slots))

    def confirms(self, action: str) -> bool:
        """Tell whether the project has words of its own that ask before an action."""
        return bool({f"utter_confirm_{action}", "utter_confirm"} & self._responses.keys())

    def title(self, name: str, slots: Mapping[str, Any]) -> tuple[Block, ...]:
        """Return what the project calls a task or slot, `utter_title_<name>`; nothing without."""
        response = f"utter_title_{name}"
        return self.say(response, slots) if response in self._responses else ()

    def continuing(
        self, slots: Mapping[str, Any], channel: str = "", seed: str = ""
    ) -> tuple[Block, ...]:
        """Return what asks whether to go on with `{task}`: `utter_continue_ask`."""
        said = self.say("utter_continue_ask", slots, channel, seed)
        return _with_buttons(said, _yes_or_no(_GO_ON, slots))

    def clarification(
        self,
        options: Sequence[tuple[str, str]],
        slots: Mapping[str, Any],
        channel: str = "",
        seed: str = "",
    ) -> tuple[Block, ...]:
        """Return what asks which of these titles with their payloads is meant: `utter_clarify`."""
        listed = {**slots, "options": [title for title, _ in options]}
        neither = _NEITHER.get(str(slots.get("locale")), _NEITHER["zh"])
        said = self.say("utter_clarify", listed, channel, seed)
        return _with_buttons(said, (*options, (neither, "/deny")))

    def chosen(self, names: Sequence[str]) -> str:
        """Return the first of these responses that the project has, of our own if it has none."""
        own = (name for name in names if name in self._responses)
        ours = (name for name in names if name in OWN)
        return next(own, None) or next(ours, names[-1])

    def say(
        self, name: str, slots: Mapping[str, Any], channel: str = "", seed: str = ""
    ) -> tuple[Block, ...]:
        """Return the blocks of a response; none, and a log line, when there is no such response.

        Of several variations that fit, `seed` decides, so that a replayed turn says the same.
        """
        said = self._said(name, slots, channel, seed)
        self._heard(name, said)
        return said

    def _said(
        self, name: str, slots: Mapping[str, Any], channel: str, seed: str
    ) -> tuple[Block, ...]:
        fitting = _fitting(self._responses.get(name, ()), slots, channel)
        if fitting:
            chosen = fitting[zlib.crc32(f"{name} {seed}".encode()) % len(fitting)]
            return blocks_of(_filled_in(chosen, slots))
        own = OWN.get(name)
        if own is None:
            log.warning("there is no response %s for this language and channel", name)
            return ()
        return (Text(filled(own.get(str(slots.get("locale")), own["zh"]), slots)),)


def _with_buttons(said: tuple[Block, ...], choices: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """Return what is said with a button for each title and payload, unless it has some."""
    if any(isinstance(block, Buttons) for block in said):
        return said
    row = (Button(f"b{n}", title, payload) for n, (title, payload) in enumerate(choices, 1))
    return (*said, Buttons(tuple(row)))


def _yes_or_no(
    titles: Mapping[str, tuple[str, str]], slots: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    yes, no = titles.get(str(slots.get("locale")), titles["zh"])
    return (yes, "/affirm"), (no, "/deny")


def _fitting(
    variations: Sequence[Variation], slots: Mapping[str, Any], channel: str
) -> list[Variation]:
    """Return variations that fit: of this channel if any are, with a held condition if any are."""
    said = [v for v in variations if v.channel in (None, channel) and _holds(v, slots)]
    said = [v for v in said if v.channel is not None] or said
    return [v for v in said if v.needs] or said


def _holds(variation: Variation, slots: Mapping[str, Any]) -> bool:
    return all(_same(slots.get(name), value) for name, value in variation.needs)


def _same(held: Any, needed: Any) -> bool:
    """Tell whether a slot has a value; of words, as in Rasa, capitals do not matter."""
    if isinstance(held, str) and isinstance(needed, str):
        return held.casefold() == needed.casefold()
    return bool(held == needed)


def _filled_in(variation: Variation, slots: Mapping[str, Any]) -> Variation:
    return replace(
        variation,
        text=variation.text and filled(variation.text, slots),
        image=variation.image and filled(variation.image, slots),
        choices=tuple(_choice(choice, slots) for choice in variation.choices),
        attachment=_within(variation.attachment, slots),
        custom=_within(variation.custom, slots),
        elements=tuple(_within(element, slots) for element in variation.elements),
    )


def _within(value: Any, slots: Mapping[str, Any]) -> Any:
    """Fill the texts within JSON."""
    if isinstance(value, str):
        return filled(value, slots)
    if isinstance(value, dict):
        return {key: _within(item, slots) for key, item in value.items()}
    return [_within(item, slots) for item in value] if isinstance(value, list) else value


def _choice(choice: Choice, slots: Mapping[str, Any]) -> Choice:
    """Fill title and payload; a payload that has places doubles its other braces, as in Rasa."""
    payload = choice.payload
    if "{{" in payload:
        payload = filled(payload, slots).replace("{{", "{").replace("}}", "}")
    return Choice(filled(choice.title, slots), payload, choice.url and filled(choice.url, slots))


def filled(text: str, slots: Mapping[str, Any]) -> str:
    """Return the text with `{slot}` replaced; a place without a value stays empty."""
    return _PLACE.sub(lambda place: shown(slots.get(place[1])), text)


def shown(value: Any) -> str:
    """Return a value as words say it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
