"""The command line: `cs-bot COMMAND`. Imports a command's module only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from cs_bot import __version__
from cs_bot.errors import BadInput, Busy, CsBotError
from cs_bot.models.threads import pin_threads

COMMANDS = {
    "init": "make a new bot directory from the starter bot",
    "serve": "serve the bot: widget, console and API on one port",
    "chat": "talk to the bot in the terminal",
    "ask": "ask one question and see the answer and its trace",
    "knowledge": "import, export, publish, roll back and compare knowledge",
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
        return int(args.run(args))
    except BadInput as error:
        return _refused(error, 2)
    except Busy as error:
        return _refused(error, 2)
    except CsBotError as error:
        return _refused(error, 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # somebody piped us into `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(chosen: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cs-bot", description="A self-hosted customer-service chatbot.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"cs-bot {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=f"{about.capitalize()}.")
        if name == chosen:
            module = import_module(f"cs_bot.cli.{name}")
            module.add_arguments(command)
    return parser


def _refused(error: Exception, code: int) -> int:
    print(f"cs-bot: {error}", file=sys.stderr)
    return code
