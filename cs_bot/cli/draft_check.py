"""`cs-bot knowledge check`: which answers publishing the drafts would change."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any

from cs_bot.cli.options import bot_settings
from cs_bot.errors import CsBotError
from cs_bot.settings import Settings

if TYPE_CHECKING:
    from cs_bot.admin.draft_replay import Replayed

_SHOWN = 20


def run(args: argparse.Namespace) -> int:
    """Replay labelled questions and the last real ones on the drafts, and print what changes."""
    replayed = asyncio.run(_replayed(bot_settings(args)))
    if args.json:
        print(json.dumps(_as_json(replayed), ensure_ascii=False))
        return 0
    asked = f"{replayed.labelled} labelled and {replayed.real} real questions"
    print(f"{len(replayed.changes)} of {asked} get another answer")
    for change in replayed.changes[:_SHOWN]:
        before, after = (f"{o.zone} {o.best or ''}".strip() for o in (change.before, change.after))
        print(f"  {change.verdict:<6}  {change.question.text}: {before} -> {after}")
    if len(replayed.changes) > _SHOWN:
        print(f"  and {len(replayed.changes) - _SHOWN} more (--json has all)")
    print(f"after publishing: {replayed.after.terms.choice}")
    return 0


async def _replayed(settings: Settings) -> Replayed:
    from cs_bot.app import opened

    async with opened(settings, tries="cs-bot knowledge check") as house:
        await house.complete()
        await house.draft_checks.start()
        check = await house.draft_checks.finished()
    if check.result is None:
        raise CsBotError(f"the drafts could not be checked: {check.error}")
    return check.result


def _as_json(replayed: Replayed) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "labelled": replayed.labelled,
        "real": replayed.real,
        "changes": [asdict(change) for change in replayed.changes],
        "cut": replayed.after.terms.choice.cut,
        "contract": str(replayed.after.terms.choice),
    }
