"""One example or more of every frame, for the AsyncAPI file; a test holds them to the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HELLO_ID = "01JDCBQ0A4V7N5S2M8Z3K9XWTA"
_SEND_ID = "01JDCBQ1C6W8P7T3N9A4L0YXVB"
_NOON = 1_795_435_200_000

EXAMPLES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "hello": (
        {
            "type": "hello",
            "id": _HELLO_ID,
            "data": {
                "token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
                "key": "web_demo",
                "conversation_id": "c_7Q",
                "epoch": "k3f",
                "after_seq": 41,
                "locale": "zh-CN",
                "tz": "Asia/Shanghai",
                "sdk": "web/0.1.0",
                "caps": ["form", "image"],
            },
        },
    ),
    "message.send": (
        {"type": "message.send", "id": _SEND_ID, "data": {"text": "我的订单什么时候发货?"}},
    ),
    "action": (
        {"type": "action", "id": _SEND_ID, "data": {"message_id": "m_46", "item_id": "ec-012"}},
        {"type": "action", "id": _SEND_ID, "data": {"message_id": "m_46", "item_id": None}},
        {"type": "action", "id": _SEND_ID, "data": {"message_id": "m_48", "button_id": "b1"}},
    ),
    "form.submit": (
        {
            "type": "form.submit",
            "id": _SEND_ID,
            "data": {
                "message_id": "m_50",
                "form_id": "leave_message",
                "values": {"name": "王芳", "contact": "13800000000", "text": "请回电"},
            },
        },
    ),
    "feedback": (
        {
            "type": "feedback",
            "id": _SEND_ID,
            "data": {"answer_id": "a_9", "value": -1, "reasons": ["outdated"], "comment": "改了"},
        },
    ),
    "sync": ({"type": "sync", "id": _SEND_ID, "data": {"after_seq": 44}},),
    "read": ({"type": "read", "id": _SEND_ID, "data": {"upto_seq": 46}},),
    "ping": ({"type": "ping"},),
    "pong": ({"type": "pong", "data": {"upto_seq": 49}}, {"type": "pong"}),
    "typing": (
        {"type": "typing", "data": {"by": "bot", "on": True}},
        {"type": "typing", "data": {"by": "visitor", "on": True}},
    ),
    "welcome": (
        {
            "type": "welcome",
            "re": _HELLO_ID,
            "ts": _NOON,
            "data": {
                "connection_id": "n_2",
                "visitor_id": "v_8",
                "conversation_id": "c_7Q",
                "epoch": "k3f",
                "top_seq": 44,
                "resume": "replayed",
                "ping_ms": 25_000,
                "pong_timeout_ms": 10_000,
                "limits": {"frame": 65_536, "text": 4_000, "rate": "20/10s"},
            },
        },
    ),
    "ack": (
        {"type": "ack", "re": _SEND_ID, "data": {"seq": 45, "message_id": "m_45", "dup": False}},
        {"type": "ack", "re": _SEND_ID, "data": {}},
    ),
    "error": (
        {
            "type": "error",
            "re": _SEND_ID,
            "data": {
                "code": "form_invalid",
                "message": "some fields need another look",
                "retryable": True,
                "fields": {"contact": "联系方式的格式不对，请检查后再提交"},
            },
        },
        {
            "type": "error",
            "re": _SEND_ID,
            "data": {
                "code": "rate_limited",
                "message": "at most 20 in 10 s",
                "retryable": True,
                "retry_after_ms": 1_500,
            },
        },
    ),
    "message": (
        {
            "type": "message",
            "seq": 45,
            "ts": _NOON,
            "data": {
                "message_id": "m_45",
                "client_id": _SEND_ID,
                "sender": {"role": "visitor"},
                "blocks": [{"kind": "text", "text": "我的订单什么时候发货?", "format": "plain"}],
            },
        },
        {
            "type": "message",
            "seq": 46,
            "ts": _NOON,
            "data": {
                "message_id": "m_46",
                "sender": {"role": "bot", "name": "小助手"},
                "reply_to": "m_45",
                "answer": {"answer_id": "a_9", "source": "suggest", "feedback": False},
                "blocks": [
                    {"kind": "text", "text": "您是想问:", "format": "plain"},
                    {
                        "kind": "suggest",
                        "items": [
                            {"item_id": "ec-012", "question": "多久发货?"},
                            {"item_id": "ec-031", "question": "如何修改收货地址?"},
                        ],
                        "none": "都不是",
                    },
                ],
            },
        },
    ),
    "message.update": (
        {
            "type": "message.update",
            "seq": 47,
            "ts": _NOON,
            "data": {
                "message_id": "m_48",
                "blocks": [
                    {
                        "kind": "buttons",
                        "buttons": [{"id": "b1", "title": "查物流"}],
                        "once": True,
                        "chosen": "b1",
                    }
                ],
            },
        },
    ),
}
