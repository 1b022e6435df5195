"""Reads the `nlu` key: examples with annotations, regular expressions, lookups, synonyms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cs_bot.stages.task.project import Example, Mention, Pattern
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

_ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<short>[^)]+)\)|(?P<long>\{[^}]+\})|(?P<several>\[\s*\{.*?\}\s*\]))"
)


def read_training(node: Node, draft: Draft) -> None:
    """Read the elements of an `nlu` list; raises `BadInput`."""
    for element in node.elements():
        kinds = [key for key in element.keys() if key in _READERS]  # noqa: SIM118 - a node
        if not kinds:
            keys = ", ".join(element.keys()) or "nothing"
            draft.leave_out(element, f"an nlu element of {keys}", "it is skipped")
            continue
        name = element.child(kinds[0])
        if name is None or name.value is None:
            raise element.wrong(f"`{kinds[0]}` has no name", f"write `- {kinds[0]}: NAME`")
        examples = element.child("examples")
        if examples is None:
            raise element.wrong(f"{name.text()!r} has no examples", "add `examples: |`")
        _READERS[kinds[0]](name, examples, draft)


def _intent(name: Node, examples: Node, draft: Draft) -> None:
    intent = name.text()
    draft.mentioned.append(("intent", intent.split("/")[0], name))
    if "/" in intent:
        draft.leave_out(name, "a retrieval intent", "its examples train the intent before the `/`")
    for line, place in examples.lines():
        text, mentions = annotated(line, place, draft)
        draft.examples.append((Example(text, intent.split("/")[0], mentions), place))


def annotated(line: str, place: Node, draft: Draft) -> tuple[str, tuple[Mention, ...]]:
    """Return an example without its annotations, and what they mark; raises `BadInput`.

    Synonyms that the annotations teach and entities they name go to the draft.
    """
    text, end = "", 0
    mentions: list[Mention] = []
    for found in _ANNOTATION.finditer(line):
        text += line[end : found.start()]
        start, end = len(text), found.end()
        text += found["text"]
        for mention in _mentions(found, start, place):
            mentions.append(mention)
            _note(mention, found["text"], place, draft)
    return text + line[end:], tuple(mentions)


def _note(mention: Mention, words: str, place: Node, draft: Draft) -> None:
    draft.mentioned.append(("entity", mention.entity, place))
    draft.annotated.setdefault(mention.entity, place)
    if mention.value != words:
        draft.synonyms[words.casefold()] = str(mention.value)


def _mentions(found: re.Match[str], start: int, place: Node) -> Iterator[Mention]:
    """Yield the entities of one span; `[text][{...}, {...}]` marks several."""
    words = found["text"]
    end = start + len(words)
    if found["short"] is not None:
        entity, _, value = found["short"].partition(":")
        yield Mention(entity.strip(), value.strip() or words, start, end)
        return
    try:
        written = json.loads(found["long"] or found["several"])
        for item in [written] if isinstance(written, dict) else written:
            value = item.get("value")
            yield Mention(
                str(item["entity"]),
                words if value is None else value,
                start,
                end,
                _name(item.get("role")),
                _name(item.get("group")),
            )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise place.wrong(
            f"the annotation {found[0]!r} is broken", 'write [text]{"entity": "NAME"}'
        ) from None


def _name(value: Any) -> str | None:
    return None if value is None else str(value)


def _synonym(name: Node, examples: Node, draft: Draft) -> None:
    for line, _ in examples.lines():
        draft.synonyms[line.casefold()] = name.text()


def _regex(name: Node, examples: Node, draft: Draft) -> None:
    for line, place in examples.lines():
        try:
            re.compile(line)
        except re.error as error:
            raise place.wrong(
                f"the regular expression {line!r} is broken: {error}", "correct it"
            ) from None
        draft.patterns.append(Pattern(name.text(), line, place.where))


def _lookup(name: Node, examples: Node, draft: Draft) -> None:
    words = sorted({line for line, _ in examples.lines() if line}, key=len, reverse=True)
    if words:
        expression = "|".join(_bounded(word) for word in words)
        draft.patterns.append(Pattern(name.text(), expression, examples.where))


def _bounded(word: str) -> str:
    """Return the pattern of a word that, where it is written in Latin letters, stands alone."""
    return "".join(_bounds(word))


def _bounds(word: str) -> Iterator[str]:
    latin = r"[0-9A-Za-z]"
    yield f"(?<!{latin})" if re.match(latin, word) else ""
    yield re.escape(word)
    yield f"(?!{latin})" if re.match(latin, word[-1]) else ""


_READERS: Mapping[str, Callable[[Node, Node, Draft], None]] = {
    "intent": _intent,
    "synonym": _synonym,
    "regex": _regex,
    "lookup": _lookup,
}
