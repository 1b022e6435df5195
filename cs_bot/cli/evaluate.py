"""`cs-bot evaluate`: what the knowledge base would do with labelled questions (`kbqa`)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cs_bot.cli import contrast, options
from cs_bot.cli.progress import progress_bar

_ABOUT = {
    "r1": "right pair first",
    "r5": "right pair in the first five",
    "auroc": "answerable above unanswerable",
    "answered": "answered directly",
    "wrong_answer": "direct answers that were wrong",
    "resolved": "answered rightly or listed",
    "oos_none": "silent where there is no answer",
    "ece": "gap between stated and observed probability",
    "ms_p50": "milliseconds a question, median",
    "ms_p95": "milliseconds a question, 95 %",
}

_WITHOUT_THRESHOLD = {"r1", "r5", "auroc", "ms_p50", "ms_p95"}
"""What can be said of a method that never decides."""

Scores = Mapping[str, float | int | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the kinds of evaluation."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    kbqa = kinds.add_parser("kbqa", help="score the answers of the knowledge base")
    options.add_bot(kbqa)
    options.add_json(kbqa)
    file = partial(kbqa.add_argument, type=Path, metavar="FILE")
    file("--pairs", help="QA pairs to ask (default: pairs.jsonl of the bot's knowledge)")
    file("--queries", help="questions (default: evaluation.jsonl of the bot's knowledge)")
    file("--oos", help="more questions, ones that have no answer")
    file("--predictions", help="write one prediction a line to this file")
    kbqa.add_argument(
        "--baseline", action="store_true", help="also score plain TF-IDF on the same questions"
    )
    kbqa.set_defaults(run=run)
    contrast.add_arguments(
        kinds.add_parser("contrast", help="ask for the opposite of what it knows")
    )


def run(args: argparse.Namespace) -> int:
    """Ask all questions, write predictions where asked for, print the scores."""
    from cs_bot.app import encoder as encoder_of
    from cs_bot.models.encoders import UniversalSentenceEncoder
    from cs_bot.retrieval import evaluation
    from cs_bot.retrieval.decide import KbqaSettings
    from cs_bot.retrieval.snapshot import Snapshot
    from cs_bot.stores.qa_files import read_pairs
    from cs_bot.text.synonyms import Synonyms, read_synonyms

    bot = None if args.pairs and args.queries else options.bot_settings(args)
    table = bot.stages.get("kbqa") if bot else None
    settings = table.read(KbqaSettings) if table else KbqaSettings()
    content = partial(options.knowledge_file, bot)
    pairs = read_pairs(args.pairs or content("pairs.jsonl"), answers_required=False)
    asked = [args.queries or content("evaluation.jsonl"), *([args.oos] if args.oos else [])]
    queries = evaluation.read_queries(*asked)
    synonyms = read_synonyms(content("synonyms.txt")) if bot else Synonyms()
    encoder = encoder_of(bot) if bot else UniversalSentenceEncoder()
    with progress_bar("indexing", len(pairs)) as tell:
        snapshot = Snapshot.build("evaluation", pairs, encoder, synonyms=synonyms)
        tell(len(pairs))
    with progress_bar("asking", len(queries)) as tell:
        predictions = evaluation.predict(snapshot, encoder, queries, settings, progress=tell)
    if args.predictions is not None:
        evaluation.write_rows(args.predictions, [made.as_dict() for made in predictions])
    scores = evaluation.measured(queries, predictions)
    plain = evaluation.predict_baseline(pairs, queries) if args.baseline and scores else ()
    baseline = evaluation.measured(queries, plain) if plain else None
    _print(scores, baseline, len(queries), as_json=args.json)
    return 0


def _print(scores: Scores | None, baseline: Scores | None, asked: int, *, as_json: bool) -> None:
    if scores is None:
        print(json.dumps({"queries": asked}) if as_json else f"{asked} questions without labels")
    elif as_json:
        print(json.dumps({**scores, **({"baseline": baseline} if baseline else {})}))
    else:
        print(f"{asked} questions" + (", TF-IDF in brackets" if baseline else ""))
        for name, about in _ABOUT.items():
            beside = f"({baseline[name]})" if baseline and name in _WITHOUT_THRESHOLD else ""
            print(f"  {name:13} {scores[name]!s:>7} {beside:>9}  {about}")
