"""What looks wrong in a project though it can be read, for `cs-bot doctor`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cs_bot.stages.task.project import Project, Remark, Variation
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.names import DEFAULT_ACTIONS, DEFAULT_INTENTS
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.story import Acted, Checkpoint, Looped, Spoke, Step, steps_of
from cs_bot.stages.task.text import bare

_SAID_BY_ITSELF = re.compile(
    r"utter_(?:default|restart|ask_rephrase|ask_again_.*|task_(?:cancelled|failed|given_up|done))"
)
"""Responses that the bot says on its own account, as Rasa does or as ours does."""
_PLACE = re.compile(r"\{([A-Za-z_][\w.-]*)\}")
_MADE_UP = re.compile(r"""(utter_[\w/-]*)(?:\{|["']\s*(?:\+|%|\.format))""")
"""The beginning of a response's name in code that puts the rest together."""


def advise(project: Project, draft: Draft) -> Project:
    """Return the project with all its remarks, in the order of files and lines."""
    view = _View(project, draft)
    found = [
        Remark(place.where, what, effect, remedy)
        for check in _CHECKS
        for place, what, effect, remedy in check(view)
    ]
    remarks = sorted((*draft.remarks, *found), key=_place)
    return replace(project, remarks=tuple(remarks))


def _place(remark: Remark) -> tuple[str, int]:
    file, _, line = remark.where.partition(":")
    number = line.partition(":")[0]
    return file, int(number) if number.isdigit() else 0


_Told = tuple[Node, str, str, str]
"""A place, what is there, what happens instead, what to do."""


@dataclass(frozen=True)
class _View:
    """A project with what its rules, stories and code name."""

    project: Project
    draft: Draft

    @cached_property
    def steps(self) -> tuple[Step | Checkpoint, ...]:
        return tuple(step for story in self.project.stories for step in steps_of(story))

    @cached_property
    def run(self) -> frozenset[str]:
        """Actions, forms and responses that rules and stories name."""
        acted = {step.action for step in self.steps if isinstance(step, Acted)}
        looped = {step.loop for step in self.steps if isinstance(step, Looped)}
        return frozenset(name for name in acted | looped if name)

    @cached_property
    def code(self) -> str:
        """The Python of the actions that lie in the project, all together."""
        return "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in _code_files(self.project.directory)
        )

    @cached_property
    def made_up(self) -> frozenset[str]:
        """Beginnings of the names of responses that the code puts together."""
        return frozenset(_MADE_UP.findall(self.code))

    @cached_property
    def learnt(self) -> frozenset[str]:
        """Intents that have examples, and those that need none."""
        examples = {example.intent.partition("/")[0] for example in self.project.examples}
        return DEFAULT_INTENTS | examples

    @cached_property
    def followed(self) -> frozenset[str]:
        """Intents that rules, stories, slots, forms or the code of actions name."""
        told = {s.intent.partition("/")[0] for s in self.steps if isinstance(s, Spoke) and s.intent}
        slots, forms = self.project.slots.values(), self.project.forms.values()
        mappings = [mapping for slot in slots for mapping in slot.mappings]
        filling = {name for m in mappings for name in (*m.intents, *m.not_intents)}
        ignored = {name for form in forms for name in form.ignored_intents}
        coded = {name for name in self.project.intents if name in self.code}
        return frozenset(DEFAULT_INTENTS | told | filling | ignored | coded | self.pressed)

    @cached_property
    def pressed(self) -> frozenset[str]:
        """Intents that buttons state together with entities, which may fill slots."""
        payloads = (c.payload for _, v in _variations(self.project) for c in v.choices)
        stated = (payload[1:].partition("{") for payload in payloads if payload.startswith("/"))
        return frozenset(intent.strip() for intent, brace, _ in stated if brace)

    @cached_property
    def findable(self) -> frozenset[str]:
        """Entities that something finds: annotations, patterns, a recogniser of the pipeline."""
        patterns = {pattern.entity for pattern in self.project.patterns}
        return frozenset({*self.draft.annotated, *patterns, *self.project.dimensions})

    def place(self, kind: str, name: str) -> Node:
        return self.draft.placed[kind, name]


def _code_files(directory: Path) -> Iterator[Path]:
    yield from directory.glob("*.py")
    yield from (directory / "actions").rglob("*.py")


def _variations(project: Project) -> Iterator[tuple[str, Variation]]:
    for name, variations in project.responses.items():
        yield from ((name, variation) for variation in variations)


def _unread_intents(view: _View) -> Iterator[_Told]:
    for name in view.project.intents:
        if name not in view.learnt and name in view.followed:
            yield (
                view.place("intent", name),
                f"the intent {name!r} has no examples",
                f"no message is read as it; buttons and `/{name}` state it",
                "add examples under `nlu`, unless that is meant",
            )


def _idle_intents(view: _View) -> Iterator[_Told]:
    """Yield intents that lead nowhere in a Rasa project.

    Elsewhere such an intent has its use: it keeps messages from a task, for the knowledge base.
    """
    for name in view.project.intents:
        meant = name in view.learnt and not view.draft.has_config
        if name not in view.followed and not meant:
            also = "" if name in view.learnt else ", and it has no examples"
            yield (
                view.place("intent", name),
                f"no rule, story or slot names the intent {name!r}{also}",
                "nothing follows from it",
                f"write a rule with `- intent: {name}`, or take it out",
            )


def _messages_without_intent(view: _View) -> Iterator[_Told]:
    for step in view.steps:
        if isinstance(step, Spoke) and step.intent is None:
            file, _, line = step.where.rpartition(":")
            yield (
                Node(None, file, int(line)),
                f"the story has words without an intent: {step.text!r}",
                "it is followed up to here",
                "name the intent beside them: `intent: NAME`",
            )


def _examples_of_two(view: _View) -> Iterator[_Told]:
    first: dict[str, tuple[str, Node]] = {}
    for example, place in view.draft.examples:
        intent, known = first.setdefault(bare(example.text), (example.intent, place))
        if intent != example.intent:
            yield (
                place,
                f"{example.text!r} is an example of {example.intent!r} here and of {intent!r} at "
                f"{known.where}",
                "messages like it are read as either",
                "keep it in one of the two",
            )


def _idle_responses(view: _View) -> Iterator[_Told]:
    idle = [name for name in view.project.responses if not _is_said(name, view)]
    if not idle:
        return
    away = [name for name in view.project.actions if not name.startswith("utter_")]
    if away and not view.code:
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


def _is_said(name: str, view: _View) -> bool:
    base = name.partition("/")[0]
    asked = {f"utter_ask_{ending}" for f, s, _ in view.draft.required for ending in (f"{f}_{s}", s)}
    return (
        base in view.run
        or name in asked
        or base in view.code
        or any(base.startswith(beginning) for beginning in view.made_up)
        or _SAID_BY_ITSELF.fullmatch(name) is not None
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more responses" if len(names) > 3 else shown


def _unasked_slots(view: _View) -> Iterator[_Told]:
    for form, slot, place in view.draft.required:
        if view.project.question_of(form, slot) is None:
            yield (
                place,
                f"there is no response utter_ask_{slot}",
                "the slot is asked for by its name",
                f"add `utter_ask_{form}_{slot}` or `utter_ask_{slot}` to `responses`",
            )


def _unfilled_slots(view: _View) -> Iterator[_Told]:
    project = view.project
    for form, name, place in view.draft.required:
        slot = project.slots.get(name)
        if slot is None or slot.mappings or f"validate_{form}" in project.actions:
            continue
        yield (
            place,
            f"nothing that customers say fills the slot {name!r}",
            f"the form {form!r} asks for it until it gives up",
            f"give the slot a mapping, such as `- type: from_text`, or write validate_{form}",
        )


def _unfound_entities(view: _View) -> Iterator[_Told]:
    wanted = {m.entity for slot in view.project.slots.values() for m in slot.mappings}
    for name in view.project.entities:
        if name not in view.findable:
            fills = " and so fill slots" if name in wanted else ""
            yield (
                view.place("entity", name),
                f"the entity {name!r} is marked in no example and has no regex or lookup",
                f"it is not found in messages; buttons may state it{fills}",
                f"mark it in examples, `[words]({name})`, or give it a `regex` or a `lookup`",
            )


def _idle_forms(view: _View) -> Iterator[_Told]:
    for name in view.project.forms:
        if name not in view.run and name not in view.code:
            yield (
                view.place("form", name),
                f"no rule or story starts the form {name!r}",
                "it never runs",
                f"write a rule with `- action: {name}` and `- active_loop: {name}`",
            )


def _empty_forms(view: _View) -> Iterator[_Told]:
    for name, form in view.project.forms.items():
        if not form.required_slots and form.validation not in view.project.actions:
            yield (
                view.place("form", name),
                f"the form {name!r} requires no slots",
                "it is finished as soon as it starts",
                "list them under `required_slots`",
            )


def _actions_without_code(view: _View) -> Iterator[_Told]:
    project = view.project
    if view.draft.has_action_server:
        return
    for name in project.actions:
        if name.startswith("utter_") or name in DEFAULT_ACTIONS or name in project.forms:
            continue
        if name not in view.code:
            yield (
                view.place("action", name),
                f"no Python file of the project has the action {name!r}",
                "a task that runs it says that it failed and offers a human",
                "put its rasa-sdk class into `actions/`, or name an action server under "
                "`action_endpoint` in endpoints.yml",
            )


def _unsaid_actions(view: _View) -> Iterator[_Told]:
    responses = {name.partition("/")[0] for name in view.project.responses}
    for name in view.project.actions:
        if name.startswith("utter_") and name not in responses and name not in view.code:
            yield (
                view.place("action", name),
                f"there is no response {name!r}",
                "nothing is said in its place",
                "add it to `responses`",
            )


def _validated_forms(view: _View) -> Iterator[_Told]:
    forms = {form.validation for form in view.project.forms.values()}
    for name in view.project.actions:
        if name.startswith("validate_") and name not in forms:
            yield (
                view.place("action", name),
                f"there is no form {name.removeprefix('validate_')!r} for {name!r} to check",
                "it never runs",
                "name it after a form of the domain",
            )


def _empty_places(view: _View) -> Iterator[_Told]:
    """Yield places of responses that rules and stories say, and that no slot fills."""
    for name, variation in _variations(view.project):
        known = {*view.project.slots, *view.project.entities, "locale", "requested_slot"}
        places = [p for p in _PLACE.findall(variation.text or "") if p not in known]
        if places and name in view.run and name not in view.code:
            yield (
                view.place("response", name),
                f"{{{places[0]}}} in the response {name!r} is no slot",
                "its place stays empty",
                f"declare the slot {places[0]!r}, or take it out",
            )


def _unread_payloads(view: _View) -> Iterator[_Told]:
    known = {*view.project.intents, *DEFAULT_INTENTS}
    for name, variation in _variations(view.project):
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


def _patterns_of_no_entity(view: _View) -> Iterator[_Told]:
    told: set[str] = set()
    for pattern in view.project.patterns:
        if pattern.entity not in view.project.entities and pattern.entity not in told:
            told.add(pattern.entity)
            file, _, line = pattern.where.rpartition(":")
            yield (
                Node(None, file, int(line)),
                f"the regex or lookup {pattern.entity!r} is named after no entity of the domain",
                "no entity is found by it",
                "name it after the entity it finds, or add that to `entities`",
            )


_CHECKS: tuple[Callable[[_View], Iterator[_Told]], ...] = (
    _unread_intents,
    _idle_intents,
    _messages_without_intent,
    _examples_of_two,
    _idle_responses,
    _unasked_slots,
    _unfilled_slots,
    _unfound_entities,
    _idle_forms,
    _empty_forms,
    _actions_without_code,
    _unsaid_actions,
    _validated_forms,
    _empty_places,
    _unread_payloads,
    _patterns_of_no_entity,
)
