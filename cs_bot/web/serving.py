"""Serves the built pages and files and the health checks; knows nothing of bots.

Pages exist at their own addresses only, each with its policy; `/static/` serves no HTML.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from cs_bot.web.policy import (
    CHAT_POLICY,
    CONSOLE_POLICY,
    DEMO_POLICY,
    PLAIN_POLICY,
    file_headers,
    page_headers,
)
from cs_bot.web.shelf import KeptFile, Shelf

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"

Ready = Callable[[], Awaitable[Mapping[str, bool]]]

_METHODS = ["GET", "HEAD"]
_PAGES: Mapping[str, tuple[str, str]] = {
    "/": ("demo/index.html", DEMO_POLICY),
    "/chat": ("demo/chat.html", CHAT_POLICY),
    "/admin": ("console/index.html", CONSOLE_POLICY),
    "/admin/": ("console/index.html", CONSOLE_POLICY),
}
_ICONS = ("demo/favicon.svg", "console/favicon.svg")

_NOT_BUILT = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>cs_bot</title>
<h1>网页尚未构建</h1>
<p>服务已经启动，接口可以使用，但网页文件还没有生成。请在源代码目录中运行：</p>
<pre>make web</pre>
<p>（需要 Node.js 20 或更新版本。）完成后刷新此页即可，无需重启服务。</p>
<section lang="en">
<h1>The web pages have not been built</h1>
<p>The server is running and its API works, but the files of the web pages are missing.
In the source folder, run:</p>
<pre>make web</pre>
<p>(This needs Node.js 20 or newer.) Then reload this page; the server need not be restarted.</p>
</section>
</html>
"""


def web_routes(
    *, ready: Ready, static: Path = STATIC, ready_timeout_seconds: float = 2.0
) -> APIRouter:
    """Return pages, static files, `/healthz` and `/readyz`.

    `ready` tells for each part the server needs whether it works (`{"store": True, ...}`).
    """
    served = _Served(Shelf(static), ready, ready_timeout_seconds)
    routes = APIRouter(include_in_schema=False)
    for path in _PAGES:
        routes.api_route(path, methods=_METHODS)(served.page)
    routes.api_route("/static/{name:path}", methods=_METHODS)(served.file)
    routes.api_route("/favicon.ico", methods=_METHODS)(served.icon)
    routes.api_route("/healthz", methods=_METHODS)(served.healthz)
    routes.api_route("/readyz", methods=_METHODS)(served.readyz)
    return routes


class _Served:
    def __init__(self, shelf: Shelf, ready: Ready, ready_timeout_seconds: float) -> None:
        self._shelf = shelf
        self._ready = ready
        self._ready_timeout_seconds = ready_timeout_seconds

    async def page(self, request: Request) -> Response:
        name, policy = _PAGES[request.url.path]
        kept = await self._find(name)
        if kept is None:
            return Response(
                _NOT_BUILT,
                503,
                {**page_headers(PLAIN_POLICY), "Cache-Control": "no-store"},
                "text/html; charset=utf-8",
            )
        return _answer(request, kept, page_headers(policy))

    async def file(self, request: Request, name: str) -> Response:
        kept = None if name.endswith(".html") else await self._find(name)
        if kept is None:
            return Response("Not found", 404, file_headers(name), "text/plain; charset=utf-8")
        return _answer(request, kept, file_headers(name))

    async def icon(self, request: Request) -> Response:
        for name in _ICONS:
            kept = await self._find(name)
            if kept is not None:
                return _answer(request, kept, file_headers(name))
        return Response(status_code=204)

    async def healthz(self) -> JSONResponse:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def readyz(self) -> JSONResponse:
        checks = await self._checks()
        ready = all(checks.values())
        return JSONResponse(
            {"ready": ready, "checks": checks},
            200 if ready else 503,
            {"Cache-Control": "no-store"},
        )

    async def _checks(self) -> dict[str, bool]:
        try:
            async with asyncio.timeout(self._ready_timeout_seconds):
                return dict(await self._ready())
        except Exception:  # whatever it is, the answer is "not ready", and the log says why
            log.exception("the readiness check failed")
            return {"check": False}

    async def _find(self, name: str) -> KeptFile | None:
        return await asyncio.to_thread(self._shelf.find, name)


def _answer(request: Request, kept: KeptFile, headers: Mapping[str, str]) -> Response:
    sent = {**headers, "ETag": kept.etag, "Cache-Control": kept.cache_control}
    if kept.packed is not None:
        sent["Vary"] = "Accept-Encoding"
    if _is_known(request.headers.get("If-None-Match", ""), kept.etag):
        return Response(status_code=304, headers=sent)
    if kept.packed is not None and _takes_gzip(request.headers.get("Accept-Encoding", "")):
        sent["Content-Encoding"] = "gzip"
        return Response(kept.packed, 200, sent, kept.media_type)
    return Response(kept.content, 200, sent, kept.media_type)


def _is_known(if_none_match: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def _takes_gzip(accept_encoding: str) -> bool:
    for coding in accept_encoding.lower().split(","):
        name, _, quality = coding.partition(";")
        if name.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
