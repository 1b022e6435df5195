"""Reads the `nlu` key: examples with annotations and metadata, regexes, lookups, synonyms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cs_bot.stages.task.project import Example, Mention, Pattern
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.lookups import read_lookup
from cs_bot.stages.task.rasa.nodes import Node, plain

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
        _note_keys(kinds[0], element, draft)
        _READERS[kinds[0]](name, element, draft)


def _note_keys(kind: str, element: Node, draft: Draft) -> None:
    known = (kind, "examples", *_FURTHER_KEYS.get(kind, ()))
    for key, node in element.items():
        if key not in known:
            draft.leave_out(node, f"`{key}` beside `{kind}`", "it is skipped")


def _examples(name: Node, element: Node, draft: Draft) -> Node:
    examples = element.child("examples")
    if examples is None:
        raise name.wrong(f"{name.text()!r} has no examples", "add `examples: |`")
    draft.note_stray(examples)
    return examples


def _intent(name: Node, element: Node, draft: Draft) -> None:
    intent = name.text()
    draft.mentioned.append(("intent", intent.partition("/")[0], name))
    metadata = element.child("metadata")
    if metadata is not None:
        draft.metadata[intent, ""] = plain(metadata.value)
    for line, place in _examples(name, element, draft).lines():
        text, mentions = annotated(line, place, draft)
        draft.examples.append((Example(text, intent, mentions), place))
        further = place.child("metadata") if isinstance(place.value, dict) else None
        if further is not None:
            draft.metadata[intent, text] = plain(further.value)


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
            note_mention(mention, found["text"], place, draft)
    return text + line[end:], tuple(mentions)


def note_mention(mention: Mention, words: str, place: Node, draft: Draft) -> None:
    """Note what an annotation names, and that its words stand for its value."""
    draft.mentioned.append(("entity", mention.entity, place))
    draft.annotated.setdefault(mention.entity, place)
    if mention.value != words:
        note_synonym(words, str(mention.value), place, draft)


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


def _synonym(name: Node, element: Node, draft: Draft) -> None:
    for line, place in _examples(name, element, draft).lines():
        note_synonym(line, name.text(), place, draft)


def note_synonym(words: str, value: str, place: Node, draft: Draft) -> None:
    """Let these words stand for a value; where they stand for another already, that is noted."""
    known = draft.synonyms.setdefault(words.casefold(), value)
    if known != value:
        draft.remark(
            place,
            f"{words!r} stands for {value!r} here and for {known!r} elsewhere",
            f"it is read as {known!r}",
            "let it stand for one of the two",
        )


def _regex(name: Node, element: Node, draft: Draft) -> None:
    for line, place in _examples(name, element, draft).lines():
        note_regex(name.text(), line, place, draft)


def note_regex(name: str, expression: str, place: Node, draft: Draft) -> None:
    """Take a regular expression into the draft; raises `BadInput` where it is broken."""
    try:
        re.compile(expression)
    except re.error as error:
        raise place.wrong(
            f"the regular expression {expression!r} is broken: {error}", "correct it"
        ) from None
    draft.patterns.append(Pattern(name, expression, place.where))


_FURTHER_KEYS: Mapping[str, tuple[str, ...]] = {
    "intent": ("metadata",),
    "lookup": ("file", "elements"),
}
_READERS: Mapping[str, Callable[[Node, Node, Draft], None]] = {
    "intent": _intent,
    "synonym": _synonym,
    "regex": _regex,
    "lookup": read_lookup,
}
