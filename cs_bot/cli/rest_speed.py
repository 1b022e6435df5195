"""`cs-bot benchmark --rest`: a project over Rasa's REST channel, beside another server of it."""

from __future__ import annotations

import http.client
import json
import shutil
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from cs_bot.cli.bars import Bar
from cs_bot.errors import BadInput
from cs_bot.testing.ports import free_port
from cs_bot.testing.served import ServedBot

Figures = dict[str, float]

_REPEATS = ("hello", "I am feeling sad", "yes that helped", "bye", "are you a bot?", "great thanks")
"""What Rasa's starter project is about."""
_ROUNDS = 5
_PER_ROUND = 200
_SENDERS = 40
_WARM_UP = 60
_SETS = ("en-faq-clinc150", "en-faq-banking77")

_BARS = (
    Bar("ready_seconds", "s", most=3),
    Bar("megabytes", "MB", most=300),
    Bar("repeated_per_second", "/s"),
    Bar("repeated_ms_p50", "ms"),
    Bar("repeated_ms_p99", "ms"),
    Bar("distinct_per_second", "/s"),
    Bar("distinct_ms_p50", "ms"),
    Bar("distinct_ms_p99", "ms"),
    Bar("peer_repeated_per_second", "/s"),
    Bar("peer_distinct_per_second", "/s"),
    Bar("repeated_by_peer", "x", least=20),
    Bar("distinct_by_peer", "x", least=8),
)


def measure_rest(project: Path, peer: str | None, data: str | None) -> Figures:
    """Serve a copy of the project and post messages one after the other, in turns with a peer.

    `peer` is the address of another server with Rasa's REST channel. Distinct messages come from
    the public sets in `data`.
    """
    distinct = list(islice(_distinct(data), _ROUNDS * _PER_ROUND + _WARM_UP))
    with TemporaryDirectory() as folder:
        bot = _copied(project, Path(folder) / "bot")
        bot.start(within_seconds=600)
        bot.stop()  # the first start trains
        bot.start()
        figures: Figures = {"ready_seconds": round(bot.seconds_to_ready, 2)}
        try:
            with ExitStack() as opened:
                rates = _rates(
                    {
                        prefix: opened.enter_context(closing(_Talk(url)))
                        for prefix, url in (("", bot.url), ("peer_", peer))
                        if url
                    },
                    distinct,
                )
            figures["megabytes"] = round(bot.megabytes(), 1)
        finally:
            bot.stop()
    figures |= rates
    for kind in ("repeated", "distinct") if peer else ():
        ours, theirs = figures[f"{kind}_per_second"], figures[f"peer_{kind}_per_second"]
        figures[f"{kind}_by_peer"] = round(ours / theirs, 2)
    return figures


def print_rest(figures: Mapping[str, float]) -> None:
    """Print one figure a line, what it should be, and whether it is."""
    for bar in _BARS:
        if bar.figure in figures:
            print(bar.line(figures[bar.figure]))


def _rates(talks: Mapping[str, _Talk], distinct: Sequence[str]) -> Figures:
    """Return rates and times of each server; they take turns, so that both see the same machine."""
    told = {"repeated": _REPEATS * (_PER_ROUND // len(_REPEATS) + 1), "distinct": distinct}
    taken: dict[str, list[float]] = {}
    for talk in talks.values():
        for number, text in enumerate(distinct[-_WARM_UP:]):
            talk.ms(f"warm-up-{number % 5}", text)
        talk.close()
    for number in range(_ROUNDS):
        for kind, texts in told.items():
            start = number * _PER_ROUND if kind == "distinct" else 0
            for prefix, talk in talks.items():
                measured = [
                    talk.ms(f"{kind}-{n % _SENDERS}", text)
                    for n, text in enumerate(texts[start : start + _PER_ROUND])
                ]
                taken.setdefault(f"{prefix}{kind}", []).extend(measured)
                talk.close()  # servers close what is idle while the other one has its turn
    return {name: value for kind, ms in taken.items() for name, value in _spread(kind, ms).items()}


def _spread(kind: str, ms: Sequence[float]) -> Figures:
    ranked = sorted(ms)
    return {
        f"{kind}_per_second": round(1000 / statistics.mean(ranked), 1),
        f"{kind}_ms_p50": round(ranked[len(ranked) // 2], 2),
        f"{kind}_ms_p99": round(ranked[int(len(ranked) * 0.99)], 2),
    }


class _Talk:
    """Posts messages to one server, over one connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise BadInput(f"{url!r} is no address", remedy="write http://HOST:PORT")
        self._url = url
        self._path = parts.path.rstrip("/") + "/webhooks/rest/webhook"
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def ms(self, sender: str, text: str) -> float:
        """Return the milliseconds from the message to its whole reply; raises `BadInput`."""
        body = json.dumps({"sender": sender, "message": text})
        started = time.perf_counter()
        try:
            self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            answer.read()
        except OSError as error:
            raise BadInput(f"{self._url}: {error}", remedy="start the server first") from None
        ms = (time.perf_counter() - started) * 1000
        if answer.status != http.client.OK:
            raise BadInput(f"{self._url} answers {answer.status}", remedy="serve the same project")
        return ms


def _copied(project: Path, directory: Path) -> ServedBot:
    """Return a copy of the project, ready to be served on a port of its own."""
    shutil.copytree(project, directory, ignore=shutil.ignore_patterns("var", "__pycache__"))
    port = free_port()
    settings = directory / "bot.toml"
    written = settings.read_text(encoding="utf-8") if settings.exists() else ""
    if "[server]" not in written:
        settings.write_text(f"{written}\n[server]\nport = 8000\n", encoding="utf-8")
    text = settings.read_text(encoding="utf-8").replace("port = 8000", f"port = {port}")
    settings.write_text(text, encoding="utf-8")
    return ServedBot(directory, port)


def _distinct(data: str | None) -> Iterable[str]:
    if not data:
        raise BadInput(
            "the distinct messages come from public data sets",
            where="CS_BOT_DATA",
            remedy="set it to the folder that holds them",
        )
    seen: set[str] = set()
    for name in _SETS:
        for line in (Path(data) / name / "queries.jsonl").read_text(encoding="utf-8").splitlines():
            text = str(json.loads(line)["query"]).strip()
            if text and text not in seen:
                seen.add(text)
                yield text
