"""Reads `config.yml`: thresholds are taken, and what takes the place of each component is told."""

from __future__ import annotations

from dataclasses import replace

from cs_bot.stages.task.project import Remark, Thresholds
from cs_bot.stages.task.rasa.components import OURS, TAKEN, UNSUPPORTED
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.fallback_policies import add_rule
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.recognisers.recognise import NAMES

_DEFAULT_NLU, _DEFAULT_AMBIGUITY, _DEFAULT_CORE = 0.3, 0.1, 0.3
DEFAULT_THRESHOLDS = Thresholds(_DEFAULT_NLU, _DEFAULT_AMBIGUITY)
"""Those of a bot without a `config.yml`, where its rules name `nlu_fallback`."""
_OTHER_KEYS = frozenset({"version", "recipe", "language", "assistant_id", "imports"})
CONFIG_KEYS = frozenset({"pipeline", "policies", "importers"})
"""Keys by which a configuration is known, be the file called what it may."""
_IMPORTERS = frozenset({"RasaFileImporter", "MultiProjectImporter"})
_OURS_ALONE = "order-number"
"""What no Duckling finds."""
_MEMORIES = ("MemoizationPolicy", "AugmentedMemoizationPolicy")
_RECOGNIZERS = ("DucklingEntityExtractor", "DucklingHTTPExtractor")


def read_config(root: Node, draft: Draft) -> None:
    """Read thresholds and what the pipeline recognises into the draft; raises `BadInput`.

    A pipeline or policies that are left empty are Rasa's own, which have fallbacks.
    """
    draft.has_config = True
    pipeline, policies = _named(root.child("pipeline")), _named(root.child("policies"))
    draft.thresholds = _of_policies(policies, _of_pipeline(pipeline))
    for name, component in pipeline:
        _tell("pipeline", name, component, draft)
        if name in _RECOGNIZERS:
            _recognizer(component, draft)
        if _flag_set(component, "intent_tokenization_flag"):
            symbol = _option(component, "intent_split_symbol")
            draft.joins = "_" if symbol is None else symbol.text()
    for name, policy in policies:
        _tell("policies", name, policy, draft)
        add_rule(name, policy, draft)
    for key, node in root.items():
        if key == "importers":
            _importers(node, draft)
        elif key not in (*_OTHER_KEYS, "pipeline", "policies"):
            draft.leave_out(node, f"`{key}` in config.yml", "it is skipped")


def _named(node: Node | None) -> list[tuple[str, Node]]:
    """Return the components of a list by their names; a text is a ready-made pipeline of Rasa 1."""
    if node is None:
        return []
    if isinstance(node.value, str):
        return [(node.text(), Node(None, node.file, node.line))]
    return [(_name(element), element) for element in node.elements()]


def _name(element: Node) -> str:
    if not isinstance(element.value, dict):
        return element.text()
    name = element.child("name")
    if name is None:
        raise element.wrong("a component lacks its `name`", "add `name:`")
    return name.text().rpartition(".")[2] if name.text().startswith("rasa.") else name.text()


def _of_pipeline(pipeline: list[tuple[str, Node]]) -> Thresholds:
    if not pipeline:
        return Thresholds(_DEFAULT_NLU, _DEFAULT_AMBIGUITY)
    for name, component in pipeline:
        if name == "FallbackClassifier":
            return Thresholds(
                _number(component, "threshold", _DEFAULT_NLU),
                _number(component, "ambiguity_threshold", _DEFAULT_AMBIGUITY),
            )
    return Thresholds()


def _of_policies(policies: list[tuple[str, Node]], read: Thresholds) -> Thresholds:
    if not policies:
        return replace(read, core=_DEFAULT_CORE)
    for name, policy in policies:
        if name == "RulePolicy" and _flag(policy, "enable_fallback_prediction"):
            core = _number(policy, "core_fallback_threshold", _DEFAULT_CORE)
            action = _option(policy, "core_fallback_action_name")
            read = replace(read, core=core, core_action=_or_same(action, read.core_action))
        elif name in ("FallbackPolicy", "TwoStageFallbackPolicy"):
            read = replace(
                read,
                nlu=_number(policy, "nlu_threshold", _DEFAULT_NLU),
                ambiguity=_number(policy, "ambiguity_threshold", _DEFAULT_AMBIGUITY),
                core=_number(policy, "core_threshold", _DEFAULT_CORE),
                core_action=_or_same(_option(policy, "fallback_action_name"), read.core_action),
            )
        elif name in _MEMORIES:
            history = _option(policy, "max_history")
            read = replace(read, max_history=None if history is None else int(history.number(1)))
    return read


def _option(component: Node, key: str) -> Node | None:
    node = component.child(key) if isinstance(component.value, dict) else None
    return None if node is None or node.value is None else node


def _number(component: Node, key: str, otherwise: float) -> float:
    node = _option(component, key)
    return otherwise if node is None else node.number(0.0)


def _flag(component: Node, key: str) -> bool:
    node = _option(component, key)
    return node is None or node.flag()


def _or_same(node: Node | None, known: str) -> str:
    return known if node is None else node.text()


def _flag_set(component: Node, key: str) -> bool:
    node = _option(component, key)
    return node is not None and node.flag()


def _tell(list_name: str, name: str, component: Node, draft: Draft) -> None:
    """Tell what becomes of a component, one line each."""
    if name in TAKEN:
        return
    if name in OURS:
        what = f"{name} in `{list_name}`"
        draft.remarks.append(Remark(component.where, what, OURS[name], replaced=True))
    elif name in UNSUPPORTED:
        effect, remedy = UNSUPPORTED[name]
        draft.leave_out(component, f"{name} in `{list_name}`", effect, remedy)
    else:
        draft.leave_out(
            component,
            f"{name} in `{list_name}`, a component of your own,",
            "it is not run",
            "put what it does into an action or a stage",
        )


def _recognizer(component: Node, draft: Draft) -> None:
    """Note what Duckling was to find: without a list, all it can."""
    dimensions = _option(component, "dimensions")
    if dimensions is None:
        draft.dimensions = (*draft.dimensions, *sorted(NAMES - {_OURS_ALONE}))
        return
    for element in dimensions.elements():
        if element.text() in NAMES:
            draft.dimensions = (*draft.dimensions, element.text())
        else:
            draft.leave_out(
                element,
                f"Duckling's dimension {element.text()!r}",
                "such an entity is found where patterns or your examples mark it",
                "give it a `regex`, or mark it in the examples",
            )


def _importers(node: Node, draft: Draft) -> None:
    for name, importer in _named(node):
        if name not in _IMPORTERS:
            draft.leave_out(
                importer,
                f"the importer {name}",
                "the files of the project are read as they lie",
                "write what it makes into files of the project",
            )
