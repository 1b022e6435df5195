"""docs/tasks.md against rasa-sdk and Rasa: each event and default action says what it does."""

import inspect
from pathlib import Path

import pytest
from rasa_sdk import events

from cs_bot.stages.task.rasa.names import DEFAULT_ACTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text(encoding="utf-8")
OLD_NAMES = {"Form", "FormValidation"}
"""Of Rasa 1, for `ActiveLoop` and `LoopInterrupted`."""
EVENTS = {name for name, _ in inspect.getmembers(events, inspect.isfunction) if name[0].isupper()}


@pytest.mark.parametrize("name", sorted(EVENTS - OLD_NAMES))
def test_every_event_of_rasa_sdk_is_explained(name: str) -> None:
    table = PAGE[PAGE.index("## What an action may return") : PAGE.index("## Reminders")]
    assert f"`{name}`" in table


@pytest.mark.parametrize("name", sorted(DEFAULT_ACTIONS - {"...", "two_stage_fallback"}))
def test_every_default_action_is_explained(name: str) -> None:
    table = PAGE[PAGE.index("## Default actions") : PAGE.index("## An API without code")]
    assert f"`{name}`" in table
