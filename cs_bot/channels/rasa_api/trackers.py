"""A tracker of Rasa's: the state that a conversation's events lead to, and the events asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from cs_bot.channels.rasa_api.told import Told
from cs_bot.stages.task.dialogue.situation import LISTEN, SESSION_START

Verbosity = Literal["ALL", "APPLIED", "AFTER_RESTART", "NONE"]
VERBOSITIES: tuple[Verbosity, ...] = get_args(Verbosity)

_NOTHING_SAID: Mapping[str, Any] = {
    "intent": {},
    "entities": [],
    "text": None,
    "message_id": None,
    "metadata": {},
}


def tracker(
    sender_id: str, told: Sequence[Told], slots: Mapping[str, Any], verbosity: Verbosity
) -> dict[str, Any]:
    """Return the tracker after these events; `slots` are what the bot goes on from."""
    now = _Standing()
    for event in applied(told):
        now.hear(event)
    return {
        "sender_id": sender_id,
        "slots": dict(slots),
        "latest_message": now.message,
        "latest_event_time": told[-1]["timestamp"] if told else None,
        "followup_action": now.followup,
        "paused": now.paused,
        "events": _shown(told, verbosity),
        "latest_input_channel": now.channel,
        "active_loop": now.loop,
        "latest_action": {"action_name": now.action} if now.action else None,
        "latest_action_name": now.action,
    }


def applied(told: Iterable[Told]) -> list[Told]:
    """Return the events without those that later ones took back, and without these."""
    kept: list[Told] = []
    for event in told:
        match event["event"]:
            case "undo":
                _take_back(kept, "action")
            case "rewind":
                _take_back(kept, "user")
                _take_back(kept, "action")  # the listening before it
            case _:
                kept.append(event)
    return kept


def _take_back(kept: list[Told], kind: str) -> None:
    """Drop the latest event of this kind and all after it, but nothing before a restart."""
    for at in reversed(range(len(kept))):
        if kept[at]["event"] == "restart":
            return
        if kept[at]["event"] == kind:
            del kept[at:]
            return


def before(told: Sequence[Told], until: float) -> list[Told]:
    """Return the events up to this time, in seconds since 1970."""
    return [event for event in told if event["timestamp"] <= until]


@dataclass(slots=True)
class _Standing:
    """Where the conversation stands, as Rasa's tracker counts it."""

    message: Mapping[str, Any] = field(default_factory=lambda: dict(_NOTHING_SAID))
    channel: str | None = None
    action: str | None = None
    followup: str | None = LISTEN
    loop: Mapping[str, Any] = field(default_factory=dict)
    paused: bool = False

    def hear(self, event: Told) -> None:
        """Go on to after one more event."""
        match event["event"]:
            case "action":
                self._acted(event["name"])
            case "active_loop":
                self._enter(event["name"])
            case "loop_interrupted" if self.loop:
                self.loop = {**self.loop, "is_interrupted": event["is_interrupted"]}
            case "action_execution_rejected" if self.loop.get("name") == event["name"]:
                self.loop = {**self.loop, "rejected": True}
            case "user":
                self.message, self.channel = event["parse_data"], event["input_channel"]
                self.followup = None
            case "followup":
                self.followup = event["name"]
            case "pause" | "resume" as kind:
                self.paused = kind == "pause"
            case "restart":
                self._begin_anew(SESSION_START)
            case "session_started":
                self._begin_anew(LISTEN)

    def _acted(self, name: str) -> None:
        self.action, self.followup = name, None
        if self.loop:
            rejected = self.loop["rejected"] and name != self.loop["name"]
            self.loop = {**self.loop, "is_interrupted": False, "rejected": rejected}

    def _enter(self, loop: str | None) -> None:
        said = self.message if self.message["text"] is not None else None
        parts = {"is_interrupted": False, "rejected": False, "trigger_message": said}
        self.loop = {"name": loop, **parts} if loop else {}

    def _begin_anew(self, followup: str) -> None:
        self.message, self.action, self.followup = dict(_NOTHING_SAID), None, followup
        self.loop, self.paused = {}, False


def _shown(told: Sequence[Told], verbosity: Verbosity) -> list[Told] | None:
    if verbosity == "NONE":
        return None
    shown = applied(told) if verbosity == "APPLIED" else list(told)
    if verbosity == "ALL":
        return shown
    restarts = [at for at, event in enumerate(shown) if event["event"] == "restart"]
    return shown[restarts[-1] + 1 :] if restarts else shown
