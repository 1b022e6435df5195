"""Rasa's older policies for unsure messages, as the rules that took their place."""

from __future__ import annotations

from cs_bot.stages.task.project import NLU_FALLBACK
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.story import Acted, Looped, Spoke, Step, Story, told_intents

TWO_STAGES = "action_two_stage_fallback"
_ONE_STAGE = "action_default_fallback"


def add_rule(name: str, policy: Node, draft: Draft) -> None:
    """Add the rule that says what a policy of this name does; none where a rule is written.

    Nor where it would have nothing to say, as Rasa's default without the response `utter_default`.
    """
    if NLU_FALLBACK in told_intents(draft.stories):
        return
    where, action = policy.where, draft.thresholds.core_action
    steps: tuple[Step, ...]
    if name == "TwoStageFallbackPolicy":
        steps = (Acted(TWO_STAGES, where=where), Looped(TWO_STAGES, where))
    elif name == "FallbackPolicy" and _has_words(action, draft):
        steps = (Acted(action, where=where),)
    else:
        return
    said = Spoke(NLU_FALLBACK, where=where)
    draft.stories.append(Story(name, (said, *steps), where, is_rule=True))


def _has_words(action: str, draft: Draft) -> bool:
    response = "utter_default" if action == _ONE_STAGE else action
    return response in draft.responses or action in draft.actions
