"""What training files say besides plain examples: lookups in files, metadata, old formats."""

import json
import re
from pathlib import Path

import pytest

from cs_bot.stages.task.project import Example, Mention

from .writing import remarks, written

DOMAIN = "intents: [greet, faq]\nentities: [city]\n"


@pytest.mark.parametrize(
    "lookup",
    [
        "examples: |\n    - data/cities.txt\n",
        "examples: cities.txt\n",
        "file: cities.txt\n",
        "elements: data/cities.txt\n",
    ],
)
def test_a_lookup_may_name_a_file(tmp_path: Path, lookup: str) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": DOMAIN,
            "data/cities.txt": "Rome\n\n上海\nOslo\n",
            "data/nlu.yml": f"nlu:\n- lookup: city\n  {lookup}",
        },
    )

    (pattern,) = project.patterns
    assert [bool(re.search(pattern.expression, city)) for city in ("Rome", "上海", "Bonn")] == [
        True,
        True,
        False,
    ]


def test_the_file_of_a_lookup_may_be_missing(tmp_path: Path) -> None:
    (missing,) = remarks(
        tmp_path,
        {
            "domain.yml": "entities: [city]\n",
            "data/nlu.yml": "nlu:\n- lookup: city\n  file: gone.txt\n- regex: city\n"
            "  examples: |\n    - a\n",
        },
    )

    assert missing.startswith("data/nlu.yml:3: there is no file 'gone.txt'")


def test_retrieval_intents_keep_their_whole_name(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": DOMAIN,
            "data/nlu.yml": "nlu:\n- intent: faq/price\n  examples: |\n    - how much\n"
            "- intent: greet\n  examples: |\n    - hi\n"
            "responses:\n  utter_faq/price:\n  - text: 3 yuan\n",
        },
    )

    assert project.examples == (Example("how much", "faq/price"), Example("hi", "greet"))
    assert project.retrieval_intents() == {"faq"}
    assert "utter_faq/price" in project.responses


def test_metadata_is_kept(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": DOMAIN,
            "data/nlu.yml": "nlu:\n- intent: greet\n  metadata: {mood: good}\n  examples:\n"
            "  - text: |\n      - hi\n    metadata: {sentiment: 1}\n",
        },
    )

    assert project.metadata == {("greet", ""): {"mood": "good"}, ("greet", "hi"): {"sentiment": 1}}


def test_words_that_stand_for_two_things_are_named(tmp_path: Path) -> None:
    said = remarks(
        tmp_path,
        {
            "domain.yml": DOMAIN,
            "data/nlu.yml": "nlu:\n- synonym: Rome\n  examples: |\n    - there\n"
            "- synonym: Oslo\n  examples: |\n    - there\n",
        },
    )

    assert "data/nlu.yml:7: 'there' stands for 'Oslo' here and for 'Rome' elsewhere" in said[0]


def test_rasas_json_is_read(tmp_path: Path) -> None:
    data = {
        "rasa_nlu_data": {
            "common_examples": [
                {
                    "text": "fly to Rome",
                    "intent": "greet",
                    "entities": [{"start": 7, "end": 11, "value": "ROM", "entity": "city"}],
                }
            ],
            "regex_features": [{"name": "city", "pattern": "[A-Z]{3}"}],
            "entity_synonyms": [{"value": "OSL", "synonyms": ["Oslo"]}],
            "lookup_tables": [{"name": "city", "elements": ["Bonn"]}],
        }
    }

    project = written(tmp_path, {"domain.yml": DOMAIN, "data/nlu.json": json.dumps(data, indent=1)})

    assert project.examples == (Example("fly to Rome", "greet", (Mention("city", "ROM", 7, 11),)),)
    assert project.synonyms == {"oslo": "OSL", "rome": "ROM"}
    assert [pattern.where for pattern in project.patterns] == [
        f"{tmp_path.name}/data/nlu.json:18",
        f"{tmp_path.name}/data/nlu.json:34",
    ]


def test_an_entity_that_lies_outside_its_example_is_skipped(tmp_path: Path) -> None:
    example = {"text": "hi", "intent": "greet", "entities": [{"start": 0, "end": 9}]}
    data = json.dumps({"rasa_nlu_data": {"common_examples": [example]}}, indent=1)
    files = {"domain.yml": DOMAIN, "data/nlu.json": data}

    assert written(tmp_path, files).examples == (Example("hi", "greet"),)
    assert remarks(tmp_path, files)[0].startswith(
        "data/nlu.json:8: an entity from 0 to 9 does not lie in 'hi'"
    )


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("nlu.md", "# hi\n## intent:greet\n- hi\n", "nlu.md:2: training data in Markdown"),
        ("s.md", "## happy\n* greet\n  - utter_hi\n", "s.md:1: training data in Markdown"),
        ("l.json", '{"luis_schema_version": "7"}', "l.json:1: training data of LUIS"),
        ("d.json", '{"name": "n", "isEnum": true}', "d.json:1: training data of Dialogflow"),
        ("u.json", '[{"id": "1", "isTemplate": true}]', "u.json:1: training data of Dialogflow"),
        ("r.md", "## name\n* faq/name\n  - I am R2\n", "r.md:1: training data in Markdown"),
    ],
)
def test_other_formats_are_named_with_what_to_do(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (remark,) = remarks(tmp_path, {"domain.yml": "intents: [greet]\n", f"data/{name}": text})

    assert remark.startswith(f"data/{says}")
    assert "`rasa data convert" in remark


def test_other_markdown_and_json_are_passed_over(tmp_path: Path) -> None:
    files = {"domain.yml": "", "data/README.md": "# Data\n- one\n", "data/kb.json": '{"a": [1]}'}

    assert remarks(tmp_path, files) == []
