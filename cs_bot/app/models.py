"""The pluggable encoders and rerankers, registered in `pyproject.toml` like any guest."""

from __future__ import annotations

import os
from pathlib import Path

from cs_bot import registry
from cs_bot.errors import BadInput, EncoderDown
from cs_bot.models.encoders import Encoder
from cs_bot.models.openai_embeddings import OpenAIEncoder
from cs_bot.models.rerankers import Reranker
from cs_bot.settings import Settings


def openai_encoder(settings: Settings) -> OpenAIEncoder:
    """Return the encoder behind the endpoint of `[models.openai]`; it is not asked yet."""
    dials = settings.models.openai
    for key, value in (("url", dials.url), ("model", dials.model)):
        if not value:
            raise _lacking(settings, "openai", key, "encoder = 'openai'")
    return OpenAIEncoder(
        dials.url,
        dials.model,
        api_key=os.environ.get(dials.api_key_env, ""),
        dimensions=dials.dimensions,
        timeout_seconds=dials.timeout_seconds,
    )


def refuse_wrong_settings(settings: Settings, encoder: Encoder) -> None:
    """Raise `BadInput` where the endpoint refuses what `[models.openai]` says; work for a lane.

    One that does not answer at all is no fault of the settings: the bot goes on without it.
    """
    if not isinstance(encoder, OpenAIEncoder):
        return
    try:
        encoder.check()
    except EncoderDown as error:
        if error.retryable or error.status is None:
            return
        if error.status in (401, 403):
            remedy = f"set {settings.models.openai.api_key_env} to a key that it accepts"
        else:
            remedy = "correct url, model or dimensions"
        raise BadInput(str(error), where="[models.openai]", remedy=remedy) from None


def local_encoder(settings: Settings) -> Encoder:
    """Return the encoder in the folder of `[models.local]`."""
    from cs_bot.models.local_encoder import LocalEncoder

    dials = settings.models.local
    folder = _folder(settings, "local", dials.path, "encoder = 'transformers'")
    return LocalEncoder(folder, prefix=dials.prefix, pooling=dials.pooling)


def cross_encoder(settings: Settings) -> Reranker:
    """Return the cross-encoder in the folder of `[models.cross_encoder]`."""
    from cs_bot.models.rerankers import CrossEncoder

    path = settings.models.cross_encoder.path
    return CrossEncoder(_folder(settings, "cross_encoder", path, "reranker = 'transformers'"))


def reranker(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings name, if any; raises `UnknownName`."""
    name = settings.models.reranker
    if not name:
        return None
    made: Reranker = registry.load(
        "cs_bot.rerankers", name, where=settings.where("models", "reranker")
    )(settings)
    return made


def _folder(settings: Settings, table: str, path: str, chosen: str) -> Path:
    if not path:
        raise _lacking(settings, table, "path", chosen)
    return settings.directory / path


def _lacking(settings: Settings, table: str, key: str, chosen: str) -> BadInput:
    return BadInput(
        f"{chosen} needs {key!r}",
        where=settings.where("models", table),
        remedy=f"write it in [models.{table}]",
    )
