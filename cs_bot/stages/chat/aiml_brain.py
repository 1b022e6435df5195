"""The only module that knows python-aiml: loads AIML files strictly, answers without a state.

The kernel matches words between spaces, so Chinese is split into characters here, in patterns and
in what is said; authors write plain text. Nothing stays in the kernel between two calls.
"""

from __future__ import annotations

import re
import xml.sax
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import aiml
from aiml.AimlParser import AimlHandler, AimlParserError

from cs_bot.errors import BadInput
from cs_bot.text.normalize import HAN, simplified
from cs_bot.text.texts import read_text

_MOST_WORDS = 60
"""Longer utterances are no small talk; the matcher recurses once for each word."""
_REFUSED = frozenset({"system", "javascript", "learn"})
"""Elements that run programs or open files."""
_BOT_NAME = "BOT_NAME"
_TOPIC = "topic"
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_PATTERN_WORD = re.compile(rf"{_BOT_NAME}|[{HAN}]|[^\W_{HAN}]+|[*_]")
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{HAN}，。！？；：、]) (?=[{HAN}，。！？；：、])")
_SENTENCE_END = re.compile(r"[。！？.!?\n]+")

Category = tuple[str, str, str, Any]
"""Pattern, that, topic and the parsed template."""


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance and what the answer to it may depend on."""

    text: str
    previous_reply: str
    predicates: Mapping[str, str]
    bot_name: str
    seed: str
    """Decides what `<random>` picks."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What AIML says: the words, the pattern that matched, and the predicates it set."""

    text: str
    category: str
    predicates: Mapping[str, str]


class AimlBrain:
    """All AIML files of a bot. Not for two threads at once: give it a lane."""

    def __init__(self, paths: Iterable[Path], *, bot_names: Iterable[str]) -> None:
        """Load the files; raises `BadInput` with file and line of what is wrong."""
        self._kernel = _Kernel()
        self._names: dict[int, str] = {}
        names = sorted({" ".join(_WORD.findall(name)).upper() for name in bot_names})
        for path in paths:
            for pattern, that, topic, template in _categories(path):
                self._names[id(template)] = pattern
                for name in names if _BOT_NAME in pattern else [""]:
                    key = (pattern.replace(_BOT_NAME, name), that, topic)
                    self._kernel.brain.add(
                        tuple(self._kernel.pattern(part) for part in key), template
                    )

    def __len__(self) -> int:
        return len(self._names)

    def answer(self, said: Said) -> Answer | None:
        """Return the answer, None when no category matches or none of its words are left."""
        if len(_WORD.findall(said.text)) > _MOST_WORDS:
            return None
        text, template, predicates = self._kernel.answer(said)
        if not text or template is None:
            return None
        changed = {k: v for k, v in predicates.items() if said.predicates.get(k, "") != v}
        return Answer(text, self._names[template], changed)


class _Kernel(aiml.Kernel):  # type: ignore[misc]  # the package has no types
    """The kernel made silent, repeatable and forgetful."""

    _maxRecursionDepth = 20  # noqa: N815 - the kernel's name for how deep <srai> may go
    _SESSION = "turn"

    def __init__(self) -> None:
        super().__init__()
        self.verbose(False)
        self.brain = self._brain
        self._dice = Random(0)  # noqa: S311 - wordings, not secrets
        self._today = ""
        self._matched: list[int] = []

    def pattern(self, text: str) -> str:
        """Return a pattern as the kernel matches it."""
        plain = self._subbers["normal"].sub(simplified(text).upper())
        return " ".join(_PATTERN_WORD.findall(plain))

    def answer(self, said: Said) -> tuple[str, int | None, dict[str, str]]:
        """Return the words, the id of the outermost template, and all predicates afterwards."""
        self._dice = Random(said.seed)  # noqa: S311 - wordings, not secrets
        self._today = said.at.date().isoformat()
        self._matched = []
        self.setBotPredicate("name", said.bot_name)
        words = self._words(said.text)
        sentences = [part for part in _SENTENCE_END.split(said.previous_reply) if part.strip()]
        self._sessions[self._SESSION] = {
            **said.predicates,
            _TOPIC: self._words(said.predicates.get(_TOPIC, "")),
            self._inputHistory: [words],
            self._outputHistory: [self._words(sentences[-1])] if sentences else [],
            self._inputStack: [],
        }
        try:
            text = _joined(self._respond(words, self._SESSION))
            session = self._sessions[self._SESSION]
        finally:
            self._deleteSession(self._SESSION)
        predicates = {k: _joined(v) for k, v in session.items() if isinstance(v, str)}
        return text, self._matched[0] if self._matched else None, predicates

    def _words(self, text: str) -> str:
        return " ".join(_WORD.findall(self._subbers["normal"].sub(text)))

    # The rest overrides methods of the kernel, whose names are not ours.

    def setPredicate(  # noqa: N802
        self,
        name: str,
        value: Any,
        sessionID: str = "_global",  # noqa: N803
    ) -> None:
        if isinstance(value, str):  # conditions compare plain text, the topic is matched by words
            value = self._words(value) if name == _TOPIC else _joined(value)
        super().setPredicate(name, value, sessionID)

    def _respond(self, input_: str, session_id: str) -> str:
        return str(super()._respond(self._words(input_), session_id))

    def _processTemplate(self, elem: list[Any], session_id: str) -> str:  # noqa: N802
        self._matched.append(id(elem))
        return str(super()._processTemplate(elem, session_id))

    def _processRandom(self, elem: list[Any], session_id: str) -> str:  # noqa: N802
        items = [item for item in elem[2:] if item[0] == "li"]
        return str(self._processElement(self._dice.choice(items), session_id)) if items else ""

    def _processDate(self, _elem: list[Any], _session_id: str) -> str:  # noqa: N802
        return self._today


def _joined(text: str) -> str:
    """Return the text with Chinese characters side by side again."""
    return _SPACE_BESIDE_HAN.sub("", " ".join(text.split()))


def _categories(path: Path) -> list[Category]:
    handler = _Handler(path)
    try:
        xml.sax.parseString(read_text(path).encode(), handler)  # noqa: S317 - the bot's own files
    except xml.sax.SAXParseException as error:
        raise BadInput(
            f"not valid XML: {error.getMessage()}",
            where=f"{path}:{error.getLineNumber()}",
            remedy="correct the line",
        ) from None
    return [(*key, template) for key, template in handler.categories.items()]


class _Handler(AimlHandler):  # type: ignore[misc]  # the package has no types
    """The parser of the package, which only warns, made to raise `BadInput`."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def _startElement(self, name: str, attr: Any) -> None:  # noqa: N802
        if name in _REFUSED:
            raise self._error(f"<{name}> is not allowed", "remove it")
        inside = self._state >= self._STATE_InsideCategory
        try:
            super()._startElement(name, attr)
        except AimlParserError as error:
            raise self._error(str(error.args[0]).strip(), "correct the element") from None
        if self._currentUnknown and inside:
            raise self._error(f"<{name}> is no element of AIML 1.0.1", "remove it")

    def _endElement(self, name: str) -> None:  # noqa: N802
        try:
            super()._endElement(name)
        except AimlParserError as error:
            raise self._error(str(error.args[0]).strip(), "correct the element") from None

    def _characters(self, ch: str) -> None:
        try:
            super()._characters(ch)
        except AimlParserError as error:
            raise self._error(str(error.args[0]).strip(), "move the text") from None

    def _error(self, what: str, remedy: str) -> BadInput:
        plain = re.sub(r" ?\(line \d+, column \d+\)", "", what)
        return BadInput(plain, where=f"{self._path}:{self._locator.getLineNumber()}", remedy=remedy)
