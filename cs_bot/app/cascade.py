"""Makes the cascade that the settings name out of the stages that are registered."""

from __future__ import annotations

import time

from cs_bot import registry
from cs_bot.app.parts import Parts, StageFactory
from cs_bot.blocks import Text
from cs_bot.errors import BadInput
from cs_bot.router import Router
from cs_bot.settings import Table
from cs_bot.types import Reply, Stage, Turn

_SORRY = {
    "zh": "抱歉，这个问题我现在答不上来。请稍后再试。",
    "en": "Sorry, I cannot answer that right now. Please try again in a moment.",
}


def router_of(parts: Parts) -> Router:
    """Return the router; raises `BadInput` for a stage that is not there or has a wrong table."""
    cascade, tables = parts.settings.router.cascade, parts.settings.stages
    stems = {name: name.partition(".")[0] for name in cascade}
    for name, table in tables.items():
        if name not in stems.values():
            raise BadInput(
                f"[{table.path}] configures a stage that is not in the cascade",
                where=table.where(),
                remedy="add it to [router] cascade or remove the table",
            )
    stages: list[Stage] = []
    for name, stem in stems.items():
        factory: StageFactory = registry.load(
            "cs_bot.stages", name, where=parts.settings.where("router", "cascade")
        )
        stages.append(factory(parts, tables.get(stem, Table(f"stages.{stem}"))))
    return Router(
        stages,
        _last_words,
        budget_seconds=parts.settings.router.budget_seconds,
        clock=time.perf_counter,
    )


def _last_words(turn: Turn) -> Reply:
    return Reply((Text(_SORRY.get(turn.locale, _SORRY["en"])),), score=0.0)
