"""Writes `channels/protocol/`: the JSON Schemas of all frames and the AsyncAPI description.

Run `python -m cs_bot.channels.asyncapi` after a change of a frame; a test fails on drift.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml import YAML

from cs_bot.channels.client_frames import COMMANDS, SIGNALS
from cs_bot.channels.examples import EXAMPLES
from cs_bot.channels.frames import SUBPROTOCOL
from cs_bot.channels.server_frames import ANSWERS, EVENTS
from cs_bot.channels.websocket import PATH

TARGET = Path("channels/protocol")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _type_of(model: type[BaseModel]) -> str:
    name: str = get_args(model.model_fields["type"].annotation)[0]
    return name


FRAMES: Mapping[str, type[BaseModel]] = {
    **COMMANDS,
    **SIGNALS,
    **{_type_of(model): model for model in (*ANSWERS, *EVENTS)},
}
"""Every frame by the name in its `type`."""


def frame_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of every frame by file name."""
    return {
        f"{name}.json": {"$schema": DIALECT, **model.model_json_schema()}
        for name, model in FRAMES.items()
    }


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3.1 document; operations are seen from the server."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "cs_bot chat",
            "version": "1.0.0",
            "description": "The csbot.v1 protocol between a customer's client and the server. "
            "README.md beside this file tells the rules; the schemas are in schema/.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "chat": {
                "address": PATH,
                "description": f"One WebSocket connection with the subprotocol {SUBPROTOCOL}.",
                "messages": {_key(name): {"$ref": _message(name)} for name in FRAMES},
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {**_receives(), **_sends()},
        "components": {"messages": {_key(name): _described(name) for name in FRAMES}},
    }


def write(target: Path) -> None:
    """Write all files."""
    folder = target / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (target / name).write_text(text, encoding="utf-8")


def documents() -> dict[str, str]:
    """Return the text of every generated file by its path."""
    files = {
        f"schema/{name}": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in frame_schemas().items()
    }
    return {**files, "asyncapi.yaml": _yaml(asyncapi())}


def _receives() -> dict[str, Any]:
    """Commands, each with its replies, then the signals a client may send."""
    commands = {f"receive.{name}": _command(name) for name in COMMANDS}
    signals = {f"receive.{name}": {"action": "receive", **_on_channel([name])} for name in SIGNALS}
    return {**commands, **signals}


def _command(name: str) -> dict[str, Any]:
    answers = ["welcome"] if name == "hello" else ["ack", "error"]
    return {"action": "receive", **_on_channel([name]), "reply": _on_channel(answers)}


def _sends() -> dict[str, Any]:
    return {
        f"send.{name}": {"action": "send", **_on_channel([name])}
        for name in (*(_type_of(event) for event in EVENTS), "error", *SIGNALS)
    }


def _on_channel(names: list[str]) -> dict[str, Any]:
    return {
        "channel": {"$ref": "#/channels/chat"},
        "messages": [{"$ref": f"#/channels/chat/messages/{_key(name)}"} for name in names],
    }


def _described(name: str) -> dict[str, Any]:
    model = FRAMES[name]
    described: dict[str, Any] = {
        "name": name,
        "summary": (model.__doc__ or "").strip(),
        "payload": {"$ref": f"./schema/{name}.json"},
        "examples": [{"payload": example} for example in EXAMPLES[name]],
    }
    for field in ("id", "re"):
        if field in model.model_fields:
            described["correlationId"] = {"location": f"$message.payload#/{field}"}
    return described


def _message(name: str) -> str:
    return f"#/components/messages/{_key(name)}"


def _key(name: str) -> str:
    """Return the name as AsyncAPI allows it for a component."""
    return name.replace(".", "_")


def _yaml(document: Mapping[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 100
    yaml.representer.ignore_aliases = lambda _: True
    buffer = io.StringIO()
    yaml.dump(document, buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
