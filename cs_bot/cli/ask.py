"""`cs-bot ask TEXT`: one question through the real cascade, in a conversation thrown away."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("text", metavar="TEXT", help="what the customer says")
    parser.add_argument("--locale", choices=("zh", "en"), help="the customer's language")
    add_json(parser)
    add_bot(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the reply, and with `--json` its trace."""
    settings = bot_settings(args)
    answer = asyncio.run(_ask(settings, args.text, args.locale or settings.bot.locale))
    if args.json:
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    print(answer["reply"]["text"])
    for step in answer["steps"]:
        print(f"  {step['stage']:<10} {step['outcome']:<18} {step['ms']:8.1f} ms")
    return 0


async def _ask(settings: Settings, text: str, locale: str) -> dict[str, Any]:
    from cs_bot.admin.wire import reply_view, step_view
    from cs_bot.app import opened

    async with opened(settings) as house:
        await house.complete()
        trace = await house.ask(text, locale)
    return {
        "reply": reply_view(trace).model_dump(mode="json"),
        "steps": [step_view(step).model_dump(mode="json") for step in trace.steps],
    }
