"""Small talk by a language model: told what it may not promise, and checked before it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_bot.blocks import Text
from cs_bot.errors import ServiceFailed, UnknownName
from cs_bot.llm.client import LLM, ChatMessage, Completion
from cs_bot.stages.chat.grounding import ungrounded
from cs_bot.text.lexicon import Lexicon
from cs_bot.text.texts import mentioned, read_text
from cs_bot.types import Abstain, Exchange, Reply, Turn

_PASS = re.compile(r"\bPASS\b")
"""What the prompt tells the model to say when it should not answer."""
_LANGUAGES = {"zh": "简体中文", "en": "English"}
_VALUES = ("bot_name", "language")
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_SENTENCE = re.compile(r".*[。！？.!?]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LLMTalkSettings:
    """How the model is asked; `history_characters` bounds what it sees of the past."""

    temperature: float = 0.3
    max_tokens: int = 400
    history_characters: int = 2000


class LLMTalk:
    """Asks a language model and sends only what it can stand behind."""

    def __init__(
        self,
        llm: LLM,
        prompt: str,
        lexicon: Lexicon,
        *,
        bot_names: Mapping[str, str],
        settings: LLMTalkSettings | None = None,
    ) -> None:
        self._llm = llm
        self._prompt = prompt
        self._lexicon = lexicon
        self._bot_names = bot_names
        self._settings = settings or LLMTalkSettings()

    async def answer(self, turn: Turn) -> Reply | Abstain:
        """Return the model's words, or why they were not sent."""
        messages = self._messages(turn)
        try:
            completion = await self._llm.complete(
                messages,
                temperature=self._settings.temperature,
                max_tokens=self._settings.max_tokens,
            )
        except ServiceFailed as error:
            return Abstain("llm_failed", detail={"why": str(error)})
        usage = {"tokens_in": completion.tokens_in, "tokens_out": completion.tokens_out}
        text = _clean(completion)
        reason = self._objection(text, [message.content for message in messages[1:]])
        if reason is not None:
            return Abstain(reason, detail=usage)
        return Reply((Text(text),), generated=True, detail=usage)

    def _messages(self, turn: Turn) -> list[ChatMessage]:
        question = turn.message.text if turn.logged_text is None else turn.logged_text
        prompt = self._prompt.format(
            bot_name=self._bot_names.get(turn.locale, ""),
            language=_LANGUAGES.get(turn.locale, turn.locale),
        )
        past = _recent(turn.history, self._settings.history_characters)
        return [
            ChatMessage("system", prompt),
            *(message for exchange in past for message in _as_messages(exchange)),
            ChatMessage("user", question),
        ]

    def _objection(self, text: str, evidence: Sequence[str]) -> str | None:
        """Return why the text must not be sent, None when it may."""
        if not text:
            return "empty_output"
        if _PASS.search(text):
            return "not_small_talk"
        if any(found.entry.action != "pass" for found in self._lexicon.find(text)):
            return "blocked_output"
        return "not_grounded" if ungrounded(text, evidence) else None


def load_prompt(path: Path) -> str:
    """Read the prompt; raises `BadInput` when it mentions a value that does not exist."""
    prompt = read_text(path).strip()
    for name in mentioned(prompt, where=str(path)):
        if name not in _VALUES:
            raise UnknownName("value", name, _VALUES, where=str(path))
    return prompt


def _recent(history: Sequence[Exchange], characters: int) -> list[Exchange]:
    """Return the last exchanges that fit into so many characters, oldest first."""
    kept: list[Exchange] = []
    for exchange in reversed(history):
        characters -= len(exchange.text) + len(exchange.reply)
        if characters < 0:
            break
        kept.append(exchange)
    return kept[::-1]


def _as_messages(exchange: Exchange) -> tuple[ChatMessage, ...]:
    return ChatMessage("user", exchange.text), ChatMessage("assistant", exchange.reply)


def _clean(completion: Completion) -> str:
    """Return the words without a model's thoughts and without a sentence that was cut off."""
    text = _THOUGHTS.sub("", completion.text).strip()
    if completion.finish != "length":
        return text
    whole = _SENTENCE.match(text)
    return whole[0] if whole else ""
