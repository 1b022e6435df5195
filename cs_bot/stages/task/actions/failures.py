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


def spoken(
    failure: ServiceFailed, *, changed: bool = False, again: bool = False
) -> tuple[str, ...]:
    """Return the responses that tell of a failure; the first that the project has is said.

    `changed` means that another action may have changed something before, `again` that it is not
    the first failure in a row.
    """
    general = "utter_task_failed"
    known = failure if isinstance(failure, ActionFailed) else None
    if changed or (known is not None and known.unsure):
        return ("utter_task_unsure",)  # any other words might ask the customer to do it again
    if again:
        return ("utter_task_failed_again",)
    if known is None:
        return (general,)
    own = () if known.response is None else (known.response,)
    if known.kind in _UNAVAILABLE:
        return (*own, "utter_task_unavailable", general)
    if known.kind == "late":
        return (*own, "utter_task_late", general)
    return (*own, general)
