"""Looks for responses that nothing says, and for places and payloads that mean nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from cs_bot.stages.task.project import DEFAULT_INTENTS
from cs_bot.stages.task.rasa.view import Told, View, variations

_SAID_BY_ITSELF = re.compile(
    r"utter_(?:default|restart|back|session_start|ask_rephrase|ask_again_.*"
    r"|task_(?:cancelled|failed|failed_again|late|unavailable|unsure|given_up|done)"
    r"|clarify(?:_none)?|continue(?:_ask|_no)?|next_task|carried|confirm)"
)
"""Responses that the bot says on its own account, as Rasa does or as ours does."""
_PLACE = re.compile(r"\{([A-Za-z_][\w.-]*)\}")


def idle_responses(view: View) -> Iterator[Told]:
    """Yield responses that nothing says; all in one where the code may say them."""
    idle = [name for name in view.project.responses if not _is_said(name, view)]
    if not idle:
        return
    if view.is_code_away:
        yield (
            view.place("response", idle[0]),
            f"no rule, story or form says {_some(idle)}",
            "they are said if an action says them; the code of the actions is not here",
            "take out those that none says",
        )
        return
    for name in idle:
        yield (
            view.place("response", name),
            f"no rule, story, form or action says the response {name!r}",
            "it is never said",
            "take it out, or let a rule or story say it",
        )


def _is_said(name: str, view: View) -> bool:
    base = name.partition("/")[0]
    titled = (*(task.name for task in view.project.tasks), *view.project.slots)
    own = {f"utter_title_{one}" for one in titled} | {f"utter_confirm_{one}" for one in view.run}
    asked = {f"utter_ask_{ending}" for f, s, _ in view.draft.required for ending in (f"{f}_{s}", s)}
    return (
        base in view.run
        or name in asked | own
        or name in view.answered
        or base in view.code
        or any(base.startswith(beginning) for beginning in view.made_up)
        or _SAID_BY_ITSELF.fullmatch(name) is not None
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more responses" if len(names) > 3 else shown


def empty_places(view: View) -> Iterator[Told]:
    """Yield places of responses that rules and stories say, and that no slot fills."""
    for name, variation in variations(view.project):
        known = {*view.project.slots, *view.project.entities, "locale", "requested_slot"}
        places = [p for p in _PLACE.findall(variation.text or "") if p not in known]
        if places and name in view.run and name not in view.code:
            yield (
                view.place("response", name),
                f"{{{places[0]}}} in the response {name!r} is no slot",
                "its place stays empty",
                f"declare the slot {places[0]!r}, or take it out",
            )


def unread_payloads(view: View) -> Iterator[Told]:
    """Yield buttons whose payload states no known intent, or more than JSON."""
    known = {*view.project.intents, *DEFAULT_INTENTS}
    for name, variation in variations(view.project):
        for payload in (choice.payload for choice in variation.choices):
            if not payload.startswith("/"):
                continue
            intent, brace, values = payload[1:].partition("{")
            if intent.strip().partition("/")[0] not in known:
                yield (
                    view.place("response", name),
                    f"a button of {name!r} states the intent {intent!r}, which is not declared",
                    "only its entities are taken" if brace else "nothing follows from pressing it",
                    "correct the payload, or add the intent to `intents`",
                )
            elif brace and not _is_json(brace + values):
                yield (
                    view.place("response", name),
                    f"the payload {payload!r} of a button of {name!r} is no `/intent` with JSON",
                    "only what stands before the mistake is read",
                    'write /intent{"entity": "value"} and nothing after it',
                )


def _is_json(text: str) -> bool:
    if "{{" in text:
        return True  # places are filled in before it is read
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
