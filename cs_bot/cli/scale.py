"""`cs-bot benchmark --scale`: large bases, each figure beside the bar it is meant to clear."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from cs_bot.cli.bars import Bar
from cs_bot.errors import BadInput, CsBotError
from cs_bot.testing.served import ServedBot, served

Figures = Mapping[str, float]

SIZES = (20_000, 200_000)
MOST_JOINED = 20_000
"""Questions up to which the second encoder reads the base too: 10 ms each."""
_PATIENCE_SECONDS = 600.0


_SMALL = (
    Bar("import_seconds", "s"),
    Bar("answerable_seconds", "s", most=40),
    Bar("query_ms_p50", "ms", most=4),
    Bar("query_ms_p50_cpu", "ms"),
    Bar("encode_ms_p50", "ms"),
    Bar("both_query_ms_p50", "ms"),
    Bar("both_encode_ms_p50", "ms"),
    Bar("both_query_by_encode", "", most=1.25),
    Bar("recall_at_50", "", least=0.98),
    Bar("edit_seconds", "s", most=1),
    Bar("megabytes", "MB"),
)
_LARGE = (
    Bar("query_ms_p50", "ms", most=10),
    Bar("query_ms_p50_cpu", "ms"),
    Bar("encode_ms_p50", "ms"),
    Bar("megabytes", "MB", most=1500),
    Bar("megabytes_peak", "MB"),
    Bar("recall_at_50", "", least=0.98),
    Bar("edit_seconds", "s", most=1),
)


def measure_scale(
    source: Path, data: str | None, sizes: Sequence[int], kept: Path | None
) -> dict[int, Figures]:
    """Return the figures of each size; `kept` keeps vectors for the next run."""
    if not data:
        raise BadInput(
            "the large bases are made of public data sets",
            where="CS_BOT_DATA",
            remedy="set it to the folder that holds them",
        )
    with TemporaryDirectory() as folder:
        return {size: _measured(source, Path(data), size, kept or Path(folder)) for size in sizes}


def print_scale(figures: Mapping[int, Figures]) -> None:
    """Print one figure a line, what it should be, and whether it is."""
    for size, of_size in figures.items():
        print(f"{size} questions")
        for bar in _bars(size):
            if bar.figure in of_size:
                print(bar.line(of_size[bar.figure]))


def _bars(size: int) -> tuple[Bar, ...]:
    return _SMALL if size <= MOST_JOINED else _LARGE


def _measured(source: Path, data: Path, size: int, kept: Path) -> Figures:
    small = size <= MOST_JOINED
    imported = _import(source, data, size, kept) if small else {}
    command = ["--data", str(data), "--size", str(size), "--kept", str(kept / str(size))]
    more = ["--second"] if small else []
    ran = _python("cs_bot.testing.scale_benchmark", *command, *more)
    return {**imported, **json.loads(ran)}


def _import(source: Path, data: Path, size: int, kept: Path) -> Figures:
    """Import a file with the command while a server runs, and ask that until it answers from it."""
    questions = _distinct(data, size)
    file = kept / f"import-{size}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        {"id": f"p{n}", "question": q, "answer": f"answer {n}"} for n, q in enumerate(questions)
    )
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    with TemporaryDirectory() as folder, served(source, Path(folder) / "bot") as bot:
        (bot.directory / "knowledge" / "pairs.jsonl").unlink(missing_ok=True)
        bot.start()
        started = time.perf_counter()
        _python("cs_bot", "knowledge", "import", str(file), "--bot", str(bot.directory))
        imported = time.perf_counter() - started
        _until(lambda: _answers(bot, questions[-1]) == f"answer {len(questions) - 1}")
        answerable = time.perf_counter() - started
    return {"import_seconds": round(imported, 2), "answerable_seconds": round(answerable, 2)}


def _distinct(data: Path, size: int) -> list[str]:
    """Return so many questions that may be published side by side."""
    from cs_bot.testing.scale_corpus import questions
    from cs_bot.text.normalize import normalized

    by_normalized = {normalized(text): text for text in questions(data, size + size // 10)}
    by_normalized.pop("", None)
    return list(by_normalized.values())[:size]


def _answers(bot: ServedBot, question: str) -> str:
    import httpx

    body = {"sender": "benchmark", "message": question}
    answer = httpx.post(f"{bot.url}/webhooks/rest/webhook", json=body, trust_env=False, timeout=60)
    return "".join(part.get("text", "") for part in answer.raise_for_status().json())


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise CsBotError("the server did not answer from what was imported")
        time.sleep(0.05)


def _python(module: str, *arguments: str) -> str:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise CsBotError(f"{module} {' '.join(arguments)} failed: {ran.stderr.strip()}")
    return ran.stdout
