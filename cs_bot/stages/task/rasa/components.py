"""What becomes of each component of Rasa's pipeline and of each of its policies."""

from __future__ import annotations

from collections.abc import Mapping

TAKEN = frozenset(
    {
        *("FallbackClassifier", "EntitySynonymMapper"),
        *("RulePolicy", "FallbackPolicy", "TwoStageFallbackPolicy"),
    }
)
"""Those that are taken as they are: their thresholds, or what they do."""

_WORDS = "our own reading of words, Chinese and English, takes its place"
_FEATURES = "our sentence vectors and word features take its place"
_INTENTS = "our intent classifier takes its place, trained on the same examples"
_ENTITIES = "our own finding of entities takes its place, trained on the same annotations"
_BOTH = (
    "our intent classifier and our finding of entities take its place, trained on the same examples"
)
_NUMBERS = (
    "our recognisers of numbers, times, amounts, phone numbers and the like take its place, within "
    "this process"
)
_VECTORS = "our packaged sentence encoder takes its place"
_LEARNED = "our learned policy takes its place, trained on the same stories"
_MEMORY = "our memory of stories takes its place and looks as far back"

OURS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "WhitespaceTokenizer",
            "JiebaTokenizer",
            "SpacyTokenizer",
            "MitieTokenizer",
            "ConveRTTokenizer",
            "LanguageModelTokenizer",
        ),
        _WORDS,
    ),
    **dict.fromkeys(
        (
            "RegexFeaturizer",
            "LexicalSyntacticFeaturizer",
            "CountVectorsFeaturizer",
        ),
        _FEATURES,
    ),
    **dict.fromkeys(
        (
            "SpacyNLP",
            "SpacyFeaturizer",
            "MitieNLP",
            "MitieFeaturizer",
            "ConveRTFeaturizer",
            "HFTransformersNLP",
            "LanguageModelFeaturizer",
        ),
        _VECTORS,
    ),
    **dict.fromkeys(
        (
            "SklearnIntentClassifier",
            "MitieIntentClassifier",
            "KeywordIntentClassifier",
            "LogisticRegressionClassifier",
            "EmbeddingIntentClassifier",
            "supervised_embeddings",
            "pretrained_embeddings_spacy",
            "pretrained_embeddings_convert",
        ),
        _INTENTS,
    ),
    **dict.fromkeys(
        ("CRFEntityExtractor", "RegexEntityExtractor", "MitieEntityExtractor"), _ENTITIES
    ),
    "DIETClassifier": _BOTH,
    "DucklingEntityExtractor": _NUMBERS,
    "DucklingHTTPExtractor": _NUMBERS,
    "ResponseSelector": "the nearest example chooses among the responses of a retrieval intent",
    "TEDPolicy": _LEARNED,
    "EmbeddingPolicy": _LEARNED,
    "KerasPolicy": _LEARNED,
    "SklearnPolicy": _LEARNED,
    "MemoizationPolicy": _MEMORY,
    "AugmentedMemoizationPolicy": _MEMORY,
    "FormPolicy": "forms are led by our rules",
}

UNSUPPORTED: Mapping[str, tuple[str, str]] = {
    "SpacyEntityExtractor": (
        "names of people and places are found where your examples mark them",
        "mark them in the examples, or list them in a `lookup`",
    ),
    "UnexpecTEDIntentPolicy": (
        "`action_unlikely_intent` is never predicted",
        "take it out, with what rules and stories do after that action",
    ),
    "MappingPolicy": (
        "an intent that `triggers` an action has no effect",
        "write a rule for each such intent",
    ),
}
"""What happens instead of a component that has nothing in its place, and what to do."""
