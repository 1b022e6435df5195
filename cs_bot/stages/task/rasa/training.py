"""Reads the `nlu` key: examples with annotations, regular expressions, lookups, synonyms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from cs_bot.stages.task.project import Example, Pattern
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

_ANNOTATION = re.compile(r"\[(?P<text>[^\]]+?)\](?:\((?P<short>[^)]+)\)|(?P<long>\{[^}]+\}))")


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
        text = plain_text(line, place, draft)
        draft.examples.append((Example(text, intent.split("/")[0]), place))


def plain_text(line: str, place: Node, draft: Draft) -> str:
    """Return an example without its annotations; synonyms and unknown entities go to the draft."""
    for found in _ANNOTATION.finditer(line):
        entity, value = _annotation(found, place)
        draft.mentioned.append(("entity", entity, place))
        draft.annotated.setdefault(entity, place)
        if value is not None and value != found["text"]:
            draft.synonyms[found["text"].casefold()] = value
    return _ANNOTATION.sub(lambda found: found["text"], line)


def _annotation(found: re.Match[str], place: Node) -> tuple[str, str | None]:
    if found["short"] is not None:
        entity, _, value = found["short"].partition(":")
        return entity, value or None
    try:
        written = json.loads(found["long"])
        return str(written["entity"]), written.get("value")
    except (ValueError, KeyError, TypeError):
        raise place.wrong(
            f"the annotation {found[0]!r} is broken", 'write [text]{"entity": "NAME"}'
        ) from None


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
