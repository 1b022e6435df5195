from __future__ import annotations

import asyncio
import logging

import httpx
import pytest

from cs_bot.admin.auth import offer_setup_link
from cs_bot.stores.protocols import Stores
from cs_bot.testing.clock import FakeClock

LI = {"name": "Li", "password": "correct horse"}


async def test_there_is_no_default_password(anyone: httpx.AsyncClient) -> None:
    for name, password in (("admin", "admin"), ("admin", ""), ("", "")):
        answer = await anyone.post("/session", json={"name": name, "password": password})
        assert answer.status_code == 401


async def test_a_first_start_says_that_set_up_is_needed(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.get("/session")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"
    assert answer.json()["setup_needed"] is True


async def test_the_setup_link_makes_an_admin_and_logs_in(
    anyone: httpx.AsyncClient, setup_token: str
) -> None:
    answer = await anyone.post("/setup", json={"token": setup_token, **LI})
    assert answer.status_code == 201
    assert answer.json()["operator"]["role"] == "admin"
    session = (await anyone.get("/session")).json()
    assert session == {"operator": answer.json()["operator"], "setup_needed": False}


async def test_the_setup_link_works_once(console: httpx.AsyncClient, setup_token: str) -> None:
    body = {"token": setup_token, "name": "Mallory", "password": "0123456789"}
    answer = await console.post("/setup", json=body)
    assert answer.status_code == 403
    assert "wrong, used or expired" in answer.json()["error"]["message"]


async def test_only_one_of_two_simultaneous_set_ups_succeeds(
    anyone: httpx.AsyncClient, setup_token: str
) -> None:
    bodies = [{"token": setup_token, "name": n, "password": "0123456789"} for n in ("Li", "Mo")]
    answers = await asyncio.gather(*(anyone.post("/setup", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 403]


async def test_the_setup_link_expires_after_a_day(
    anyone: httpx.AsyncClient, setup_token: str, clock: FakeClock
) -> None:
    clock.forward(hours=24)
    answer = await anyone.post("/setup", json={"token": setup_token, **LI})
    assert answer.status_code == 403


async def test_another_start_replaces_the_setup_link(
    anyone: httpx.AsyncClient, setup_token: str, stores: Stores, clock: FakeClock
) -> None:
    link = await offer_setup_link(stores.operators, clock=clock, base_url="http://bot/")
    assert link is not None
    assert link.startswith("http://bot/admin/#/setup?token=")
    old = await anyone.post("/setup", json={"token": setup_token, **LI})
    new = await anyone.post("/setup", json={"token": link.split("=")[1], **LI})
    assert (old.status_code, new.status_code) == (403, 201)


async def test_no_setup_link_is_offered_once_there_is_an_operator(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    assert await offer_setup_link(stores.operators, clock=clock, base_url="http://bot") is None


async def test_a_short_password_is_refused_and_leaves_the_setup_link_usable(
    anyone: httpx.AsyncClient, setup_token: str
) -> None:
    short = await anyone.post("/setup", json={"token": setup_token, **LI, "password": "short"})
    assert short.json()["error"]["fields"] == {"password": "At least 10 characters."}
    assert (await anyone.post("/setup", json={"token": setup_token, **LI})).status_code == 201


async def test_an_operator_logs_in_by_name_in_any_case(console: httpx.AsyncClient) -> None:
    console.cookies.clear()
    answer = await console.post("/session", json={**LI, "name": "lI"})
    assert answer.status_code == 200
    assert answer.json()["operator"]["name"] == "Li"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    console: httpx.AsyncClient,
) -> None:
    cookie = (await console.post("/session", json=LI)).headers["Set-Cookie"]
    flags = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "samesite=strict", "max-age=43200", "path=/api/v1"} <= flags
    assert "secure" not in flags


async def test_the_cookie_is_secure_over_https(console: httpx.AsyncClient) -> None:
    answer = await console.post("https://console.test/api/v1/admin/session", json=LI)
    assert "; secure" in answer.headers["Set-Cookie"].lower()


async def test_the_store_never_sees_the_session_token(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    token = console.cookies["csb_console"]
    assert len(token) >= 43  # 256 bits in base64
    assert await stores.operators.session_operator(token, now=clock()) is None


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    console: httpx.AsyncClient,
) -> None:
    wrong = await console.post("/session", json={**LI, "password": "wrong horse"})
    unknown = await console.post("/session", json={**LI, "name": "nobody"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


async def test_the_sixth_failure_in_five_minutes_must_wait(
    console: httpx.AsyncClient, clock: FakeClock
) -> None:
    wrong = {**LI, "password": "wrong horse"}
    for _ in range(5):
        assert (await console.post("/session", json=wrong)).status_code == 401
        clock.forward(seconds=10)
    refused = await console.post("/session", json=LI)
    assert refused.status_code == 429
    assert refused.json()["error"]["retry_after_seconds"] == 250
    assert refused.headers["Retry-After"] == "250"
    clock.forward(seconds=250)
    assert (await console.post("/session", json=LI)).status_code == 200


async def test_other_spellings_of_a_name_give_no_further_guesses(
    console: httpx.AsyncClient,
) -> None:
    for name in ("Li", "lI", "Ｌi", "LＩ", "ｌｉ"):
        wrong = {"name": name, "password": "wrong horse"}
        assert (await console.post("/session", json=wrong)).status_code == 401
    assert (await console.post("/session", json={**LI, "name": "𝐋i"})).status_code == 429


async def test_guesses_sent_all_at_once_are_throttled_too(console: httpx.AsyncClient) -> None:
    wrong = {**LI, "password": "wrong horse"}
    answers = await asyncio.gather(*(console.post("/session", json=wrong) for _ in range(8)))
    assert [answer.status_code for answer in answers].count(401) == 5


async def test_failures_for_one_name_do_not_lock_out_another(console: httpx.AsyncClient) -> None:
    for _ in range(5):
        await console.post("/session", json={"name": "mallory", "password": "x"})
    assert (await console.post("/session", json=LI)).status_code == 200


async def test_log_out_ends_the_session(console: httpx.AsyncClient) -> None:
    token = console.cookies["csb_console"]
    answer = await console.delete("/session")
    assert answer.status_code == 204
    assert not answer.content
    console.cookies.set("csb_console", token)
    assert (await console.get("/pairs")).status_code == 401


async def test_a_session_ends_after_twelve_hours(
    console: httpx.AsyncClient, clock: FakeClock
) -> None:
    clock.forward(hours=11, minutes=59)
    assert (await console.get("/pairs")).status_code == 200
    clock.forward(minutes=1)
    assert (await console.get("/pairs")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/session"),
        ("DELETE", "/session"),
        ("POST", "/setup"),
        ("POST", "/pairs"),
        ("PUT", "/pairs/x"),
        ("DELETE", "/pairs/x"),
        ("POST", "/releases"),
        ("POST", "/ask"),
        ("PATCH", "/left-messages/x"),
    ],
)
async def test_a_request_that_another_site_could_send_is_refused(
    console: httpx.AsyncClient, method: str, path: str
) -> None:
    del console.headers["X-CSB-Console"]
    answer = await console.request(method, path, json={})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "forbidden"


async def test_everything_but_log_in_needs_a_session(
    anyone: httpx.AsyncClient, app_paths: list[tuple[str, str]]
) -> None:
    assert len(app_paths) > 15
    for method, path in app_paths:
        answer = await anyone.request(method, path, json={})
        assert answer.status_code == 401, (method, path)


async def test_another_role_may_do_nothing_here(
    anyone: httpx.AsyncClient, stores: Stores, clock: FakeClock, app_paths: list[tuple[str, str]]
) -> None:
    viewer = await stores.operators.create_operator("Wang", "!", "viewer")
    hashed = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"  # of "12345"
    await stores.operators.open_session(hashed, viewer.id, clock().replace(year=2031))
    anyone.cookies.set("csb_console", "12345")
    for method, path in app_paths:
        answer = await anyone.request(method, path, json={})
        assert answer.status_code == 403, (method, path)


async def test_passwords_and_tokens_stay_out_of_the_log(
    anyone: httpx.AsyncClient, setup_token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="cs_bot"):
        await anyone.post("/setup", json={"token": setup_token, **LI})
        await anyone.post("/session", json=LI)
    assert LI["password"] not in caplog.text
    assert setup_token not in caplog.text
