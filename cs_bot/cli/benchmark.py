"""`cs-bot benchmark`: quality beside plain TF-IDF, and speed of a real server, in one run."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from cs_bot.cli.bars import Bar
from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.cli.quality import NINE, QuestionSet, Scores, measured, public_sets
from cs_bot.errors import BadInput, CsBotError
from cs_bot.testing.served import ServedBot, served

_STARTS = 6
"""The first one indexes the starter's own pairs, or loads what the import has indexed."""
_MEANS = {"right first": "r1", "right in first 5": "r5", "scope": "auroc", "gap": "ece"}
_BARS = (
    Bar("right first, mean", "", least=0.8),
    Bar("right in first 5, mean", "", least=0.95),
    Bar("scope, mean", "", least=0.96),
    Bar("gap, mean", ""),
    Bar("gap, largest", "", most=0.05),
    Bar("contract kept, least", "", least=0.9),
    Bar("of hindsight, least", "", least=0.8),
)
_TURNS = 500
_WARM_UP = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_bot(parser)
    add_json(parser)
    parser.add_argument(
        "--scale",
        nargs="*",
        type=int,
        metavar="SIZE",
        help="measure large bases instead (default: 20000 and 200000 questions)",
    )
    parser.add_argument(
        "--rest", action="store_true", help="measure the project over Rasa's REST channel instead"
    )
    parser.add_argument(
        "--beside", metavar="URL", help="with --rest: another server of the same project"
    )
    parser.add_argument("--nlu", action="store_true", help="measure how messages are read instead")
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="keep vectors of large bases")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print; what is skipped for lack of data is named."""
    if args.nlu:
        return _nlu(args)
    if args.rest:
        return _rest(args)
    settings = bot_settings(args)
    if args.scale is not None:
        return _scale(args, settings.directory)
    knowledge = settings.directory / settings.bot.knowledge
    shared = os.environ.get("CS_BOT_DATA")
    if not shared:
        print("CS_BOT_DATA is not set: public data sets are skipped", file=sys.stderr)
    quality = {one.name: measured(one) for one in _sets(knowledge, shared)}
    many = Path(shared) / "zh-faq-mssupport" if shared else None
    with tempfile.TemporaryDirectory() as folder:
        speed = _speed(settings.directory, Path(folder), many)
    if args.json:
        print(json.dumps({"quality": quality, "speed": speed}))
    else:
        _print(quality, speed)
    return 0


def _scale(args: argparse.Namespace, source: Path) -> int:
    from cs_bot.cli.scale import SIZES, measure_scale, print_scale

    data = os.environ.get("CS_BOT_DATA")
    figures = measure_scale(source, data, args.scale or SIZES, args.kept)
    if args.json:
        print(json.dumps(figures))
    else:
        print_scale(figures)
    return 0


def _rest(args: argparse.Namespace) -> int:
    from cs_bot.cli.rest_speed import measure_rest, print_rest

    directory = bot_settings(args).directory
    figures = measure_rest(directory, args.beside, os.environ.get("CS_BOT_DATA"))
    if args.json:
        print(json.dumps(figures))
    else:
        print_rest(figures)
    return 0


def _nlu(args: argparse.Namespace) -> int:
    from cs_bot.cli.nlu_quality import nlu_sets, print_nlu, scores_of
    from cs_bot.models.encoders import UniversalSentenceEncoder

    shared = os.environ.get("CS_BOT_DATA")
    if not shared:
        raise BadInput(
            "the public data sets are not at hand",
            where="CS_BOT_DATA",
            remedy="set it to the folder that holds them",
        )
    encoder = UniversalSentenceEncoder()
    figures = {one.name: scores_of(one, encoder) for one in nlu_sets(Path(shared))}
    if args.json:
        print(json.dumps(figures))
    else:
        print_nlu(figures)
    return 0


def _sets(knowledge: Path, shared: str | None) -> Iterator[QuestionSet]:
    yield QuestionSet("starter", knowledge / "pairs.jsonl", knowledge / "evaluation.jsonl")
    if shared:
        yield from public_sets(Path(shared))


def _speed(source: Path, folder: Path, many: Path | None) -> dict[str, float]:
    with served(source, folder / "bot") as bot:
        figures: dict[str, float] = {}
        if many is not None:
            started = time.perf_counter()
            _cs_bot("knowledge", "import", str(many / "faq.jsonl"), "--bot", str(bot.directory))
            figures["import_seconds"] = round(time.perf_counter() - started, 2)
        first, *again = _starts(bot)
        figures["first_ready_seconds"] = round(first, 2)
        figures["ready_seconds"] = round(statistics.median(again), 2)
        questions = many / "queries.jsonl" if many else source / "knowledge" / "evaluation.jsonl"
        asked = [json.loads(line)["query"] for line in questions.read_text("utf-8").splitlines()]
        figures |= _spread("http_ms", _http_ms(bot, asked[:_TURNS]))
        figures |= _spread("turn_ms", _turn_ms(bot)[_WARM_UP:])
        figures["megabytes"] = round(bot.megabytes(), 1)
    return figures


def _spread(name: str, measured: Sequence[float]) -> dict[str, float]:
    ranked = sorted(measured)
    return {
        f"{name}_p50": round(ranked[len(ranked) // 2], 2),
        f"{name}_p95": round(ranked[int(len(ranked) * 0.95)], 2),
    }


def _starts(bot: ServedBot) -> Iterator[float]:
    for number in range(_STARTS):
        bot.start()
        yield bot.seconds_to_ready
        if number < _STARTS - 1:
            bot.stop()


def _turn_ms(bot: ServedBot) -> list[float]:
    """Return what each turn took inside the bot: reading the log, the cascade, in order."""
    with closing(sqlite3.connect(bot.directory / "var" / "cs_bot.db")) as log:
        return [ms for (ms,) in log.execute("select ms from turns order by rowid")]


def _http_ms(bot: ServedBot, questions: Sequence[str]) -> list[float]:
    """Return the round trip of each question over HTTP, a conversation each."""
    import httpx

    measured = []
    with httpx.Client(base_url=bot.url, trust_env=False, timeout=30) as client:
        for number, question in enumerate((*questions[:_WARM_UP], *questions)):
            body = {"sender": f"benchmark-{number}", "message": question}
            started = time.perf_counter()
            client.post("/webhooks/rest/webhook", json=body).raise_for_status()
            measured.append((time.perf_counter() - started) * 1000)
    return measured[_WARM_UP:]


def _cs_bot(*arguments: str) -> str:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "cs_bot", *arguments], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise CsBotError(f"cs-bot {' '.join(arguments)} failed: {ran.stderr.strip()}")
    return ran.stdout


def _print(quality: dict[str, dict[str, Scores]], speed: dict[str, float]) -> None:
    _print_first(quality)
    print(f"\n{'cs_bot alone':23}  first 5  scope  direct  wrong  silent    gap")
    for name, methods in quality.items():
        ours = methods["cs_bot"]
        figures = ("r5", "auroc", "answered", "wrong_answer", "oos_none", "ece")
        print(f"{name:23}  " + "   ".join(_figure(ours[figure]) for figure in figures))
    _print_contracts(quality)
    print_bars(quality)
    print("\nserver")
    for figure, value in speed.items():
        print(f"  {figure:20} {value:>8}")


def _print_contracts(quality: dict[str, dict[str, Scores]]) -> None:
    """Print what half of the labelled questions promised for the other half, 200 times."""
    print(f"\n{'stated risk, 200 splits':23}   risk  no answer   kept  of hindsight  silent")
    for name, methods in quality.items():
        for row in methods["cs_bot"].get("contract", ()):
            stated = f"{row['risk']:.2f}      {row['unanswerable']:.3f}"
            came = f"{row['kept']:.3f}         {_figure(row['reached'])}   {row['silent']:.3f}"
            print(f"{name:23}   {stated}  {came}")


def _print_first(quality: dict[str, dict[str, Scores]]) -> None:
    methods = list(next(iter(quality.values())))
    print(f"{'right pair first':23} questions " + "".join(f"{name:>11}" for name in methods))
    for name, scores in quality.items():
        firsts = "".join(f"{_figure(scores[method]['r1']):>11}" for method in methods)
        print(f"{name:23} {scores['cs_bot']['queries']:>9} {firsts}")
    public = [scores for name, scores in quality.items() if name in NINE]
    if public:
        means = [statistics.mean(scores[method]["r1"] for scores in public) for method in methods]
        print(f"{'mean of the public ones':33} " + "".join(f"{mean:>11.4f}" for mean in means))


def print_bars(quality: Mapping[str, Mapping[str, Scores]]) -> None:
    """Print what the public sets should reach together, beside what they reach."""
    ours = [scores["cs_bot"] for name, scores in quality.items() if name in NINE]
    if not ours:
        return
    means = {
        f"{what}, mean": [one[figure] for one in ours if one.get(figure) is not None]
        for what, figure in _MEANS.items()
    }
    figures = {name: statistics.mean(values) for name, values in means.items() if values}
    figures["gap, largest"] = max(one["ece"] for one in ours)
    rows = [row for one in ours for row in one.get("contract", ())]
    reached = [row["reached"] for row in rows if row["reached"] is not None]
    if rows:
        figures["contract kept, least"] = min(row["kept"] for row in rows)
    if reached:
        figures["of hindsight, least"] = min(reached)
    print("\nthe public sets together")
    for bar in _BARS:
        if bar.figure in figures:
            print(bar.line(figures[bar.figure]))


def _figure(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"
