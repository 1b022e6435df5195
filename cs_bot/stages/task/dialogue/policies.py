"""All policies of a project: rules before stories, stories before what was learned from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cs_bot.stages.task.dialogue.contradictions import Contradiction, contradictions
from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.features import Features, features_of
from cs_bot.stages.task.dialogue.learned import Learned
from cs_bot.stages.task.dialogue.memory import Memory
from cs_bot.stages.task.dialogue.paths import Fills, paths
from cs_bot.stages.task.dialogue.rules import Rules
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.story import Filled, Path, Story, steps_of
from cs_bot.stages.task.tasks import stories_of

_FALLBACK = "action_default_fallback"
_LEAST_SURE = 0.3
"""Probability of a learned decision below which it is none, as Rasa's core fallback."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Decides what is done next."""

    features: Features
    rules: Rules
    memory: Memory
    learned: Learned | None
    least_sure: float = _LEAST_SURE
    fallback: str = _FALLBACK
    fills: Fills = field(default_factory=dict)
    """For entities the slots that they fill in every message."""

    @classmethod
    def of(cls, project: Project, *, learn: bool = True) -> Policies:
        """Return what a project's stories and rules say; where it has none, its tasks say the same.

        Some tenths of a second, most of them to `learn` from them what they do not say.
        """
        unfolded, features, fills = _unfolded(project)
        told = project.thresholds
        return cls(
            features,
            Rules.of(unfolded, features),
            Memory.of(unfolded, features),
            Learned.of(unfolded, features) if learn else None,
            _LEAST_SURE if told.core is None else told.core,
            told.core_action,
            fills,
        )

    def taught(self, learned: Learned | None) -> Policies:
        """Return these policies with what was learned in another training."""
        return replace(self, learned=learned)

    def begun(self) -> Dialogue:
        """Return the beginning of a conversation."""
        return Dialogue.begun(self.features)

    @property
    def has_answers(self) -> bool:
        """Whether any rule or story goes on with an answer: most projects of forms have none."""
        return self.rules.has_answers or bool(self.memory.answered or self.memory.lately)

    def expects(self, dialogue: Dialogue) -> bool:
        """Return whether some rule or story says what follows an answer to what was just done."""
        return self.rules.expects(dialogue) or self.memory.expects(dialogue)

    def decide(self, dialogue: Dialogue) -> Decision:
        """Return what is done next; where nothing was said yet the bot listens."""
        if dialogue.now.action is None:
            return Decision(LISTEN, "fallback", because="nothing was said yet")
        sure = self.rules.decide(dialogue) or self.memory.decide(dialogue)
        if sure is not None:
            return sure
        guessed = self.learned.decide(dialogue) if self.learned is not None else None
        if guessed is not None and guessed.probability >= self.least_sure:
            return guessed
        if dialogue.now.action != LISTEN:
            return Decision(LISTEN, "fallback", because="nothing says what follows")
        return Decision(self.fallback, "fallback", because="no policy is sure enough")


def learned_from(project: Project) -> Learned | None:
    """Return what a project's stories and rules teach, None where there is nothing to choose."""
    unfolded, features, _ = _unfolded(project)
    return Learned.of(unfolded, features)


def _unfolded(project: Project) -> tuple[Sequence[Path], Features, Fills]:
    stories = project.stories or stories_of(project.tasks)
    features = features_of(project, _mentioned(stories))
    fills = filled_by_entities(project)
    return paths(stories, fills), features, fills


def filled_by_entities(project: Project) -> Fills:
    """Return for entities the slots that they fill in every message, whatever form runs."""
    asked = {name for form in project.forms.values() for name in form.required_slots}
    found: dict[str, tuple[str, ...]] = {}
    for slot in project.slots.values():
        for mapping in slot.mappings if slot.name not in asked else ():
            always = not (mapping.conditions or mapping.intents or mapping.not_intents)
            if mapping.type == "from_entity" and mapping.entity is not None and always:
                found[mapping.entity] = (*found.get(mapping.entity, ()), slot.name)
    return found


def disagreements(project: Project) -> tuple[Contradiction, ...]:
    """Return where rules and stories of a project say different things of one situation."""
    unfolded = paths(project.stories, filled_by_entities(project))
    return contradictions(unfolded, features_of(project, _mentioned(project.stories)))


def _mentioned(stories: Sequence[Story]) -> set[str]:
    """Return the slots to which some story or rule gives a value."""
    every = (step for story in stories for step in (*story.condition, *steps_of(story)))
    return {step.slot for step in every if isinstance(step, Filled) and step.value is not None}
