"""Reads the `rules` key: an intent starts a form or actions, a filled form runs actions."""

from __future__ import annotations

from collections.abc import Sequence

from cs_bot.stages.task.project import Task
from cs_bot.stages.task.rasa.draft import Draft, RuleRead
from cs_bot.stages.task.rasa.nodes import Node

_SILENT = frozenset({"wait_for_user_input", "metadata", "rule", "steps", "condition"})

_DEFAULT_LOOPS = frozenset({"two_stage_fallback", "action_two_stage_fallback"})


def read_rules(node: Node, draft: Draft) -> None:
    """Read the rules this version can follow; the others are noted with their place."""
    for written in node.elements():
        name = written.child("rule")
        steps = written.child("steps")
        if name is None or steps is None:
            raise written.wrong("a rule needs `rule` and `steps`", "write `- rule: NAME`")
        reason = _unread(written)
        if reason is not None:
            draft.leave_out(written, f"the rule {name.text()!r} ({reason})", "it is skipped")
            continue
        rule = _rule(name.text(), written, steps, draft)
        if rule is not None:
            draft.rules.append(rule)


def _unread(written: Node) -> str | None:
    for key in written.keys():  # noqa: SIM118 - a node, not a dict
        if key not in _SILENT:
            return f"`{key}`"
    condition = written.child("condition")
    for item in condition.elements() if condition is not None else ():
        for key in item.keys():  # noqa: SIM118 - a node, not a dict
            if key != "active_loop":
                return f"a condition on `{key}`"
    return None


def _rule(name: str, written: Node, steps: Node, draft: Draft) -> RuleRead | None:
    rule = RuleRead(name, written)
    inside = _active_loop(written)
    for step in steps.elements():
        kind, value = next(iter(step.items()), ("nothing", step))
        further = _after(rule, kind, value, inside)
        if further is None:
            draft.leave_out(step, f"the step `{kind}` in the rule {name!r}", "the rule is skipped")
            return None
        rule = further
    if inside is not None and rule.closes is None:
        draft.leave_out(
            written,
            f"the rule {name!r}, which acts inside {inside!r}",
            "it is skipped; questions inside a form are answered without rules",
        )
        return None
    if rule.opens in _DEFAULT_LOOPS:
        draft.leave_out(written, f"the loop {rule.opens!r}", "the rule is skipped")
        return None
    _note_names(rule, draft)
    return rule


def _active_loop(written: Node) -> str | None:
    condition = written.child("condition")
    for item in condition.elements() if condition is not None else ():
        loop = item.child("active_loop")
        if loop is not None and loop.value is not None:
            return loop.text()
    return None


def _after(rule: RuleRead, kind: str, value: Node, inside: str | None) -> RuleRead | None:
    if kind == "intent" and rule.intent is None and not rule.actions and inside is None:
        return _with(rule, intent=value.text())
    if kind == "action":
        return _with(rule, actions=(*rule.actions, (value.text(), value)))
    if kind == "active_loop" and value.value is None and inside is not None:
        return _with(rule, closes=inside, actions=())
    if kind == "active_loop" and value.value is not None:
        return _with(rule, opens=value.text(), actions=())
    slot_was_set = kind == "slot_was_set" and rule.closes is not None
    return rule if slot_was_set else None


def _with(rule: RuleRead, **changes: object) -> RuleRead:
    values = {name: getattr(rule, name) for name in RuleRead.__slots__}
    return RuleRead(**{**values, **changes})


def _note_names(rule: RuleRead, draft: Draft) -> None:
    if rule.intent is not None:
        draft.named.append(("intent", rule.intent, rule.where))
    for form in (rule.opens, rule.closes):
        if form is not None:
            draft.named.append(("form", form, rule.where))
    draft.named.extend(("action", name, place) for name, place in rule.actions)


def tasks_of(rules: Sequence[RuleRead], draft: Draft) -> tuple[Task, ...]:
    """Return the tasks the rules describe: forms first, then intents that only run actions."""
    forms = []
    for name, form in draft.forms.items():
        intents = tuple(rule.intent for rule in rules if rule.opens == name and rule.intent)
        done = [rule for rule in rules if rule.closes == name]
        actions = tuple(action for rule in done[:1] for action, _ in rule.actions)
        forms.append(Task(name.removesuffix("_form"), intents, form, actions))
        for rule in done[1:]:
            draft.leave_out(rule.where, f"a second rule that ends {name!r}", "the first one counts")
    plain = [
        Task(rule.intent, (rule.intent,), None, tuple(action for action, _ in rule.actions))
        for rule in rules
        if rule.intent is not None and rule.opens is None and rule.actions
    ]
    return (*forms, *plain)
