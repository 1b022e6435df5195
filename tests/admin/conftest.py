"""A console over real stores in a new SQLite file, with a clock that the tests move."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from cs_bot.admin.auth import offer_setup_link
from cs_bot.admin.draft_replay import DraftCheck
from cs_bot.admin.http import admin_routes
from cs_bot.admin.passwords import Passwords
from cs_bot.app.task_models import TaskModels
from cs_bot.blocks import Button, Buttons, Text
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.judged import Judged
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stores.protocols import StoredModel, Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import normalized
from cs_bot.types import Candidate, Reply, Step, Trace

SITE = "http://console.test"


class ScriptedChecks:
    """Tells what it was given; `tests/app/test_draft_checks.py` has the real ones."""

    def __init__(self) -> None:
        self.check = DraftCheck("absent")
        self.started = 0

    async def state(self) -> DraftCheck:
        return self.check

    async def start(self) -> DraftCheck:
        self.started += 1
        return self.check

    async def finished(self) -> DraftCheck:
        return self.check


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stores(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Stores]:
    numbers = count(1)
    stores = await open_stores(
        "sqlite:///bot.db",
        clock=clock,
        ids=lambda prefix: f"{prefix}_{next(numbers)}",
        directory=tmp_path,
    )
    yield stores
    await stores.close()


@pytest.fixture
def told() -> list[str]:
    """What the console has told the rest of the server: `published`, or the text asked."""
    return []


@pytest.fixture
def checks() -> ScriptedChecks:
    """Checks of the drafts that end as the test says."""
    return ScriptedChecks()


@pytest.fixture
def found() -> list[Judged]:
    """What labelled questions came to, the last of it."""
    return []


@pytest.fixture
def dials() -> KbqaSettings:
    """`[stages.kbqa]` of the bot; a test may ask for others."""
    return KbqaSettings()


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """The folder of the bot's tasks, empty until a test writes into it."""
    folder = tmp_path / "dialogs"
    folder.mkdir()
    return folder


@pytest.fixture
def task_models(stores: Stores, tasks: Path, lane: Lane) -> Callable[[], TaskModels]:
    """Loads the models of the tasks as their files are then, as a start does."""

    def loaded() -> TaskModels:
        vectors = QueryVectors(WordEncoder(), lane)
        return TaskModels(load_project(tasks), vectors, stores.models, lane)

    return loaded


@pytest.fixture
def app(
    stores: Stores,
    clock: FakeClock,
    told: list[str],
    checks: ScriptedChecks,
    found: list[Judged],
    dials: KbqaSettings,
    task_models: Callable[[], TaskModels],
) -> FastAPI:
    async def ask(text: str, locale: str, **situation: object) -> Trace:
        told.append(" ".join([locale, text, *(f"{k}={v}" for k, v in situation.items())]))
        return trace()

    async def published() -> None:
        told.append("published")

    async def roll_back_model(model_id: str, by: str) -> StoredModel:
        return await task_models().roll_back(model_id, by)

    app = FastAPI(openapi_url="/api/v1/openapi.json")
    app.include_router(
        admin_routes(
            stores,
            ask=ask,
            published=published,
            judged=lambda: found[-1] if found else None,
            checks=checks,
            roll_back_model=roll_back_model,
            normalized=normalized,
            dials=dials,
            tasks={"order_status"},
            channels=("web_demo", "rest"),
            clock=clock,
            passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        )
    )
    return app


@pytest.fixture
async def anyone(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with the console's page and no session."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport,
        base_url=f"{SITE}/api/v1/admin",
        headers={"X-CSB-Console": "1", "Accept-Language": "en"},
    ) as client:
        yield client


@pytest.fixture
async def setup_token(stores: Stores, clock: FakeClock) -> str:
    link = await offer_setup_link(stores.operators, clock=clock, base_url=SITE)
    assert link is not None
    return link.split("token=")[1]


@pytest.fixture
async def console(anyone: httpx.AsyncClient, setup_token: str) -> httpx.AsyncClient:
    """A browser in which the operator Li has logged in."""
    body = {"token": setup_token, "name": "Li", "password": "correct horse"}
    assert (await anyone.post("/setup", json=body)).status_code == 201
    return anyone


def trace() -> Trace:
    near = Candidate("ec-016", "怎么取消订单", 0.61, "dense", {"bm25": 3.2, "margin": float("inf")})
    buttons = Buttons((Button("b1", "好的", payload="/affirm"),))
    return Trace(
        Reply((Text("七天内可以退。"), buttons), score=0.93, ref="ec-017", suggestions=(near,)),
        "kbqa",
        (
            Step("cache", "miss", 0.02),
            Step("kbqa", "answered", 1.5, (near,), {"threshold": 0.8, "decision": "direct"}),
        ),
    )


@pytest.fixture
def app_paths(app: FastAPI) -> list[tuple[str, str]]:
    """Every operation of the API that is not log-in, as (method, path with made-up ids)."""
    prefix = "/api/v1/admin"
    return [
        (method.upper(), re.sub(r"\{\w+\}", "some-id", path.removeprefix(prefix)))
        for path, operations in app.openapi()["paths"].items()
        for method in operations
        if path not in {f"{prefix}/session", f"{prefix}/setup"}
    ]
