"""Reads what `endpoints.yml` and `credentials.yml` name besides an action server."""

from __future__ import annotations

from collections.abc import Mapping

from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

_ENDPOINTS: Mapping[str, tuple[str, str]] = {
    "tracker_store": (
        "conversations are kept in the bot's own database",
        "name a database under [store] in bot.toml",
    ),
    "lock_store": (
        "the messages of one conversation are taken in turn without it",
        "for several processes name Redis under [store] in bot.toml",
    ),
    "event_broker": ("events are not sent on", "read them from the bot's database"),
    "nlg": ("the responses of the domain are said", "write the responses into the domain"),
    "models": ("the bot trains by itself", "take it out"),
}
_CHANNELS_NOT_NEEDED = ("rest", "rasa", "cmdline", "version")


def read_endpoints(root: Node, draft: Draft) -> None:
    """Note whether there is an action server; whatever else is named gets a remark."""
    for key, node in root.items():
        if key == "action_endpoint":
            draft.has_action_server = node.value is not None
        elif key != "version":
            effect, remedy = _ENDPOINTS.get(key, ("it is skipped", "take it out"))
            draft.leave_out(node, f"`{key}` in endpoints.yml", effect, remedy)


def read_credentials(root: Node, draft: Draft) -> None:
    """Tell which channels the file names that this bot does not have."""
    for key, node in root.items():
        if key not in _CHANNELS_NOT_NEEDED:
            draft.leave_out(
                node,
                f"the channel `{key}` in credentials.yml",
                "customers cannot reach the bot there",
                "use the web widget, or connect that channel to POST /webhooks/rest/webhook",
            )
