"""`cs-bot simulate`: made-up customers talk to the starter bot while its order service fails."""

from __future__ import annotations

import argparse
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cs_bot.cli.options import add_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cs_bot.testing.simulation.run import Result

_SHOWN = 3
"""Wrong dialogues that are printed in full."""
_ABLATIONS = ("key", "retry", "confirmation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--dialogues", type=int, default=1_000, metavar="N", help="how many")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which ones")
    parser.add_argument(
        "--without", choices=_ABLATIONS, help="take this away from the tasks: the run must fail"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play and print; 1 when a dialogue ended as none may end."""
    from cs_bot.cli.progress import progress_bar
    from cs_bot.testing.simulation.run import simulate

    with _quiet(), progress_bar("talking", args.dialogues) as tell:
        results = simulate(
            args.dialogues,
            args.seed,
            without=args.without,
            progress=lambda done: tell(done),
        )
    report = _report(results)
    print(json.dumps(report, ensure_ascii=False) if args.json else _table(report, results))
    return 1 if report["all"]["wrong"] else 0


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the log of failures that are made on purpose to itself."""
    logger = logging.getLogger("cs_bot")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _report(results: Sequence[Result]) -> dict[str, Any]:
    """Return counts of endings: of all, and by task, language, behaviour and service."""
    from cs_bot.testing.simulation.run import faults

    kinds: dict[str, Callable[[Result], str]] = {
        "task": lambda result: result.case.goal.task,
        "language": lambda result: result.case.locale,
        "customer": lambda result: result.case.behaviour,
        "service": lambda result: result.case.trouble,
    }
    by_kind = {
        kind: {
            name: _counts(result for result in results if of(result) == name)
            for name in dict.fromkeys(map(of, results))
        }
        for kind, of in kinds.items()
    }
    return {"all": _counts(results), **by_kind, "faults": dict(faults(results))}


def _counts(results: Iterable[Result]) -> dict[str, Any]:
    from cs_bot.testing.simulation.judging import ENDINGS

    held = list(results)
    endings = Counter(result.verdict.ending for result in held)
    turns = sum(len(result.played.turns) for result in held)
    customers = [result.played.customer for result in held]
    return {
        "dialogues": len(held),
        **{ending: endings[ending] for ending in ENDINGS},
        "turns": turns,
        "turns not understood": sum(customer.misunderstood for customer in customers),
        "understood at once": sum(not customer.misunderstood for customer in customers),
    }


def _table(report: dict[str, Any], results: Sequence[Result]) -> str:
    columns = list(report["all"])
    rows = [["", *columns], ["all", *map(str, report["all"].values())]]
    for kind in ("task", "language", "customer", "service"):
        for name, counts in report[kind].items():
            rows.append([f"{kind}: {name}", *map(str, counts.values())])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    wrong = [result for result in results if result.verdict.ending == "wrong"]
    lines += [f"{fault}: {count}" for fault, count in report["faults"].items()]
    lines += [_told(result) for result in wrong[:_SHOWN]]
    return "\n".join(lines)


def _told(result: Result) -> str:
    case = result.case
    told = f"{case.goal.task} {case.locale}, {case.behaviour}, service: {case.trouble}"
    return (
        f"\ndialogue {case.number} ({told}): {'; '.join(result.verdict.faults)}\n"
        f"{result.played.transcript}"
    )
