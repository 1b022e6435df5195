"""Takes away what keeps the starter's tasks safe, by its own files and settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Ablation = Literal["key", "retry", "confirmation"]
ABLATIONS: tuple[Ablation, ...] = ("key", "retry", "confirmation")
_FILES = ("refund.yml", "invoice.yml")
_KEY = re.compile(r"^    key: .*$", re.MULTILINE)
_ACTIONS = "[stages.task.actions]\n"
SETTINGS = f"\n{_ACTIONS}rest_after = 1000000\n"
"""Of every run: what fails for one customer is tried for the next one all the same."""


def take_away(bot: Path, without: Ablation) -> None:
    """Change the files of a bot directory."""
    match without:
        case "key":  # sent again as before, but the service cannot know it again
            _in_files(bot, "    key_header: false")
            _set(bot, 'idempotent = ["action_refund", "action_invoice"]')
        case "retry":
            _set(bot, "attempts = 1")
        case "confirmation":  # declared as if nothing were changed: then there is no key either
            _in_files(bot, "    changes: false")


def _in_files(bot: Path, line: str) -> None:
    for name in _FILES:
        path = bot / "dialogs" / name
        text, count = _KEY.subn(line, path.read_text(encoding="utf-8"))
        assert count == 1, f"{path} has no key to take away"
        path.write_text(text, encoding="utf-8")


def _set(bot: Path, line: str) -> None:
    path = bot / "bot.toml"
    text = path.read_text(encoding="utf-8")
    assert _ACTIONS in text, f"{path} lacks {_ACTIONS.strip()}"
    path.write_text(text.replace(_ACTIONS, f"{_ACTIONS}{line}\n"), encoding="utf-8")
