"""The committed contract is the one the code speaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cs_bot.blocks import (
    Block,
    Button,
    Buttons,
    Card,
    Custom,
    Field,
    Form,
    Image,
    Notice,
    Option,
    Suggest,
    Suggestion,
    Text,
    as_wire,
)
from cs_bot.channels.asyncapi import FRAMES, documents, frame_schemas
from cs_bot.channels.client_frames import COMMANDS, SIGNALS, read_frame
from cs_bot.channels.examples import EXAMPLES
from cs_bot.channels.wire_blocks import (
    ButtonsBlock,
    CardBlock,
    CustomBlock,
    FormBlock,
    ImageBlock,
    NoticeBlock,
    SuggestBlock,
    TextBlock,
)

CONTRACT = Path(__file__).parents[2] / "channels/protocol"
SCHEMAS = frame_schemas()
BLOCKS: list[tuple[Block, type[Any]]] = [
    (Text("a", "md"), TextBlock),
    (Buttons((Button("b", "t", "secret", "https://a.example"),), chosen="b"), ButtonsBlock),
    (Suggest((Suggestion("q", "w?"),), "none", chosen="q"), SuggestBlock),
    (
        Form(
            "f",
            "t",
            (Field("n", "select", "l", True, "x", 3, (Option("v", "l"),), "name", True),),
            "ok",
            "no",
        ),
        FormBlock,
    ),
    (Image("https://a.example/i.png", "alt"), ImageBlock),
    (Card("t", "w", "https://a.example/i.png", "alt", (Button("b", "t", "secret"),)), CardBlock),
    (Custom({"type": "video"}, "t", "attachment"), CustomBlock),
    (Notice("joined"), NoticeBlock),
]


def test_the_committed_files_are_what_the_code_generates() -> None:
    committed = {
        str(path.relative_to(CONTRACT)): path.read_text(encoding="utf-8")
        for path in [*CONTRACT.glob("schema/*.json"), CONTRACT / "asyncapi.yaml"]
    }
    assert committed == documents(), "run: python -m cs_bot.channels.asyncapi"


@pytest.mark.parametrize("name", FRAMES)
def test_every_example_fits_its_schema(name: str) -> None:
    assert EXAMPLES[name]
    for example in EXAMPLES[name]:
        assert example["type"] == name
        jsonschema.validate(example, SCHEMAS[f"{name}.json"])
        FRAMES[name].model_validate(example)


@pytest.mark.parametrize("name", [*COMMANDS, *SIGNALS])
def test_every_example_of_a_client_frame_is_understood(name: str) -> None:
    for example in EXAMPLES[name]:
        assert read_frame(json.dumps(example)).type == name


@pytest.mark.parametrize(("block", "model"), BLOCKS, ids=lambda item: getattr(item, "kind", ""))
def test_a_block_leaves_the_server_as_the_schema_says(block: Block, model: type[Any]) -> None:
    wire = as_wire(block)
    assert set(wire) <= set(model.model_fields)
    assert model.model_validate(wire).model_dump(exclude_none=True, exclude_defaults=False)
    assert "secret" not in json.dumps(wire)
