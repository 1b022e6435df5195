"""Finds where rules and stories say different things of one situation, before anyone trains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.memory import Beginning, Told, told, with_listening
from cs_bot.stages.task.dialogue.rules import Line, Rules, Wanted
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.story import Acted, Path, Rejected, Story


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rules or stories that go on differently from one situation."""

    one: Story
    action: str
    other: Story
    other_action: str

    @property
    def where(self) -> str:
        """The place of the first one."""
        return self.one.where

    @property
    def what(self) -> str:
        """What the two say, with the place of the second one."""
        return (
            f"{_kind(self.one)} {self.one.name!r} goes on with {self.action!r} where "
            f"{_kind(self.other)} {self.other.name!r} ({self.other.where}) goes on with "
            f"{self.other_action!r}"
        )

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def _kind(story: Story) -> str:
    return "the rule" if story.is_rule else "the story"


def contradictions(paths: Sequence[Path], features: Features) -> tuple[Contradiction, ...]:
    """Return every pair of rules, of a story and a rule, and of stories that disagree, once."""
    rules = Rules.of(paths, features)
    found = (
        *_between_rules(rules.lines),
        *_against_rules(paths, rules, features),
        *_between_stories(told((p for p in paths if not p.story.is_rule), features)),
    )
    return tuple({(c.one.where, c.other.where): c for c in found}.values())


def _between_rules(lines: Iterable[Line]) -> Iterator[Contradiction]:
    first: dict[tuple[tuple[Wanted, ...], bool], Line] = {}
    for line in lines:
        known = first.setdefault((line.wanted, line.path.story.at_start), line)
        if known.action != line.action:
            yield Contradiction(line.path.story, line.action, known.path.story, known.action)


def _against_rules(
    paths: Iterable[Path], rules: Rules, features: Features
) -> Iterator[Contradiction]:
    for path in paths:
        if path.story.is_rule:
            continue
        dialogue = Dialogue.begun(features)
        for step in with_listening(path.steps):
            if isinstance(step, Acted) and step.action is not None and dialogue.past:
                dialogue = _rejecting(dialogue, step.action, features)
                line = _ruling(rules, dialogue)
                if line is not None and line.action not in (step.action, LISTEN):
                    yield Contradiction(path.story, step.action, line.path.story, line.action)
            dialogue = dialogue.after(step, features)


def _rejecting(dialogue: Dialogue, action: str, features: Features) -> Dialogue:
    """Return the dialogue in which the loop left the message to what the story does instead."""
    loop = dialogue.now.loop
    if loop is None or action == loop or dialogue.now.action != LISTEN:
        return dialogue
    return dialogue.after(Rejected(loop), features)


def _ruling(rules: Rules, dialogue: Dialogue) -> Line | None:
    return max(rules.met(dialogue), key=lambda line: line.weight, default=None)


def _between_stories(decisions: Iterable[Told]) -> Iterator[Contradiction]:
    first: dict[Beginning, Told] = {}
    for one in decisions:
        known = first.setdefault(one.situations, one)
        if known.action != one.action:
            yield Contradiction(one.path.story, one.action, known.path.story, known.action)
