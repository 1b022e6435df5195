"""Plays the golden transcripts of `channels/protocol/transcripts` against a server.

The format is told in `channels/protocol/README.md`. Knows nothing of how the server is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cs_bot.blocks import Block, Button, Buttons, Card, Field, Form, Suggest, Suggestion, Text
from cs_bot.router import FALLBACK
from cs_bot.testing.chat_server import Address, RawClient, raw_client
from cs_bot.types import Message, Picked, Pressed, Submitted

TOKEN = "visitor-token"  # noqa: S105 - the name that stands for a token in the files


@dataclass(frozen=True, slots=True)
class FrameTranscript:
    """One file: what it shows, and its lines in order."""

    name: str
    about: str
    names: tuple[str, ...]
    """Values that the server makes up: they may differ, but always in the same way."""
    lines: tuple[Mapping[str, Any], ...]


def load(path: Path) -> FrameTranscript:
    """Read one file."""
    header, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return FrameTranscript(header["name"], header["about"], tuple(header["names"]), tuple(lines))


def transcript_script(message: Message) -> tuple[str, Sequence[Block]]:
    """Answer as the bot of the transcripts does."""
    match message.payload:
        case Picked(pair_id=None):
            return FALLBACK, (Text("请换个说法再问一次。"),)
        case Picked(pair_id=pair_id):
            return "kbqa", (Text(f"这是 {pair_id} 的答案。"),)
        case Pressed(payload=payload):
            return "task", (Text(f"收到 {payload}。"),)
        case Submitted():
            return "handoff", (Text("留言已收到，我们会尽快与您联系。"),)
    return _SAID.get(message.text, (FALLBACK, (Text("这个问题我还没学会。"),)))


_FREE = ("ts", "message")
"""Fields of which only the type is compared: times, and the sentence of an error."""
_SAID: Mapping[str, tuple[str, Sequence[Block]]] = {
    "多久发货?": ("kbqa", (Text("一般 48 小时内发货。"),)),
    "发货": (
        "suggest",
        (
            Text("您是想问:"),
            Suggest(
                (Suggestion("ec-012", "多久发货?"), Suggestion("ec-031", "如何修改收货地址?")),
                "都不是",
            ),
        ),
    ),
    "我的包裹": (
        "task",
        (
            Text("您想做什么?"),
            Buttons(
                (Button("b1", "查物流", "/order_status"), Button("b2", "问发货", "say:多久发货?"))
            ),
        ),
    ),
    "双十一": (
        "kbqa",
        (
            Text("双十一当天全场包邮。", "md"),
            Card(
                "双十一",
                "满 200 减 30",
                "https://shop.example/sale.png",
                "双十一海报",
                (
                    Button("a1", "活动规则", url="https://shop.example/rules"),
                    Button("a2", "查物流", "/order_status"),
                ),
            ),
            Text("您可能还想了解："),
            Suggest((Suggestion("ec-012", "多久发货?"),)),
        ),
    ),
    "转人工": (
        "handoff",
        (
            Form(
                "leave_message",
                "留言",
                (
                    Field("name", "text", "称呼", required=True, maxlength=40),
                    Field("contact", "tel", "电话", required=True, sensitive=True),
                ),
                "提交",
            ),
        ),
    ),
}


async def play(transcript: FrameTranscript, address: Address, token: str, **options: Any) -> None:
    """Send what the client sends, and compare what the server answers; raises `AssertionError`."""
    names = _Names(transcript.names, {TOKEN: token})
    async with AsyncExitStack() as sockets:
        client: RawClient | None = None
        for number, line in enumerate(transcript.lines, 2):
            place = f"{transcript.name}, line {number}"
            if client is None:
                client = await sockets.enter_async_context(raw_client(address, **options))
            if line["dir"] == "c2s":
                await client.send(names.theirs(line["frame"]))
            elif line["dir"] == "s2c":
                names.compare(line["frame"], await client.next(), place)
            else:
                await _close(client, line, place)
                client = None


async def _close(client: RawClient, line: Mapping[str, Any], place: str) -> None:
    if line["by"] == "client":
        await client.socket.close()
        return
    code, _ = await client.closed()
    assert code == line["code"], f"{place}: closed with {code}, not {line['code']}"


class _Names:
    """Which value of this server stands for which name in the file."""

    def __init__(self, names: Sequence[str], bound: Mapping[str, str]) -> None:
        self._names = frozenset(names)
        self._bound = dict(bound)

    def theirs(self, value: Any) -> Any:
        """Return the value with every name replaced by what this server calls it."""
        if isinstance(value, dict):
            return {key: self.theirs(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.theirs(item) for item in value]
        return self._bound.get(value, value) if isinstance(value, str) else value

    def compare(self, expected: Any, got: Any, place: str) -> None:
        """Raise `AssertionError` where the two differ in more than names and times."""
        for at, wanted, found in _leaves(expected, got, place):
            if isinstance(wanted, str) and wanted in self._names and isinstance(found, str):
                wanted = self._bound.setdefault(wanted, found)
            assert wanted == found, f"{at}: expected {wanted!r}, got {found!r}"


def _leaves(expected: Any, got: Any, at: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, dict) and isinstance(got, dict):
        assert expected.keys() == got.keys(), f"{at}: expected {sorted(expected)}, got {got}"
        for key, item in expected.items():
            if key in _FREE:
                yield f"{at}.{key}", type(item), type(got[key])
            else:
                yield from _leaves(item, got[key], f"{at}.{key}")
    elif isinstance(expected, list) and isinstance(got, list):
        assert len(expected) == len(got), f"{at}: expected {len(expected)} items, got {got}"
        for number, (item, found) in enumerate(zip(expected, got, strict=True)):
            yield from _leaves(item, found, f"{at}[{number}]")
    else:
        yield at, expected, got
