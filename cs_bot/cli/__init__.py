"""The command line: `cs-bot COMMAND`. Imports a command's module only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from cs_bot import __version__
from cs_bot.errors import BadInput, Busy, CsBotError
from cs_bot.models.threads import pin_threads

COMMANDS = {
    "init": "make a new bot directory from the starter bot",
    "serve": "serve the bot: widget, console and API on one port",
    "chat": "talk to the bot in the terminal",
    "ask": "ask one question and see the answer and its trace",
    "knowledge": "import, export, publish, roll back and compare knowledge",
    "train": "train all that learns from the bot's own content",
    "models": "list, compare, roll back and remove versions of the task model",
    "test": "play test stories and see where the bot leaves them",
    "evaluate": "score the bot on labelled questions",
    "benchmark": "measure quality and speed beside the baselines",
    "doctor": "check the bot directory and this machine",
    "migrate": "bring the database up to date",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 when something outside failed, 2 for bad input."""
    pin_threads()
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(next((word for word in arguments if not word.startswith("-")), ""))
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return 2
    try:
        code = int(args.run(args))
        sys.stdout.flush()
    except BrokenPipeError:  # somebody piped us into `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (BadInput, Busy) as error:
        return _refused(error, 2)
    except CsBotError as error:
        return _refused(error, 1)
    except KeyboardInterrupt:
        return 130
    return code


class _Parser(argparse.ArgumentParser):
    """A parser that refuses what it does not know with its own usage, not that of `cs-bot`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def parse_known_args(  # type: ignore[override]  # the overloads differ in `namespace` only
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


def _parser(chosen: str) -> argparse.ArgumentParser:
    parser = _Parser(prog="cs-bot", description="A self-hosted customer-service chatbot.")
    parser.add_argument("--version", action="version", version=f"cs-bot {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}."
        )
        if name == chosen:
            module = import_module(f"cs_bot.cli.{name}")
            module.add_arguments(command)
    return parser


def _refused(error: Exception, code: int) -> int:
    print(f"cs-bot: {error}", file=sys.stderr)
    return code
