from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.web.serving import web_routes

SCRIPT = "window.csb = function () {};\n" * 100


@pytest.fixture
def parts() -> dict[str, bool]:
    """What the server says of its parts."""
    return {"store": True, "knowledge": True}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A folder into which the front ends may be built; next to it lies something private."""
    (tmp_path / "private.txt").write_text("secret")
    static = tmp_path / "static"
    static.mkdir()
    return static


@pytest.fixture
def built(static: Path) -> Path:
    files = {
        "demo/index.html": "<title>demo</title>",
        "demo/chat.html": "<title>chat</title>",
        "console/index.html": "<title>console</title>",
        "console/favicon.svg": "<svg/>",
        "console/assets/pairs-DkS3x_9a.js": SCRIPT,
        "widget/v1/csb.js": SCRIPT,
        "widget/v1/panel-B2mQ8rTz.js": SCRIPT,
        "widget/v1/csb-launcher.js": SCRIPT,
        ".stamp": "",
    }
    for name, text in files.items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text)
    return static


@pytest.fixture
async def browser(static: Path, parts: dict[str, bool]) -> AsyncIterator[httpx.AsyncClient]:
    async def ready() -> Mapping[str, bool]:
        if "slow" in parts:
            await asyncio.Event().wait()
        if "broken" in parts:
            raise OSError("disk gone")
        return parts

    app = FastAPI()
    app.include_router(web_routes(ready=ready, static=static, ready_timeout_seconds=0.05))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "title", "framed_by"),
    [
        ("/", "demo", "'none'"),
        ("/chat", "chat", "'self'"),
        ("/chat?key=web_1", "chat", "'self'"),
        ("/admin", "console", "'none'"),
        ("/admin/", "console", "'none'"),
    ],
)
async def test_each_page_comes_with_its_policy_and_is_always_fresh(
    browser: httpx.AsyncClient, built: Path, path: str, title: str, framed_by: str
) -> None:
    page = await browser.get(path)
    assert page.status_code == 200
    assert page.text == f"<title>{title}</title>"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    policy = dict(
        rule.split(" ", 1) for rule in page.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == framed_by


async def test_pages_that_are_not_built_say_what_to_run_in_both_languages(
    browser: httpx.AsyncClient, parts: dict[str, bool]
) -> None:
    for path in ("/", "/chat", "/admin", "/admin/"):
        page = await browser.get(path)
        assert page.status_code == 503
        assert "make web" in page.text
        assert "网页尚未构建" in page.text
        assert "The web pages have not been built" in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert (await browser.get("/healthz")).status_code == 200


async def test_a_build_appears_without_a_restart(browser: httpx.AsyncClient, static: Path) -> None:
    assert (await browser.get("/")).status_code == 503
    (static / "demo").mkdir()
    (static / "demo/index.html").write_text("one")
    assert (await browser.get("/")).text == "one"
    (static / "demo/index.html").write_text("another")
    assert (await browser.get("/")).text == "another"


async def test_the_loader_of_the_widget_may_be_kept_five_minutes_and_used_by_any_site(
    browser: httpx.AsyncClient, built: Path
) -> None:
    loader = await browser.get("/static/widget/v1/csb.js")
    assert loader.text == SCRIPT
    assert loader.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert loader.headers["Cache-Control"] == "public, max-age=300"
    assert loader.headers["Access-Control-Allow-Origin"] == "*"
    assert loader.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_other_files_stay_with_our_own_pages(browser: httpx.AsyncClient, built: Path) -> None:
    script = await browser.get("/static/console/assets/pairs-DkS3x_9a.js")
    assert "Access-Control-Allow-Origin" not in script.headers
    assert script.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "cache_control"),
    [
        ("console/assets/pairs-DkS3x_9a.js", "public, max-age=31536000, immutable"),
        ("widget/v1/panel-B2mQ8rTz.js", "public, max-age=31536000, immutable"),
        ("widget/v1/csb-launcher.js", "public, max-age=300"),
        ("console/favicon.svg", "public, max-age=300"),
    ],
)
async def test_only_a_name_with_a_hash_is_kept_for_good(
    browser: httpx.AsyncClient, built: Path, name: str, cache_control: str
) -> None:
    assert (await browser.get(f"/static/{name}")).headers["Cache-Control"] == cache_control


async def test_a_browser_that_has_the_file_is_not_sent_it_again(
    browser: httpx.AsyncClient, built: Path
) -> None:
    path = "/static/widget/v1/csb.js"
    etag = (await browser.get(path)).headers["ETag"]
    for known in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
        again = await browser.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
    (built / "widget/v1/csb.js").write_text("new")
    assert (await browser.get(path, headers={"If-None-Match": etag})).text == "new"


async def test_text_is_packed_for_those_who_can_unpack_it(
    browser: httpx.AsyncClient, built: Path
) -> None:
    path = "/static/widget/v1/csb.js"
    async with browser.stream("GET", path, headers={"Accept-Encoding": "br, gzip"}) as packed:
        content = b"".join([chunk async for chunk in packed.aiter_raw()])
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content).decode() == SCRIPT
    assert len(content) < len(SCRIPT) / 10
    for refused in ("", "identity", "gzip;q=0", "br"):
        plain = await browser.get(path, headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert plain.text == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/static/../private.txt",
        "/static/%2e%2e/private.txt",
        "/static/console/%2e%2e/%2e%2e/private.txt",
        "/static/console/..%2f..%2fprivate.txt",
        "/static/..%5cprivate.txt",
        "/static//private.txt",
        "/static/%2fetc/passwd",
        "/static/link.txt",
        "/static/.stamp",
        "/static/console",
        "/static/",
        "/static/%00",
        "/static/" + "x" * 5000,
        "/static/console/index.html",
        "/static/demo/chat.html",
    ],
)
async def test_nothing_outside_the_folder_no_hidden_file_and_no_page_leaves_by_static(
    browser: httpx.AsyncClient, built: Path, path: str
) -> None:
    (built / "link.txt").symlink_to(built.parent / "private.txt")
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_head_tells_the_same_as_get(browser: httpx.AsyncClient, built: Path) -> None:
    head = await browser.head("/static/widget/v1/csb.js")
    assert head.status_code == 200
    assert head.headers["ETag"] == (await browser.get("/static/widget/v1/csb.js")).headers["ETag"]


async def test_browsers_that_ask_for_an_icon_get_one(
    browser: httpx.AsyncClient, built: Path
) -> None:
    icon = await browser.get("/favicon.ico")
    assert (icon.text, icon.headers["Content-Type"]) == ("<svg/>", "image/svg+xml; charset=utf-8")


async def test_the_server_is_ready_when_all_its_parts_are(
    browser: httpx.AsyncClient, parts: dict[str, bool]
) -> None:
    answer = await browser.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "checks": {"store": True, "knowledge": True}}
    parts["knowledge"] = False
    answer = await browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": {"store": True, "knowledge": False}}
    assert (await browser.get("/healthz")).json() == {"status": "ok"}


async def test_a_check_that_fails_means_not_ready_and_is_logged(
    browser: httpx.AsyncClient, parts: dict[str, bool], caplog: pytest.LogCaptureFixture
) -> None:
    parts["broken"] = True
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert "disk gone" not in answer.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_a_check_that_hangs_means_not_ready(
    browser: httpx.AsyncClient, parts: dict[str, bool]
) -> None:
    parts["slow"] = True
    assert (await browser.get("/readyz")).status_code == 503
