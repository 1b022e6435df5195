"""Looks for actions without code, words or form."""

from __future__ import annotations

from collections.abc import Iterator

from cs_bot.stages.task.rasa.names import DEFAULT_ACTIONS
from cs_bot.stages.task.rasa.view import Told, View


def actions_without_code(view: View) -> Iterator[Told]:
    """Yield actions that neither a file nor an action server runs."""
    project = view.project
    if view.draft.has_action_server:
        return
    for name in project.actions:
        if name.startswith("utter_") or name in DEFAULT_ACTIONS or name in project.forms:
            continue
        if name not in view.code and name not in project.apis:
            yield (
                view.place("action", name),
                f"no Python file of the project has the action {name!r}, and endpoints.yml names "
                "no action server",
                "unless bot.toml names one, a task that runs it says that it failed and offers a "
                "human",
                "put its rasa-sdk class into `actions/`, declare it under `apis`, or name an "
                "action server under `action_endpoint` in endpoints.yml",
            )


def unsaid_actions(view: View) -> Iterator[Told]:
    """Yield responses that are declared as actions and not written."""
    responses = {name.partition("/")[0] for name in view.project.responses}
    for name in view.project.actions:
        if name.startswith("utter_") and name not in responses and name not in view.code:
            yield (
                view.place("action", name),
                f"there is no response {name!r}",
                "nothing is said in its place",
                "add it to `responses`",
            )


def validated_forms(view: View) -> Iterator[Told]:
    """Yield validations of forms that are not there."""
    forms = {form.validation for form in view.project.forms.values()}
    for name in view.project.actions:
        if name.startswith("validate_") and name not in forms:
            yield (
                view.place("action", name),
                f"there is no form {name.removeprefix('validate_')!r} for {name!r} to check",
                "it never runs",
                "name it after a form of the domain",
            )
