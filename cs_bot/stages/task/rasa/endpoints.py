"""Reads `endpoints.yml` and `credentials.yml` for an action server and channels."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping

from cs_bot.stages.task.project import ActionEndpoint
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_OTHER_ENDPOINTS: Mapping[str, tuple[str, str]] = {
    "tracker_store": (
        "conversations are kept in the bot's own database",
        "name a database under [store] in bot.toml",
    ),
    "lock_store": (
        "the messages of one conversation are taken in turn without it",
        "for several processes name Redis under [store] in bot.toml",
    ),
    "event_broker": ("events are not sent on", "read them from the bot's database"),
    "nlg": ("the responses of the domain are said", "write the responses into the domain"),
    "models": ("the bot trains by itself", "take it out"),
}
_CHANNELS_NEEDED_NOT = ("rest", "rasa", "cmdline")


def read_endpoints(root: Node, draft: Draft) -> None:
    """Read the action server into the draft; whatever else is named gets a remark."""
    for key, node in root.items():
        if key == "version":
            continue
        if key == "action_endpoint":
            draft.action_endpoint = _action_endpoint(node, draft)
        else:
            effect, remedy = _OTHER_ENDPOINTS.get(key, ("it is skipped", "take it out"))
            draft.leave_out(node, f"`{key}` in endpoints.yml", effect, remedy)


def _action_endpoint(node: Node, draft: Draft) -> ActionEndpoint | None:
    url = node.child("url")
    if url is None:
        return None
    for key, written in node.items():
        if key not in ("url", "headers", "token", "basic_auth"):
            draft.leave_out(written, f"`{key}` of the action endpoint", "it is skipped")
    address = _expanded(url, draft)
    if address is None:
        return None
    headers, token = node.child("headers"), node.child("token")
    return ActionEndpoint(
        address,
        {**_texts(headers, draft), **_basic_auth(node.child("basic_auth"), draft)},
        (_expanded(token, draft) or "") if token is not None else "",
        node.where,
    )


def _basic_auth(node: Node | None, draft: Draft) -> dict[str, str]:
    if node is None:
        return {}
    told = _texts(node, draft)
    pair = f"{told.get('username', '')}:{told.get('password', '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _texts(node: Node | None, draft: Draft) -> dict[str, str]:
    written = node.items() if node is not None else ()
    read = ((name, _expanded(value, draft)) for name, value in written)
    return {name: value for name, value in read if value is not None}


def _expanded(node: Node, draft: Draft) -> str | None:
    """Return a text with `${NAME}` replaced from the environment, None where one is not set."""
    text = node.text()
    missing = [name for name in _VARIABLE.findall(text) if name not in os.environ]
    if missing:
        draft.remark(
            node,
            f"the environment variable {missing[0]} is not set",
            "the line is left out",
            f"set {missing[0]} where the bot is started",
        )
        return None
    return _VARIABLE.sub(lambda found: os.environ[found[1]], text)


def read_credentials(root: Node, draft: Draft) -> None:
    """Tell which channels the file names that this bot does not have."""
    for key, node in _channels(root):
        draft.leave_out(
            node,
            f"the channel `{key}` in credentials.yml",
            "customers cannot reach the bot there",
            "use the web widget, or connect that channel to POST /webhooks/rest/webhook",
        )


def _channels(root: Node) -> Iterator[tuple[str, Node]]:
    for key, node in root.items():
        if key not in (*_CHANNELS_NEEDED_NOT, "version"):
            yield key, node
