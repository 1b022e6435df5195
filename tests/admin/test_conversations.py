from __future__ import annotations

from typing import Any

import httpx
import pytest

from cs_bot.blocks import Text
from cs_bot.events import HandoffOffered, MessageLeft
from cs_bot.stores.protocols import Feedback, Inbound, Stores, TurnRecord
from cs_bot.testing.clock import FakeClock
from cs_bot.types import Candidate, ModelName, Reply, Step, Trace


async def talk(
    stores: Stores,
    clock: FakeClock,
    text: str,
    *,
    user: str = "v_1",
    stage: str = "kbqa",
    answer: str = "七天内可以退。",
    masked_text: str | None = None,
    handoff: bool = False,
) -> TurnRecord:
    """Let a customer say one thing and the bot answer it."""
    clock.forward(seconds=1)
    thread = await stores.conversations.open(None, channel="web", user_id=user, locale="zh")
    accepted = await stores.conversations.accept(
        thread.id, Inbound(client_id=f"c{clock():%H%M%S}", text=text, locale="zh")
    )
    near = Candidate("ec-016", "怎么取消订单", 0.61, "dense", {"bm25": 3.2})
    record = TurnRecord(
        turn_id=f"a_{user}_{clock():%H%M%S}",
        conversation_id=thread.id,
        message_id=accepted.message_id,
        text=masked_text or text,
        masked=masked_text is not None,
        query="",
        locale="zh",
        release="r1",
        channel="web",
        trace=Trace(
            Reply(
                (Text(answer),),
                score=0.9,
                ref="ec-017",
                handoff=handoff,
                events=(HandoffOffered("asked"),) if handoff else (),
            ),
            stage,
            (Step("cache", "miss", 0.1), Step(stage, "answered", 2.0, (near,), {"zone": "direct"})),
            masked_text,
            ModelName("m3", "9c1e"),
        ),
        sender="小助手",
        at=clock(),
        ms=2.1,
    )
    await stores.conversations.append(record)
    return record


async def listed(console: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await console.get("/conversations", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_the_list_shows_each_conversation_at_a_glance(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    first = await talk(stores, clock, "能退吗")
    last = await talk(stores, clock, "转人工", stage="handoff", answer="请留言。", handoff=True)
    await stores.conversations.rate(first.conversation_id, first.turn_id, Feedback(-1, ("wrong",)))
    (row,) = await listed(console)
    assert row == {
        "id": first.conversation_id,
        "channel": "web",
        "visitor_id": "v_1",
        "started_at": round(first.at.timestamp() * 1000),
        "last_at": round(last.at.timestamp() * 1000),
        "turns": 2,
        "last_text": "转人工",
        "last_reply": "请留言。",
        "answered_by": row["answered_by"],
        "up": 0,
        "down": 1,
        "handoff": True,
    }
    assert sorted(row["answered_by"]) == ["handoff", "kbqa"]


async def test_the_row_above_a_conversation_is_the_row_of_the_list(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    first = await talk(stores, clock, "能退吗")
    await talk(stores, clock, "转人工", stage="handoff", handoff=True)
    await stores.conversations.rate(first.conversation_id, first.turn_id, Feedback(1))
    (row,) = await listed(console)
    above = (await console.get(f"/conversations/{row['id']}")).json()["conversation"]
    assert {**above, "answered_by": set(above["answered_by"])} == {
        **row,
        "answered_by": set(row["answered_by"]),
    }


async def test_a_conversation_shows_every_turn_with_its_trace(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    record = await talk(stores, clock, "能退吗")
    await stores.conversations.rate(
        record.conversation_id, record.turn_id, Feedback(-1, ("wrong",), "答非所问")
    )
    (turn,) = (await console.get(f"/conversations/{record.conversation_id}")).json()["turns"]
    assert (turn["text"], turn["masked"], turn["release"]) == ("能退吗", False, "r1")
    assert turn["model"] == {"id": "m3", "digest": "9c1e"}
    assert turn["answered_by"] == turn["reply"]["source"] == "kbqa"
    assert (turn["reply"]["text"], turn["reply"]["ref"]) == ("七天内可以退。", "ec-017")
    assert turn["feedback"] == {"value": -1, "reasons": ["wrong"], "comment": "答非所问"}
    cache, kbqa = turn["steps"]
    assert (cache["stage"], cache["outcome"], cache["candidates"]) == ("cache", "miss", [])
    assert kbqa["detail"] == "zone: direct"
    assert kbqa["candidates"] == [
        {
            "id": "ec-016",
            "question": "怎么取消订单",
            "score": 0.61,
            "via": "dense",
            "features": {"bm25": 3.2},
        }
    ]


async def test_a_conversation_shows_what_a_program_added(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    record = await talk(stores, clock, "能退吗")
    told: list[dict[str, object]] = [
        {"event": "slot", "name": "city", "value": ["Rome", 1]},
        {"event": "bot", "text": "It has been sent.", "data": {"image": None}},
        {
            "event": "bot",
            "text": None,
            "data": {"image": "https://a.example/i.png", "custom": None},
        },
        {"event": "restart"},
    ]
    await stores.conversations.add(record.conversation_id, [], told)
    detail = (await console.get(f"/conversations/{record.conversation_id}")).json()
    [addition] = detail["additions"]
    assert [tuple(event.values()) for event in addition["events"]] == [
        ("slot", "city", '["Rome", 1]'),
        ("bot", "", "It has been sent."),
        ("bot", "", '{"image": "https://a.example/i.png"}'),
        ("restart", "", ""),
    ]


async def test_masked_words_stay_masked_everywhere(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    record = await talk(stores, clock, "我的电话 13912345678", masked_text="我的电话 [电话]")
    detail = await console.get(f"/conversations/{record.conversation_id}")
    assert detail.json()["turns"][0]["masked"] is True
    assert detail.json()["turns"][0]["text"] == "我的电话 [电话]"
    everything = detail.text + (await console.get("/conversations")).text
    assert "13912345678" not in everything
    assert await listed(console, search="13912345678") == []


async def test_cursors_walk_the_whole_list_newest_first_and_once(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    made = [
        (await talk(stores, clock, f"第 {n} 位", user=f"v_{n}")).conversation_id for n in range(5)
    ]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await console.get("/conversations", params={"size": 2, "cursor": cursor})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == made[::-1]


async def test_a_cursor_we_never_gave_is_refused(console: httpx.AsyncClient) -> None:
    answer = await console.get("/conversations", params={"cursor": "???"})
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["cursor"]


async def test_the_list_is_filtered_by_words_stage_and_time(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    old = await talk(stores, clock, "能退 50% 吗", user="v_1")
    clock.forward(hours=1)
    new = await talk(stores, clock, "你好呀", user="v_2", stage="chat", answer="您好！")

    async def ids(**query: Any) -> list[str]:
        return [row["id"] for row in await listed(console, **query)]

    between = round(new.at.timestamp() * 1000) - 60_000
    assert await ids(search="50%") == [old.conversation_id]
    assert await ids(search="您好！") == [new.conversation_id]
    assert await ids(search="%") == [old.conversation_id]
    assert await ids(answered_by="chat") == [new.conversation_id]
    assert await ids(**{"from": between}) == [new.conversation_id]
    assert await ids(to=between) == [old.conversation_id]


async def test_a_time_that_cannot_be_is_named_by_its_parameter(console: httpx.AsyncClient) -> None:
    for query in ("from=99999999999999999", "from=-1", "from=x"):
        answer = await console.get(f"/conversations?{query}")
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == ["from"]


async def test_a_conversation_that_is_not_there_is_not_found(console: httpx.AsyncClient) -> None:
    answer = await console.get("/conversations/c_nope")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "There is no conversation 'c_nope'."


async def leave(stores: Stores, clock: FakeClock, text: str) -> None:
    """Let a customer leave a message for the staff."""
    clock.forward(seconds=1)
    thread = await stores.conversations.open(None, channel="web", user_id="v_9", locale="zh")
    accepted = await stores.conversations.accept(
        thread.id, Inbound(client_id=f"c{clock():%H%M%S}", text="表单", locale="zh")
    )
    reply = Reply((Text("已收到。"),), events=(MessageLeft("王", "wang@example.com", text),))
    await stores.conversations.append(
        TurnRecord(
            turn_id=f"a_{clock():%H%M%S}",
            conversation_id=thread.id,
            message_id=accepted.message_id,
            text="表单",
            masked=False,
            query="表单",
            locale="zh",
            release=None,
            channel="web",
            trace=Trace(reply, "handoff", ()),
            sender="小助手",
            at=clock(),
            ms=1.0,
        )
    )


async def test_left_messages_wait_until_somebody_has_handled_them(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    await leave(stores, clock, "第一条")
    await leave(stores, clock, "第二条")
    page = (await console.get("/left-messages", params={"status": "open"})).json()
    assert [item["text"] for item in page["items"]] == ["第二条", "第一条"]
    assert (page["open"], page["next"]) == (2, None)
    assert (page["items"][0]["name"], page["items"][0]["contact"]) == ("王", "wang@example.com")

    path = f"/left-messages/{page['items'][0]['id']}"
    clock.forward(minutes=5)
    handled = (await console.patch(path, json={"status": "done", "note": "已回电"})).json()
    assert (handled["status"], handled["note"], handled["handled_by"]) == ("done", "已回电", "Li")
    assert handled["handled_at"] == round(clock().timestamp() * 1000)
    done = (await console.get("/left-messages", params={"status": "done"})).json()
    assert ([item["text"] for item in done["items"]], done["open"]) == (["第二条"], 1)


async def test_a_handled_message_can_be_opened_again(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    await leave(stores, clock, "第一条")
    (item,) = (await console.get("/left-messages")).json()["items"]
    await console.patch(f"/left-messages/{item['id']}", json={"status": "done", "note": "x"})
    again = await console.patch(
        f"/left-messages/{item['id']}", json={"status": "open", "note": "没接通"}
    )
    assert (again.json()["status"], again.json()["note"]) == ("open", "没接通")
    assert (await console.get("/left-messages")).json()["open"] == 1


async def test_left_messages_are_cut_into_pages(
    console: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    for number in range(3):
        await leave(stores, clock, f"第 {number} 条")
    first = (await console.get("/left-messages", params={"size": 2})).json()
    rest = (await console.get("/left-messages", params={"size": 2, "cursor": first["next"]})).json()
    texts = [item["text"] for item in first["items"] + rest["items"]]
    assert texts == ["第 2 条", "第 1 条", "第 0 条"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "gone", "note": ""}, "status"),
        ({"status": "done"}, "note"),
        ({"status": "done", "note": "x" * 2_001}, "note"),
    ],
)
async def test_a_left_message_takes_no_other_status_and_no_endless_note(
    console: httpx.AsyncClient, body: dict[str, str], field: str
) -> None:
    answer = await console.patch("/left-messages/lm_1", json=body)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]


async def test_a_left_message_that_is_not_there_is_not_found(console: httpx.AsyncClient) -> None:
    answer = await console.patch("/left-messages/nope", json={"status": "done", "note": ""})
    assert answer.status_code == 404
