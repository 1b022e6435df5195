"""Reads training data in Rasa's JSON, and names older and foreign formats with what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from cs_bot.stages.task.project import Example, Mention
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.lookups import note_lookup
from cs_bot.stages.task.rasa.nodes import Node, read_yaml
from cs_bot.stages.task.rasa.training import note_mention, note_regex, note_synonym

_MARKDOWN = re.compile(
    r"^##\s*(?:intent|synonym|regex|lookup)\s*:"
    r"|^##[^\n]*\n\s*\*\s"
    r"|^\s*-\s*(?:utter_|action_|slot\{|form\{)",
    re.MULTILINE,
)
_FOREIGN = {
    "luis_schema_version": "LUIS",
    "isEnum": "Dialogflow",
    "contexts": "Dialogflow",
    "supportedLanguages": "Dialogflow",
    "isTemplate": "Dialogflow",
    "synonyms": "Dialogflow",
    "utterances": "wit.ai",
}
"""Keys by which the exports of other makers are known, at their top or in their first element."""


def read_markdown(path: Path, shown: str, draft: Draft) -> None:
    """Name a file of Rasa 1's Markdown; any other Markdown says nothing to a bot."""
    found = _MARKDOWN.search(path.read_text(encoding="utf-8", errors="replace"))
    if found is not None:
        draft.has_unread_files = True
        line = found.string.count("\n", 0, found.start()) + 1
        draft.leave_out(
            Node(None, shown, line),
            "training data in Markdown, as Rasa 1 wrote it,",
            "the file is skipped",
            "write it as YAML: Rasa 2 does so with `rasa data convert nlu` and `... core`",
        )


def read_json(path: Path, shown: str, draft: Draft) -> None:
    """Read a file of Rasa's JSON into the draft; other JSON that is training data is named.

    Raises `BadInput` for what is not valid JSON.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if '"rasa_nlu_data"' in text:
        root = read_yaml(path, shown=shown)  # JSON is YAML, which remembers its lines
        _nlu_data(root.child("rasa_nlu_data") or root, draft)
        return
    foreign = _maker(text)
    if foreign is not None:
        draft.has_unread_files = True
        draft.leave_out(
            Node(None, shown, 1),
            f"training data of {foreign}",
            "the file is skipped",
            "write it as YAML: Rasa does so with `rasa data convert nlu`",
        )


def _maker(text: str) -> str | None:
    """Return whose export a JSON file is, None for any other file."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    first = value[0] if isinstance(value, list) and value else value
    keys = first.keys() if isinstance(first, dict) else ()
    return next((name for key, name in _FOREIGN.items() if key in keys), None)


def _nlu_data(data: Node, draft: Draft) -> None:
    for written in _items(data, "common_examples", "intent_examples", "entity_examples"):
        _example(written, draft)
    for written in _items(data, "regex_features"):
        note_regex(_text(written, "name"), _text(written, "pattern"), written, draft)
    for written in _items(data, "entity_synonyms"):
        synonyms = written.child("synonyms")
        for words in synonyms.texts() if synonyms is not None else ():
            note_synonym(words, _text(written, "value"), written, draft)
    for written in _items(data, "lookup_tables"):
        elements = written.child("elements")
        if elements is not None:
            note_lookup(_text(written, "name"), elements, draft)


def _items(data: Node, *keys: str) -> Iterator[Node]:
    for key in keys:
        node = data.child(key)
        yield from node.elements() if node is not None else ()


def _example(written: Node, draft: Draft) -> None:
    text, intent = _text(written, "text"), written.child("intent")
    if intent is None or not intent.value:
        return  # Rasa trains entities on such an example; here every example has an intent
    draft.mentioned.append(("intent", intent.text().partition("/")[0], written))
    found = (_mention(node, text, draft) for node in _items(written, "entities"))
    mentions = tuple(mention for mention in found if mention is not None)
    for mention in mentions:
        note_mention(mention, text[mention.start : mention.end], written, draft)
    draft.examples.append((Example(text, intent.text(), mentions), written))


def _mention(node: Node, text: str, draft: Draft) -> Mention | None:
    start, end = (_whole(node, key) for key in ("start", "end"))
    if not 0 <= start < end <= len(text):
        what = f"an entity from {start} to {end} does not lie in {text!r}"
        draft.remark(node, what, "it is skipped", "correct `start` and `end`")
        return None
    value = node.child("value")
    role, group = (node.child(key) for key in ("role", "group"))
    return Mention(
        _text(node, "entity"),
        text[start:end] if value is None or value.value is None else value.value,
        start,
        end,
        role.text() if role is not None else None,
        group.text() if group is not None else None,
    )


def _whole(node: Node, key: str) -> int:
    child = node.child(key)
    if child is None:
        raise node.wrong(f"an entity lacks its `{key}`", "add it, counted in characters")
    return int(child.number(0))


def _text(node: Node, key: str) -> str:
    child = node.child(key)
    if child is None:
        raise node.wrong(f"`{key}` is missing", f"add `{key}`")
    return child.text()
