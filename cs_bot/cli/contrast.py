"""`cs-bot evaluate contrast`: asks what is nearly a known question, but wants another answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_bot.cli import options, throwaway
from cs_bot.cli.progress import progress_bar

if TYPE_CHECKING:
    from cs_bot.retrieval.evaluation import Ask
    from cs_bot.retrieval.minimal_pairs.asking import Asked, Guarded
    from cs_bot.retrieval.minimal_pairs.variants import Variant
    from cs_bot.retrieval.snapshot import Snapshot
    from cs_bot.settings import Settings
    from cs_bot.types import QAPair

_HALVES = {
    "test": "changed by words the guard does not know, or without any list",
    "development": "changed by words that are on the guard's lists",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of this kind of evaluation."""
    options.add_bot(parser)
    options.add_json(parser)
    file = partial(parser.add_argument, type=Path, metavar="FILE")
    file("--faq", help="QA pairs (default: pairs.jsonl of the bot's knowledge)")
    file("--queries", help="labelled questions, to tell how many right answers the guard costs")
    file("--predictions", help="write one minimal pair a line to this file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the minimal pairs, ask them and the labelled questions, print the shares."""
    from cs_bot.retrieval.contrast import excluded
    from cs_bot.retrieval.evaluation import read_queries, refuse_unknown_pairs, write_rows
    from cs_bot.retrieval.minimal_pairs import asking, variants
    from cs_bot.stores.qa_files import read_pairs
    from cs_bot.text.normalize import normalized

    bot = None if args.faq else options.bot_settings(args)
    faq = args.faq or options.knowledge_file(bot, "pairs.jsonl")
    pairs = read_pairs(faq, answers_required=False)
    queries = read_queries(args.queries) if args.queries else []
    refuse_unknown_pairs(queries, pairs)
    snapshot, ask = _knowledge_base(pairs, bot)
    dials = throwaway.kbqa_settings(bot)

    def compared(text: str) -> str:
        return snapshot.compared(normalized(text))

    def guarded(query: str, found: Sequence[str]) -> bool:
        text = snapshot.read(normalized(query), slips=dials.spelling).text
        pair, *others = (snapshot.pairs[pair_id] for pair_id in found[: dials.candidates])
        return excluded(text, pair, snapshot.compared, others) is not None

    made = variants.variants(pairs, compared)
    asked = _asked([(str(n), v.changed, v.pair_id) for n, v in enumerate(made)], ask, guarded)
    if args.predictions is not None:
        write_rows(args.predictions, [_row(v, one) for v, one in zip(made, asked, strict=True)])
    counts = asking.opposite_answers(made, asked)
    ordinary = _asked([(q.qid, q.query, q.gold) for q in queries], ask, guarded)
    report: dict[str, Any] = {
        half: {kind: count.as_dict() for kind, count in counts.get(half, {}).items()}
        for half in _HALVES
    }
    if queries:
        report["loss"] = asking.loss(queries, ordinary)
    print(json.dumps(report)) if args.json else _print(report)
    return 0


def _knowledge_base(pairs: Sequence[QAPair], bot: Settings | None) -> tuple[Snapshot, Ask]:
    """Return the pairs ready to be asked, and what they decide without the guard."""
    base = throwaway.indexed(pairs, bot)
    unguarded = replace(throwaway.kbqa_settings(bot), contrast_guard=False)
    return base.snapshot, base.asking(unguarded)


def _asked(
    questions: Sequence[tuple[str, str, str | None]], ask: Ask, guarded: Guarded
) -> list[Asked]:
    from cs_bot.retrieval.minimal_pairs.asking import ask_all

    with progress_bar("asking", len(questions)) as tell:
        return ask_all(questions, ask, guarded, progress=tell)


def _row(variant: Variant, one: Asked) -> dict[str, Any]:
    about = {"query": variant.changed, "wording": variant.wording, "pair": variant.pair_id}
    return {
        **one.prediction.as_dict(),
        **about,
        "kind": variant.kind,
        "half": variant.half,
        "opposite": one.answered,
    }


def _print(report: Mapping[str, Any]) -> None:
    for half, about in _HALVES.items():
        print(f"{half}: {about}")
        print(f"  {'':10} {'asked':>6} {'opposite':>9} {'unguarded':>10}")
        for kind, row in report[half].items():
            print(f"  {kind:10} {row['asked']:6} {row['opposite']!s:>9} {row['unguarded']!s:>10}")
    if "loss" in report:
        lost = report["loss"]
        print(f"right direct answers: {lost['right']}, taken away: {lost['lost']} ({lost['loss']})")
        print(f"wrong direct answers: {lost['wrong']}, taken away: {lost['caught']}")
