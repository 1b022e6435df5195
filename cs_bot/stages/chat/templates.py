"""Small talk by regular expressions: what is said as a whole, and what to reply in each language.

A reply may use what a pattern captured and what the conversation remembers. Which of several
wordings is chosen depends on conversation and message only, so that a replayed turn is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from cs_bot.blocks import Block, Button, Buttons, Text
from cs_bot.events import Event, HandoffOffered, MemorySet
from cs_bot.stages.chat.stage import LAST
from cs_bot.text.normalize import HAN
from cs_bot.text.texts import mentioned
from cs_bot.types import Abstain, Reply, Turn

_HANDOFF = "/handoff"
_MOST_CHARACTERS = 80
"""Longer utterances are no small talk."""
_PUNCTUATION = re.compile(r"[^\w\s']+")
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{HAN}]) | (?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """A button under a reply, its title in each language."""

    title: Mapping[str, str]
    payload: str


@dataclass(frozen=True, slots=True)
class Template:
    """Things customers say, each a pattern of the whole utterance, and the replies to them."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    replies: Mapping[str, tuple[str, ...]]
    after: frozenset[str] = frozenset()
    """Names of templates of which one must have made the previous reply; empty for any."""
    needs: tuple[str, ...] = ()
    """Memories that must be there."""
    written: re.Pattern[str] | None = None
    """What must occur in the message as written, where capitals or signs tell."""
    remember: tuple[str, ...] = ()
    """Captures that the conversation remembers."""
    buttons: tuple[TemplateButton, ...] = ()

    def match(self, utterance: str) -> re.Match[str] | None:
        """Return how the utterance, as a whole, matches."""
        matches = (pattern.fullmatch(utterance) for pattern in self.patterns)
        return next((match for match in matches if match is not None), None)


class TemplateTalk:
    """Answers with the first template, in the order of the file, that matches."""

    def __init__(self, templates: Sequence[Template], *, bot_names: Mapping[str, str]) -> None:
        self._templates = tuple(templates)
        self._bot_names = bot_names

    async def answer(self, turn: Turn) -> Reply | Abstain:
        """Return the reply of the template that matches the whole utterance."""
        utterance = spoken(turn.query)
        if len(utterance) > _MOST_CHARACTERS:
            return Abstain("miss")
        previous = _previous(turn)
        for template in self._templates:
            match = template.match(utterance)
            if match is not None and _applies(template, turn, previous):
                return self._reply(template, match, turn)
        return Abstain("miss")

    def _reply(self, template: Template, match: re.Match[str], turn: Turn) -> Reply:
        said = {
            name: _as_written(value, turn.message.text)
            for name, value in match.groupdict().items()
            if value is not None
        }
        bot_name = self._bot_names.get(turn.locale, "")
        words = _chosen(template, turn, {**turn.state.memory, **said, "bot_name": bot_name})
        offers = any(button.payload == _HANDOFF for button in template.buttons)
        events: list[Event] = [
            MemorySet(name, said[name]) for name in template.remember if name in said
        ]
        if offers:
            events.append(HandoffOffered(template.name))
        return Reply(
            (Text(words), *_buttons(template, turn.locale)),
            events=tuple(events),
            ref=template.name,
            handoff=offers,
        )


def spoken(query: str) -> str:
    """Return the words of a query, punctuation left out; a query of signs only as it is."""
    bare = " ".join(_PUNCTUATION.sub(" ", query).split())
    return _SPACE_BESIDE_HAN.sub("", bare) or query.strip()


def _applies(template: Template, turn: Turn, previous: str | None) -> bool:
    return (
        (not template.after or previous in template.after)
        and all(turn.state.memory.get(name) for name in template.needs)
        and (template.written is None or bool(template.written.search(turn.message.text)))
    )


def _previous(turn: Turn) -> str | None:
    """Return the template of the previous reply, None when another stage made it."""
    if not turn.history or turn.history[-1].answered_by != "chat":
        return None
    return turn.state.memory.get(LAST)


def _as_written(capture: str, text: str) -> str:
    """Return the captured words with the capitals the customer gave them."""
    start = text.lower().find(capture)
    return text[start : start + len(capture)] if start >= 0 else capture


def _chosen(template: Template, turn: Turn, values: Mapping[str, str]) -> str:
    wordings = [
        wording
        for wording in template.replies[turn.locale if turn.locale in template.replies else "en"]
        if all(values.get(name) for name in mentioned(wording, where=template.name))
    ]
    message = turn.message
    seed = crc32(f"{message.conversation_id}\n{message.message_id}\n{template.name}".encode())
    return wordings[seed % len(wordings)].format_map(values)


def _buttons(template: Template, locale: str) -> tuple[Block, ...]:
    buttons = tuple(
        Button(f"b{n}", button.title.get(locale, button.title["en"]), payload=button.payload)
        for n, button in enumerate(template.buttons, 1)
    )
    return (Buttons(buttons),) if buttons else ()
