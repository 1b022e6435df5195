"""Stories as one writes them, for tests that read like them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cs_bot.stages.task.dialogue.paths import paths
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.domain import read_domain, used_entities
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import parse_yaml
from cs_bot.stages.task.rasa.slots import filled_slots
from cs_bot.stages.task.rasa.stories import read_stories
from cs_bot.stages.task.story import Acted, Looped, Rejected, Spoke, Step, Story
from cs_bot.stages.task.story import Path as StoryPath


def stories(text: str) -> list[Story]:
    """Return the stories and rules of a file."""
    root = parse_yaml(text, "data/stories.yml")
    return [story for key, node in root.items() for story in read_stories(node, key)]


def unfolded(text: str) -> tuple[StoryPath, ...]:
    """Return all paths of a file."""
    return paths(stories(text))


def project(domain: dict[str, Any], text: str = "") -> Project:
    """Return the project of a domain and a file of stories."""
    draft = Draft()
    for key, node in parse_yaml(json.dumps(domain), "domain.yml").items():
        assert read_domain(key, node, draft)
    return Project(
        Path(),
        kinds=draft.kinds,
        used_entities=used_entities(draft),
        slots=filled_slots(draft),
        stories=tuple(stories(text)) if text else (),
    )


def policies(text: str, domain: dict[str, Any] | None = None) -> Policies:
    """Return the policies that a file and a domain teach."""
    return Policies.of(project(domain or {}, text))


def said(intent: str) -> Spoke:
    return Spoke(intent)


def talked(bot: Policies, *steps: Step | str) -> tuple[Dialogue, list[str]]:
    """Let the bot decide after each message until it listens; return what it did.

    A text is an intent; a form that is run asks, until a step says that it is over.
    """
    dialogue, did = bot.begun().after(Acted(LISTEN), bot.features), []
    for step in steps:
        dialogue = dialogue.after(Spoke(step) if isinstance(step, str) else step, bot.features)
        if not isinstance(step, str | Spoke | Looped):
            continue
        for _ in range(10):
            decision = bot.decide(dialogue)
            did.append(decision.action)
            dialogue = dialogue.after(Acted(decision.action), bot.features)
            if decision.action.endswith("_form"):
                dialogue = dialogue.after(Looped(decision.action), bot.features)
            if decision.action == LISTEN:
                break
    return dialogue, did


def refused(bot: Policies, dialogue: Dialogue) -> Dialogue:
    """Return the dialogue in which the active loop could not use the message."""
    return dialogue.after(Rejected(str(dialogue.now.loop)), bot.features)
