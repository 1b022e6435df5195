"""`cs-bot ask TEXT`: one question through the real cascade, in a conversation thrown away."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cs_bot.cli.options import add_bot, add_json, bot_settings
from cs_bot.errors import BadInput
from cs_bot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("text", metavar="TEXT", help="what the customer says")
    parser.add_argument("--locale", choices=("zh", "en"), help="the customer's language")
    parser.add_argument("--channel", default="", help="the channel that answers are meant for")
    parser.add_argument("--tier", default="", help="the tier of the customer, as if verified")
    parser.add_argument("--at", default="", metavar="TIME", help="as if asked at this time")
    add_json(parser)
    add_bot(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the reply, and with `--json` its trace."""
    settings = bot_settings(args)
    answer = asyncio.run(
        _ask(settings, args.text, args.locale or settings.bot.locale, _situation(args))
    )
    if args.json:
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    print(answer["reply"]["text"])
    for step in answer["steps"]:
        said = f"  {step['stage']:<10} {step['outcome']:<18} {step['ms']:8.1f} ms"
        print(f"{said}  {step['detail']}" if "answer: " in (step["detail"] or "") else said)
    return 0


def _situation(args: argparse.Namespace) -> dict[str, Any]:
    said = {"channel": args.channel, "tier": args.tier, "at": _time(args.at)}
    return {name: value for name, value in said.items() if value}


def _time(written: str) -> datetime | None:
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise BadInput(
            f"{written!r} is no time", where="--at", remedy="write it as 2026-12-01T08:00"
        ) from None
    return at if at.tzinfo else at.astimezone()


async def _ask(
    settings: Settings, text: str, locale: str, situation: Mapping[str, Any]
) -> dict[str, Any]:
    from cs_bot.admin.wire import reply_view, step_view
    from cs_bot.app import opened

    async with opened(settings, tries="cs-bot ask") as house:
        await house.complete()
        trace = await house.ask(text, locale, **situation)
    return {
        "reply": reply_view(trace).model_dump(mode="json"),
        "steps": [step_view(step).model_dump(mode="json") for step in trace.steps],
        "model": None if trace.model is None else asdict(trace.model),
    }
