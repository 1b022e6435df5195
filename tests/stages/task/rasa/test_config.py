"""What `config.yml`, `endpoints.yml` and `credentials.yml` say."""

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.project import Thresholds
from cs_bot.stages.task.story import Acted, Spoke

from .writing import remarks, written

RULES = "- name: RulePolicy"
FALLBACK = "- name: FallbackClassifier"


@pytest.mark.parametrize(
    ("pipeline", "policies", "meant"),
    [
        ("", "", Thresholds(0.3, 0.1, 0.3)),
        ("- name: DIETClassifier", RULES, Thresholds(core=0.3)),
        ("- name: DIETClassifier", "- name: TEDPolicy", Thresholds()),
        (FALLBACK, RULES, Thresholds(0.3, 0.1, 0.3)),
        (
            f"{FALLBACK}\n  threshold: 0.7\n  ambiguity_threshold: 0.2",
            f"{RULES}\n  core_fallback_threshold: 0.4\n  core_fallback_action_name: action_sorry\n"
            "- name: AugmentedMemoizationPolicy\n  max_history: 4",
            Thresholds(0.7, 0.2, 0.4, "action_sorry", 4),
        ),
        (FALLBACK, f"{RULES}\n  enable_fallback_prediction: false", Thresholds(0.3, 0.1)),
        (
            "- name: DIETClassifier",
            "- name: FallbackPolicy\n  nlu_threshold: 0.6\n  fallback_action_name: utter_no",
            Thresholds(0.6, 0.1, 0.3, "utter_no"),
        ),
    ],
)
def test_thresholds_are_taken(
    tmp_path: Path, pipeline: str, policies: str, meant: Thresholds
) -> None:
    config = f"pipeline:\n{pipeline}\npolicies:\n{policies}\n"

    assert written(tmp_path, {"config.yml": config}).thresholds == meant


@pytest.mark.parametrize(
    ("policy", "action"),
    [
        ("FallbackPolicy", "action_default_fallback"),
        ("FallbackPolicy\n  fallback_action_name: utter_no", "utter_no"),
        ("TwoStageFallbackPolicy", "action_two_stage_fallback"),
    ],
)
def test_an_older_fallback_policy_is_the_rule_that_took_its_place(
    tmp_path: Path, policy: str, action: str
) -> None:
    words = "responses:\n  utter_default: [{text: What?}]\n  utter_no: [{text: No.}]\n"
    files = {"config.yml": f"policies:\n- name: {policy}\n", "domain.yml": words}

    (rule,) = written(tmp_path, files).stories

    assert rule.is_rule
    assert isinstance(rule.steps[0], Spoke)
    assert rule.steps[0].intent == "nlu_fallback"
    assert isinstance(rule.steps[1], Acted)
    assert rule.steps[1].action == action


def test_a_fallback_policy_without_words_is_no_rule(tmp_path: Path) -> None:
    assert written(tmp_path, {"config.yml": "policies:\n- name: FallbackPolicy\n"}).stories == ()


def test_without_a_config_our_own_settings_count(tmp_path: Path) -> None:
    assert written(tmp_path, {"domain.yml": ""}).thresholds == Thresholds()


def test_what_becomes_of_each_component_is_told_line_by_line(tmp_path: Path) -> None:
    config = """\
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: own.Guesser
- name: rasa.nlu.classifiers.diet_classifier.DIETClassifier
- name: SpacyEntityExtractor
- name: EntitySynonymMapper
- name: DucklingEntityExtractor
  dimensions:
  - number
  - volume
policies:
- name: UnexpecTEDIntentPolicy
- name: RulePolicy
importers:
- name: own.Importer
- name: RasaFileImporter
weather: fine
"""
    project = written(tmp_path, {"config.yml": config})

    told = [
        (remark.where.rpartition(":")[2], remark.what.partition(" ")[0], remark.replaced)
        for remark in project.remarks
    ]
    assert told == [
        ("4", "WhitespaceTokenizer", True),
        ("5", "own.Guesser", False),
        ("6", "DIETClassifier", True),
        ("7", "SpacyEntityExtractor", False),
        ("9", "DucklingEntityExtractor", True),
        ("12", "Duckling's", False),
        ("14", "UnexpecTEDIntentPolicy", False),
        ("17", "the", False),
        ("19", "`weather`", False),
    ]
    assert project.dimensions == ("number",)
    assert all(remark.remedy for remark in project.remarks if "own." in remark.what)


def test_duckling_without_a_list_finds_all_it_can(tmp_path: Path) -> None:
    config = "pipeline:\n- name: DucklingEntityExtractor\n  url: http://localhost:8000\n"

    dimensions = written(tmp_path, {"config.yml": config}).dimensions

    assert {"number", "time", "amount-of-money", "email"} < set(dimensions)
    assert "order-number" not in dimensions


def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path) -> None:
    config = f"pipeline:\n{FALLBACK}\n  threshold: high\n"

    with pytest.raises(BadInput, match=r"config.yml:3: a number was expected, not 'high'"):
        written(tmp_path, {"config.yml": config})


def test_what_an_endpoints_file_names_besides_an_action_server_is_told(tmp_path: Path) -> None:
    endpoints = """\
version: "3.1"
action_endpoint:
  url: https://actions.example.org/webhook
tracker_store:
  type: redis
  password: secret
weather: 1
"""
    told = remarks(tmp_path, {"endpoints.yml": endpoints})

    assert [line.partition(" is not ")[0] for line in told] == [
        "endpoints.yml:4: `tracker_store` in endpoints.yml",
        "endpoints.yml:7: `weather` in endpoints.yml",
    ]
    assert "secret" not in told[0]


def test_channels_are_named(tmp_path: Path) -> None:
    (remark,) = remarks(tmp_path, {"credentials.yml": "rest:\nslack:\n  slack_token: xoxb\n"})

    assert remark.startswith("credentials.yml:2: the channel `slack`")
    assert "xoxb" not in remark
