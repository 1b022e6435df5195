"""`cs-bot evaluate`: what the bot would do with labelled questions (`kbqa`, `nlu`)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli import contrast, nlu, options, throwaway
from cs_bot.cli.progress import progress_bar
from cs_bot.errors import BadInput

if TYPE_CHECKING:
    from cs_bot.cli.throwaway import ThrowawayBase
    from cs_bot.retrieval.contract import Terms
    from cs_bot.retrieval.decide import KbqaSettings
    from cs_bot.retrieval.evaluation import EvaluationQuery
    from cs_bot.retrieval.risk import Choice, Contract, CurvePoint

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

_ROWS, _POINTS = 10, 100
"""How much of the curve of coverage and risk is printed, as a table and as JSON."""

Scores = Mapping[str, float | int | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the kinds of evaluation."""
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    kbqa = kinds.add_parser("kbqa", help="score the answers of the knowledge base")
    options.add_bot(kbqa)
    options.add_json(kbqa)
    file = partial(kbqa.add_argument, type=Path, metavar="FILE")
    file(
        "--faq",
        "--pairs",
        dest="pairs",
        help="QA pairs to ask (default: pairs.jsonl of the bot's knowledge)",
    )
    file("--queries", help="questions (default: evaluation.jsonl of the bot's knowledge)")
    file("--oos", help="more questions, ones that have no answer")
    file("--tune", help="labelled questions to choose the cut and the probabilities by")
    file("--tune-oos", help="more of them, ones that have no answer")
    kbqa.add_argument(
        "--risk",
        type=_share,
        default=0.02,
        metavar="SHARE",
        help="with --tune: share of direct answers that may be wrong (default: 0.02)",
    )
    file("--predictions", help="write one prediction a line to this file")
    kbqa.add_argument(
        "--baseline", action="store_true", help="also score plain TF-IDF on the same questions"
    )
    kbqa.set_defaults(run=run)
    contrast.add_arguments(
        kinds.add_parser("contrast", help="ask for the opposite of what it knows")
    )
    nlu.add_arguments(kinds.add_parser("nlu", help="score how messages are read"))


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share: write one between 0 and 1")
    return share


def run(args: argparse.Namespace) -> int:
    """Ask all questions, write predictions where asked for, print the scores."""
    from cs_bot.retrieval import evaluation
    from cs_bot.retrieval.peers import tfidf
    from cs_bot.retrieval.risk import Contract
    from cs_bot.stores.qa_files import read_pairs

    bot = None if args.pairs and args.queries else options.bot_settings(args)
    content = partial(options.knowledge_file, bot)
    pairs = read_pairs(args.pairs or content("pairs.jsonl"), answers_required=False)
    asked = [args.queries or content("evaluation.jsonl"), *([args.oos] if args.oos else [])]
    queries = evaluation.read_queries(*asked)
    tuned_by = _questions_to_tune_by(args)
    evaluation.refuse_unknown_pairs([*queries, *tuned_by], pairs)
    base = throwaway.indexed(pairs, bot)
    settings = throwaway.kbqa_settings(bot)
    held = _terms(tuned_by, base, settings, Contract(risk=args.risk)) if tuned_by else None
    ask = base.asking(held.settings(settings) if held else settings)
    ask = held.stated(ask) if held else ask
    with progress_bar("asking", len(queries)) as tell:
        predictions = evaluation.predict(ask, queries, progress=tell)
    if args.predictions is not None:
        evaluation.write_rows(args.predictions, [made.as_dict() for made in predictions])
    scores = evaluation.measured(queries, predictions)
    baseline = None
    if args.baseline and scores:
        plain = evaluation.never_deciding(tfidf(pairs).search)
        baseline = evaluation.measured(queries, evaluation.predict(plain, queries))
    _print(scores, baseline, len(queries), held, as_json=args.json)
    return 0


def _questions_to_tune_by(args: argparse.Namespace) -> list[EvaluationQuery]:
    from cs_bot.retrieval.labelled_file import read_labelled_queries

    files = [file for file in (args.tune, args.tune_oos) if file]
    if args.tune_oos and not args.tune:
        raise BadInput(
            "needs questions that have an answer beside those that have none",
            where="--tune-oos",
            remedy="name them with --tune FILE",
        )
    return read_labelled_queries(*files) if files else []


def _terms(
    queries: Sequence[EvaluationQuery],
    base: ThrowawayBase,
    settings: KbqaSettings,
    contract: Contract,
) -> Terms:
    """Return what the questions to tune by lead to."""
    from cs_bot.retrieval import evaluation
    from cs_bot.retrieval.contract import everything_direct, labelled_rows, terms

    with progress_bar("tuning", len(queries)) as tell:
        ask = base.asking(everything_direct(settings))
        predictions = evaluation.predict(ask, queries, progress=tell)
    return terms(labelled_rows(queries, predictions, settings.candidates), contract)


def _print(
    scores: Scores | None,
    baseline: Scores | None,
    asked: int,
    held: Terms | None,
    *,
    as_json: bool,
) -> None:
    if as_json:
        told = {"queries": asked} if scores is None else scores
        extra = {"baseline": baseline} if baseline else {}
        print(json.dumps({**told, **extra, **(_contract(held) if held else {})}))
        return
    if held:
        _print_contract(held)
    if scores is None:
        print(f"{asked} questions, not scored: not all of them have labels")
        return
    print(f"{asked} questions" + (", TF-IDF in brackets" if baseline else ""))
    for name, about in _ABOUT.items():
        beside = f"({baseline[name]})" if baseline and name in _WITHOUT_THRESHOLD else ""
        print(f"  {name:13} {scores[name]!s:>7} {beside:>9}  {about}")


def _print_contract(held: Terms) -> None:
    """Print what the questions to tune by led to, and the curve it was read off."""
    choice = held.choice
    print(f"{choice.labelled} questions to tune by: {choice}")
    points = _points(choice, _ROWS)
    if points:
        print("  cut    coverage     risk    bound")
    for point in points:
        shares = "".join(f"{share:9.1%}" for share in (point.coverage, point.risk, point.bound))
        print(f"  {point.cut:.3f}{shares}{'  <- chosen' if point.cut == choice.cut else ''}")


def _contract(held: Terms) -> dict[str, Any]:
    choice = held.choice
    return {
        "contract": {
            "cut": choice.cut,
            "list_cut": held.list_cut,
            "labelled": choice.labelled,
            "needed": choice.needed,
            "curve": [asdict(point) for point in _points(choice, _POINTS)],
        }
    }


def _points(choice: Choice, most: int) -> list[CurvePoint]:
    """Return the curve in few points, the chosen one among them."""
    from cs_bot.retrieval.risk import thinned

    return thinned(choice.curve, most, cut=choice.cut)
