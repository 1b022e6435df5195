"""Why an action did not do its work, and which response tells the customer."""

from __future__ import annotations

from typing import Literal

from cs_bot.errors import CsBotError, ServiceFailed

Kind = Literal["late", "unreachable", "busy", "resting", "broken", "raised", "unknown"]
"""`late` gave no answer in time, `unreachable` could not be asked, `busy` asked to be asked later,
`resting` is left alone after many failures, `broken` answered nonsense or an error, `raised` is an
exception of its code, `unknown` has no code."""

_RETRYABLE: frozenset[Kind] = frozenset({"late", "unreachable", "busy", "broken", "raised"})
_UNAVAILABLE: frozenset[Kind] = frozenset({"unreachable", "busy", "resting"})


class ActionRejected(CsBotError):
    """An action said that it does not apply here (rasa-sdk's `ActionExecutionRejection`)."""


class ActionFailed(ServiceFailed):
    """An action that did not do its work, or of which nobody can tell whether it did.

    `reached` tells whether the other side may have acted, `unsure` that it may have changed
    something, `response` which words its author wants for this, `wait_seconds` how long the other
    side asked to be left alone.
    """

    def __init__(
        self,
        action: str,
        why: str,
        kind: Kind,
        *,
        reached: bool = True,
        retryable: bool | None = None,
        response: str | None = None,
        wait_seconds: float = 0.0,
    ) -> None:
        self.kind = kind
        self.reached = reached
        self.unsure = False
        self.response = response
        self.wait_seconds = wait_seconds
        may_help = kind in _RETRYABLE if retryable is None else retryable
        super().__init__(f"action {action}", why, retryable=may_help)


def spoken(failure: ServiceFailed) -> tuple[str, ...]:
    """Return the responses that tell of a failure; the first that the project has is said."""
    general = "utter_task_failed"
    if not isinstance(failure, ActionFailed):
        return (general,)
    if failure.unsure:  # any other words might ask the customer to do it again
        return ("utter_task_unsure",)
    own = () if failure.response is None else (failure.response,)
    if failure.kind in _UNAVAILABLE:
        return (*own, "utter_task_unavailable", general)
    if failure.kind == "late":
        return (*own, "utter_task_late", general)
    return (*own, general)


def spoken_again(failure: ServiceFailed) -> tuple[str, ...]:
    """Return the responses for another failure in a row, after which nobody is to try again."""
    again = "utter_task_failed_again"
    first = spoken(failure)
    return first if first == ("utter_task_unsure",) else (again,)
