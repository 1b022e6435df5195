"""Decides by rules: what must be done wherever the end of a conversation looks like this.

Conditions, loops and the ways out of them mean what they mean in Rasa 3.6 (docs: Rules, Forms).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue, Situation
from cs_bot.stages.task.story import Acted, Filled, Looped, Path, Rejected, Spoke, Step

POLICY = "rules"
_ABSENT = ""
"""Stands for a loop or the value of a slot that must not be there."""
OF_INTENTS: Mapping[str, str] = {
    "restart": "action_restart",
    "back": "action_back",
    "session_start": "action_session_start",
}
"""Intents that need no rule, and what is done then."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a situation must have; None or nothing: whatever it likes."""

    action: str | None = None
    intent: str | None = None
    entities: frozenset[str] = frozenset()
    loop: str | None = None
    slots: tuple[tuple[str, str], ...] = ()

    def met_by(self, situation: Situation) -> bool:
        """Return whether the situation has all of it."""
        if self.action is not None and self.action != situation.action:
            return False
        if self.intent is not None and self.intent != situation.intent:
            return False
        if self.entities and self.entities != situation.entities:
            return False
        if self.loop is not None and self.loop != (situation.loop or _ABSENT):
            return False
        return all(_holds(situation, name, value) for name, value in self.slots)

    def __len__(self) -> int:
        """Return how much it wants: of two rules the one that wants more decides."""
        told = (self.action, self.intent, self.loop)
        return sum(one is not None for one in told) + len(self.entities) + len(self.slots)


def _holds(situation: Situation, name: str, value: str) -> bool:
    if value == _ABSENT:
        return all(held != name for held, _ in situation.slots)
    return (name, value) in situation.slots


@dataclass(frozen=True, slots=True)
class Line:
    """One decision of a rule: the situations it ends with and the action that follows."""

    wanted: tuple[Wanted, ...]
    action: str
    path: Path

    def met_by(self, situations: Sequence[Situation]) -> bool:
        """Return whether the conversation ends like this, or is nothing else where it must be."""
        count = len(self.wanted)
        if count > len(situations):
            return False
        if self.path.story.at_start and len(situations) != count + 1:
            return False
        ending = situations[len(situations) - count :]
        return all(one.met_by(other) for one, other in zip(self.wanted, ending, strict=True))

    @property
    def weight(self) -> tuple[int, int]:
        """The more, the more special the rule."""
        return len(self.wanted), sum(map(len, self.wanted))

    @property
    def because(self) -> str:
        """The rule and its place."""
        return f"{self.path.story.name} ({self.path.story.where})"


@dataclass(frozen=True, slots=True)
class Rules:
    """All decisions of all rules, by the latest action."""

    lines: tuple[Line, ...] = ()
    _by_action: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[Path], features: Features) -> Rules:
        """Return the decisions of the paths that are rules."""
        lines = tuple(
            line for path in paths if path.story.is_rule for line in _lines(path, features)
        )
        by_action: dict[str, list[Line]] = {}
        for line in lines:
            by_action.setdefault(line.wanted[-1].action or LISTEN, []).append(line)
        return cls(lines, {action: tuple(held) for action, held in by_action.items()})

    def decide(self, dialogue: Dialogue) -> Decision | None:
        """Return what must be done now, None where no rule says anything."""
        return self._of_intent(dialogue) or self._of_loop(dialogue) or self._of_rules(dialogue)

    def _of_intent(self, dialogue: Dialogue) -> Decision | None:
        now = dialogue.now
        action = OF_INTENTS.get(now.intent or "") if now.action == LISTEN else None
        return Decision(action, POLICY, because=f"the intent {now.intent}") if action else None

    def _of_loop(self, dialogue: Dialogue) -> Decision | None:
        """Return the active loop after a message and listening after the loop."""
        now = dialogue.now
        if now.loop is None or dialogue.rejected:
            return None
        because = f"the loop {now.loop} is active"
        return Decision(LISTEN if now.action == now.loop else now.loop, POLICY, because=because)

    def _of_rules(self, dialogue: Dialogue) -> Decision | None:
        met = self.met(dialogue)
        best = max(met, key=lambda line: line.weight, default=None)
        if best is None:
            return None
        loop = dialogue.now.loop
        general = best.action == LISTEN and best.wanted[-1].loop in (None, _ABSENT)
        if loop is not None and general and not any(_leaves_loop(line) for line in met):
            return Decision(loop, POLICY, because=f"back to {loop}", asks_anew=True)
        anew = best.action == loop and dialogue.now.action == LISTEN
        depth = len(best.wanted)
        return Decision(best.action, POLICY, because=best.because, depth=depth, asks_anew=anew)

    @property
    def has_answers(self) -> bool:
        """Whether a rule goes on with an answer to what the bot did."""
        return any(len(line.wanted) > 1 for line in self._by_action.get(LISTEN, ()))

    def expects(self, dialogue: Dialogue) -> bool:
        """Return whether a rule says what follows an answer to what the bot just did."""
        situations = dialogue.situations
        answers = (line for line in self._by_action.get(LISTEN, ()) if len(line.wanted) > 1)
        return any(replace(line, wanted=line.wanted[:-1]).met_by(situations) for line in answers)

    def met(self, dialogue: Dialogue) -> list[Line]:
        """Return every decision whose ending the conversation has."""
        situations = dialogue.situations
        lines = self._by_action.get(dialogue.now.action or "", ())
        return [line for line in lines if line.met_by(situations)]


def _leaves_loop(line: Line) -> bool:
    """Return whether the rule says what follows inside the loop, be it listening."""
    last = line.wanted[-1]
    return bool(last.loop) and last.action != LISTEN and line.action != last.loop


def _lines(path: Path, features: Features) -> Iterator[Line]:
    now, begun = Wanted(), False
    trail: tuple[Wanted, ...] = ()
    for held in path.story.condition:
        now = _after(now, held, features)
    for step in path.steps:
        decided = _decided(step)
        if begun and decided is not None:
            trail = (*trail, now)
            yield Line(trail, decided, path)
        now = _after(now, step, features)
        begun = begun or isinstance(step, Spoke | Acted)
    if begun and path.story.waits and not _waits(path.steps[-1]):
        yield Line((*trail, now), LISTEN, path)


def _waits(step: Step) -> bool:
    """Return whether a last step listens as it is, be it written out."""
    return isinstance(step, Spoke) or (isinstance(step, Acted) and step.action == LISTEN)


def _decided(step: Step) -> str | None:
    """Return the action that leads to a step: to a message listening."""
    if isinstance(step, Acted):
        return step.action
    return LISTEN if isinstance(step, Spoke) else None


def _after(now: Wanted, step: Step, features: Features) -> Wanted:
    match step:
        case Spoke(intent=intent, entities=entities):
            named = features.entities(intent, entities)
            told = features.intent(intent)
            return replace(now, action=LISTEN, intent=told, entities=named)
        case Acted(action=action):
            return replace(now, action=action)
        case Looped(loop=loop):
            return replace(now, loop=loop or _ABSENT)
        case Filled(slot=slot, value=value):
            others = tuple(held for held in now.slots if held[0] != slot)
            seen = tuple(features.slot(slot, value))
            if value is None and slot in features.slots:
                seen = ((slot, _ABSENT),)
            return replace(now, slots=(*others, *seen))
        case Rejected():
            return now
