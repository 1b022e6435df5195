"""Encoders and rerankers are made as the settings say, or it is said what the settings lack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from cs_bot.app.assembly import opened
from cs_bot.app.makers import encoder
from cs_bot.app.models import openai_encoder, reranker
from cs_bot.errors import BadInput, EncoderDown
from cs_bot.settings import Settings, parse
from cs_bot.starter import starter_directory
from cs_bot.testing.embeddings_server import ScriptedEmbeddingsServer, scripted_embeddings_server
from cs_bot.testing.ports import free_port
from cs_bot.testing.tiny_models import save_tiny


@pytest.fixture
def server() -> Iterator[ScriptedEmbeddingsServer]:
    with scripted_embeddings_server() as scripted:
        yield scripted


def parsed(text: str, directory: Path = Path("bot")) -> Settings:
    return parse(text, directory)


def refused(settings: Settings) -> str:
    with pytest.raises(BadInput) as caught:
        encoder(settings), reranker(settings)
    return str(caught.value)


def endpoint(url: str) -> str:
    return f'[models]\nencoder = "openai"\n[models.openai]\nurl = "{url}"\nmodel = "m1"\n'


async def test_a_bot_answers_by_the_vectors_of_an_endpoint(
    server: ScriptedEmbeddingsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CS_BOT_EMBEDDINGS_API_KEY", "k1")
    starter = starter_directory()
    for name in ("knowledge", "dialogs"):
        (tmp_path / name).symlink_to(starter / name)
    async with opened(parsed(endpoint(server.url), tmp_path)) as house:
        trace = await house.ask("怎么申请退货呀", "zh")
    assert trace.reply.ref is not None
    # Beside labelled questions, which are asked meanwhile.
    assert ["怎么申请退货呀"] in [asked["input"] for asked in server.requests]
    assert set(server.authorization) == {"Bearer k1"}


def test_the_endpoint_is_not_asked_before_it_is_needed(server: ScriptedEmbeddingsServer) -> None:
    with closing(openai_encoder(parsed(endpoint(server.url)))) as made:
        assert server.requests == []
        assert made.dimensions == 64


def test_no_reranker_is_the_default() -> None:
    assert reranker(parsed("")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('encoder = "openai"', "encoder = 'openai' needs 'url'; write it in [models.openai]"),
        (
            'encoder = "openai"\n[models.openai]\nurl = "https://host.test/v1"',
            "encoder = 'openai' needs 'model'; write it in [models.openai]",
        ),
        (
            'encoder = "transformers"',
            "encoder = 'transformers' needs 'path'; write it in [models.local]",
        ),
        (
            'reranker = "transformers"',
            "reranker = 'transformers' needs 'path'; write it in [models.cross_encoder]",
        ),
        ('reranker = "transformer"', "unknown reranker 'transformer'; did you mean"),
        ('encoder = "opena"', "unknown encoder 'opena'; did you mean 'openai'?"),
    ],
)
def test_what_the_settings_lack_is_said(text: str, said: str) -> None:
    assert said in refused(parsed(f"[models]\n{text}\n"))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("transformers") is None, reason="needs the extra local-models")
def test_models_are_read_from_folders_of_the_bot(tmp_path: Path) -> None:
    save_tiny(tmp_path / "models" / "e1")
    save_tiny(tmp_path / "models" / "x1", "BertForSequenceClassification", num_labels=1)
    settings = parsed(
        '[models]\nencoder = "transformers"\nreranker = "transformers"\n'
        '[models.local]\npath = "models/e1"\nprefix = "query: "\npooling = "cls"\n'
        '[models.cross_encoder]\npath = "models/x1"\n',
        tmp_path,
    )
    assert encoder(settings).name.endswith(":cls:query: ")
    second = reranker(settings)
    assert second is not None
    assert second.scores("退货", ["怎么退货"]).shape == (1,)


def test_a_failing_endpoint_says_so_when_it_is_asked() -> None:
    port = free_port()
    with (
        closing(openai_encoder(parsed(endpoint(f"http://127.0.0.1:{port}/v1")))) as made,
        pytest.raises(EncoderDown, match=rf"endpoint 127.0.0.1:{port}: cannot be reached"),
    ):
        made.encode(["怎么退货"])
