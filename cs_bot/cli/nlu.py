"""`cs-bot evaluate nlu`: trains on labelled messages, reads other ones, says how well."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli import options
from cs_bot.cli.progress import progress_bar

if TYPE_CHECKING:
    from cs_bot.stages.task.understanding.labelled import Labelled, Understood

ABOUT = {
    "intent_accuracy": "messages with the right intent",
    "oos": "messages out of scope",
    "oos_auroc": "in scope surer than out of scope",
    "accuracy_at_90_oos_recall": "right and kept, where 90 % of out of scope is refused",
    "intents_f1": "intents of messages that may have several",
    "intents_exact": "messages with exactly the right intents",
    "slot_f1": "slots, exact span and label",
    "act_f1": "dialogue acts",
    "train_seconds": "seconds of training, encoding included",
    "train_cpu_seconds": "of them at work, where other programs take their share",
    "ms_p50": "milliseconds a message beside its encoding, median",
    "ms_p95": "milliseconds a message beside its encoding, 95 %",
}

_PART = 256
"""Messages encoded at a time, so that progress is seen."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the files to train on, to read, and to write."""
    options.add_json(parser)
    file = partial(parser.add_argument, type=Path, required=True)
    file("--train", nargs="+", metavar="FILE", help="labelled messages: .jsonl rows or Rasa YAML")
    file("--test", metavar="FILE", help="messages to read; their labels may be missing")
    file("--predictions", metavar="FILE", help="write one prediction a line to this file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, read, write what was read, print the scores."""
    from cs_bot.models.encoders import UniversalSentenceEncoder
    from cs_bot.retrieval.evaluation import write_rows
    from cs_bot.stages.task.understanding.rows import read_labelled

    train, test = read_labelled(*args.train), read_labelled(args.test)
    write_rows(args.predictions, [])  # a file that cannot be written is known before the training
    read, scores = measured(train, test, UniversalSentenceEncoder())
    write_rows(args.predictions, [row_of(t.text, made) for t, made in zip(test, read, strict=True)])
    if args.json:
        print(json.dumps(scores))
        return 0
    print(f"{len(test)} messages, trained on {len(train)}")
    for name, about in ABOUT.items():
        if name in scores:
            print(f"  {name:26} {scores[name]!s:>8}  {about}")
    return 0


def measured(
    train: Sequence[Labelled], test: Sequence[Labelled], encoder: Any
) -> tuple[list[Understood], dict[str, float | int]]:
    """Return what was read in each test message, and the scores with the times it took."""
    from cs_bot.stages.task.understanding.parser import trained_parser
    from cs_bot.stages.task.understanding.scores import percentile, scored
    from cs_bot.text.normalize import normalized

    started, worked = time.perf_counter(), time.process_time()
    parser = trained_parser(train, encoder.encode)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    read, times = [], []
    with progress_bar("reading", len(test)) as tell:
        for begin in range(0, len(test), _PART):
            part = test[begin : begin + _PART]
            vectors = encoder.encode([normalized(row.text) for row in part])
            for row, vector in zip(part, vectors, strict=True):
                asked = time.perf_counter()
                read.append(parser.read(row.text, vector, row.before))
                times.append((time.perf_counter() - asked) * 1000)
            tell(begin + len(part))
    return read, {
        **scored(test, read),
        "train_seconds": round(seconds, 1),
        "train_cpu_seconds": round(cpu, 1),
        "ms_p50": round(percentile(times, 0.5), 2),
        "ms_p95": round(percentile(times, 0.95), 2),
    }


def row_of(text: str, made: Understood) -> dict[str, Any]:
    """Return a prediction as it is written to a file."""
    slots = [
        {"slot": one.entity, "value": one.value, "start": one.start, "end": one.end}
        | ({"role": one.role} if one.role else {})
        | ({"group": one.group} if one.group else {})
        for one in made.spans
    ]
    return {
        "text": text,
        "intent": made.intent,
        "confidence": round(made.confidence, 6),
        "intents": list(made.intents),
        "slots": slots,
        "acts": [list(act) for act in made.acts],
    }
