"""`cs-bot knowledge label | labels`: what customers ask, and which pair answers it."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from cs_bot.cli.options import bot_settings
from cs_bot.cli.releasing import BY
from cs_bot.errors import BadInput
from cs_bot.settings import Settings


def run_label(args: argparse.Namespace) -> int:
    """Store the labelled questions of a file, all or nothing."""
    return asyncio.run(_label(bot_settings(args), args))


def run_labels(args: argparse.Namespace) -> int:
    """Write all labelled questions to a file, or print how many there are."""
    return asyncio.run(_labels(bot_settings(args), args))


async def _label(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores
    from cs_bot.retrieval.labelled_file import read_labelled

    questions = read_labelled(args.file)
    async with opened_stores(settings) as stores:
        known = {pair.id for pair in await stores.knowledge.draft_pairs()}
        named = (pair_id for _, pair_id in questions if pair_id is not None)
        unknown = next((pair_id for pair_id in named if pair_id not in known), None)
        if unknown is not None:
            raise BadInput(
                f"there is no pair {unknown!r}",
                where=str(args.file),
                remedy="correct its faq_id, or import the pair first; nothing was stored",
            )
        counts = await stores.labels.label(questions, by=BY)
    if args.json:
        print(json.dumps(asdict(counts)))
    else:
        print(f"{counts.added} labelled, {counts.changed} changed, {counts.unchanged} as before")
    return 0


async def _labels(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores
    from cs_bot.retrieval.labelled_file import label_row, write_labelled

    async with opened_stores(settings) as stores:
        labels = await stores.labels.all_labels()
    if args.file is not None:
        write_labelled(Path(args.file), labels)
        print(f"{len(labels)} labelled questions written to {args.file}")
    elif args.json:
        print(json.dumps([label_row(label) for label in labels], ensure_ascii=False))
    else:
        lacking = sum(label.pair_id is None for label in labels)
        print(f"{len(labels)} labelled questions, {lacking} of them without an answer")
    return 0
