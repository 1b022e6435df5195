"""`cs-bot knowledge feedback | forget-feedback`: customers' votes on pairs, and an end to them."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cs_bot.cli.options import bot_settings
from cs_bot.cli.releasing import BY
from cs_bot.errors import BadInput, NotFound
from cs_bot.settings import Settings, Table
from cs_bot.stores.protocols import FeedbackStore, Forgetting

if TYPE_CHECKING:
    from cs_bot.retrieval.votes import Counted

_OFF = "feedback is off: these votes change nothing until [stages.kbqa] has `feedback = true`"


def add_forget_arguments(verb: argparse.ArgumentParser) -> None:
    """Add what `forget-feedback` takes."""
    verb.add_argument("pair", metavar="ID", help="the pair whose votes are to count no longer")
    verb.add_argument("--by", metavar="NAME", help="who wants it (default: your login name)")


def list_votes(args: argparse.Namespace) -> int:
    """List the pairs that customers voted on, the most voted on first."""
    return asyncio.run(_list(bot_settings(args), args))


def forget_votes(args: argparse.Namespace) -> int:
    """Let the votes on a pair until now count no longer."""
    return asyncio.run(_forget(bot_settings(args), args))


async def _list(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import now, opened_stores
    from cs_bot.retrieval.decide import KbqaSettings

    async with opened_stores(settings) as stores:
        rows = await _rows(stores.feedback, now())
    counts = settings.stages.get("kbqa", Table("stages.kbqa")).read(KbqaSettings).feedback
    if args.json:
        print(json.dumps({"counts": counts, "pairs": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        told = f"{row['for']:>5} for {row['against']:>5} against"
        until = row["forgotten_at"]
        ended = f"  forgotten until {until[:16]} by {row['forgotten_by']}" if until else ""
        print(f"{row['pair']:<12} {told}{ended}")
    if not counts:
        print(_OFF)
    return 0


async def _rows(feedback: FeedbackStore, at: datetime) -> list[dict[str, Any]]:
    from cs_bot.retrieval.votes import WINDOW, counted

    last = {one.pair_id: one for one in await feedback.forgettings()}
    votes = await feedback.votes(since=at - WINDOW)
    minds = _minds(counted(votes, at, {pair: one.at for pair, one in last.items()}))
    rows = [_row(pair, minds[pair], last.get(pair)) for pair in minds.keys() | last.keys()]
    return sorted(rows, key=lambda row: (-row["for"] - row["against"], row["pair"]))


def _minds(ballots: Counted) -> dict[str, dict[int, set[str]]]:
    """Return by pair who is for it (1) and who is against it (-1), on any question."""
    minds: dict[str, dict[int, set[str]]] = defaultdict(lambda: {1: set(), -1: set()})
    for pairs in ballots.values():
        for pair, given in pairs.items():
            for ballot in given:
                minds[pair][ballot.value].add(ballot.voter)
    return minds


def _row(pair: str, minds: dict[int, set[str]], last: Forgetting | None) -> dict[str, Any]:
    return {
        "pair": pair,
        "for": len(minds[1]),
        "against": len(minds[-1]),
        "forgotten_at": last and last.at.isoformat(),
        "forgotten_by": last and last.by,
    }


async def _forget(settings: Settings, args: argparse.Namespace) -> int:
    from cs_bot.app import opened_stores

    async with opened_stores(settings) as stores:
        try:
            await stores.knowledge.pair(args.pair)
        except NotFound as error:
            raise BadInput(str(error), remedy="see `cs-bot knowledge feedback`") from None
        done = await stores.feedback.forget(args.pair, by=args.by or _login())
    if args.json:
        print(json.dumps({**asdict(done), "at": done.at.isoformat()}, ensure_ascii=False))
    else:
        print(f"the votes on {done.pair_id} until now count no longer; the log keeps them")
    return 0


def _login() -> str:
    try:
        return f"{getpass.getuser()} ({BY})"
    except (OSError, KeyError, ImportError):  # a container without users
        return BY
