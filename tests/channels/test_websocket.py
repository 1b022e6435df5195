"""The whole customer side over real sockets: frames in, frames out, closes with their codes."""

from __future__ import annotations

from cs_bot.testing.chat_server import Address, open_session, raw_client


async def test_a_message_is_stored_acknowledged_and_answered(server: Address) -> None:
    session = await open_session(server, "web_demo")
    async with raw_client(server) as client:
        welcome = await client.hello(session["visitor_token"], "web_demo")
        assert welcome["data"]["resume"] == "fresh"
        sent = await client.command("message.send", {"text": "多久发货?"})
        frames = [await client.next() for _ in range(5)]
    assert [frame["type"] for frame in frames] == ["ack", "message", "typing", "message", "typing"]
    assert frames[0]["data"] == {"seq": 1, "message_id": "m_1", "dup": False}
    assert frames[1]["data"]["client_id"] == sent
    assert frames[3]["data"]["reply_to"] == "m_1"
    assert [frame["data"]["on"] for frame in frames if frame["type"] == "typing"] == [True, False]
