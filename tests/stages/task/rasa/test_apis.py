"""`apis:` in the dialogs folder: what is declared, and every mistake with file, line, remedy."""

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.api import Api, ApiOutcome, Written
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project

DOMAIN = """
intents: [ask]
slots:
  order_id: {type: text, mappings: [{type: from_text}]}
  state: {type: text, mappings: [{type: custom}]}
responses:
  utter_order: [{text: "{order_id} {state}"}]
  utter_order_unknown: [{text: "?"}]
  utter_orders_down: [{text: "!"}]
"""
RULES = """
rules:
  - rule: Ask
    steps: [{intent: ask}, {action: action_order}]
"""


def project(folder: Path, apis: str) -> Project:
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "rules.yml").write_text(RULES)
    (folder / "apis.yml").write_text(apis)
    return load_project(folder)


def test_a_request_by_its_address_alone_reads_and_says_nothing(tmp_path: Path) -> None:
    read = project(tmp_path, "apis:\n  action_order:\n    url: https://shop/orders/{order_id}\n")

    assert read.apis == {
        "action_order": Api(
            "action_order",
            "GET",
            Written("https://shop/orders/{order_id}", f"{tmp_path.name}/apis.yml:3"),
            outcomes=(ApiOutcome("ok", (2,)),),
        )
    }
    assert read.actions == ("action_order",)
    assert not [remark for remark in read.remarks if "action_order" in str(remark)]


def test_all_that_can_be_declared_is_read(tmp_path: Path) -> None:
    api = project(
        tmp_path,
        """
apis:
  action_order:
    method: post
    url: ${SHOP_URL:-http://localhost:8001}/orders/{order_id}
    query: {lang: "{locale}", page: 1}
    headers: {Authorization: "Bearer ${TOKEN}"}
    json: {id: "{order_id}", parts: ["{state}", 1]}
    timeout: 2.5
    key: order-{order_id}
    outcomes:
      ok:
        status: [200, 2xx]
        slots: {state: $.data.state}
        values: {carrier: "carrier.{locale}", first: "items[0].name"}
        say: utter_order
      gone:
        when: {code: 404, data: null}
        ask_again: order_id
      not_found: utter_order_unknown
      failed: {say: utter_orders_down}
""",
    ).apis["action_order"]

    assert (api.method, api.changes, api.key_header) == ("POST", True, "Idempotency-Key")
    assert (api.key, api.timeout_seconds, api.failed) == (
        "order-{order_id}",
        2.5,
        "utter_orders_down",
    )
    assert api.query == {"lang": "{locale}", "page": 1}
    assert api.headers["Authorization"].text == "Bearer ${TOKEN}"
    assert api.json == {"id": "{order_id}", "parts": ["{state}", 1]}
    assert api.outcomes == (
        ApiOutcome(
            "gone", (2,), when=((("code",), 404), (("data",), None)), ask_again=("order_id",)
        ),
        ApiOutcome(
            "ok",
            (200, 2),
            slots={"state": ("data", "state")},
            values={"carrier": ("carrier", "{locale}"), "first": ("items", 0, "name")},
            say="utter_order",
        ),
        ApiOutcome("not_found", (404,), say="utter_order_unknown"),
    )


def test_what_an_api_says_is_not_taken_for_idle(tmp_path: Path) -> None:
    outcomes = "{ok: 'utter_order{state}', failed: utter_orders_down}"
    text = f"apis:\n  action_order: {{url: 'http://a/', outcomes: {outcomes}}}\n"

    remarks = [str(remark) for remark in project(tmp_path, text).remarks]

    assert not [remark for remark in remarks if "utter_" in remark]


def test_a_service_that_knows_no_keys_is_declared_so(tmp_path: Path) -> None:
    text = "apis:\n  action_order: {method: PUT, url: 'http://a/', key_header: false}\n"

    api = project(tmp_path, text).apis["action_order"]

    assert (api.changes, api.key_header) == (True, None)


def test_a_search_by_post_changes_nothing(tmp_path: Path) -> None:
    text = "apis:\n  action_order: {method: POST, url: 'http://a/', changes: false}\n"

    api = project(tmp_path, text).apis["action_order"]

    assert (api.changes, api.key_header) == (False, None)


@pytest.mark.parametrize(
    ("written", "line", "what", "remedy"),
    [
        ("order: {url: 'http://a/'}", 2, "'order' is no name for an API", "begin it with `action_"),
        ("action_order: {method: GET}", 2, "'action_order' has no url", "add `url:"),
        ("action_order:", 2, "'action_order' has no url", "add `url:"),
        ("action_order: http://a/", 2, "keys were expected", "name: value"),
        ("action_order:\n    ulr: http://a/", 3, "unknown key of an API 'ulr'", "mean 'url'"),
        ("action_order:\n    url: ftp://a/", 3, "is no web address", "begin it with https://"),
        ("action_order:\n    url: http://{state}.shop/", 3, "in the host", "stand after it"),
        ("action_order:\n    url: ${SHOP}{state}/", 3, "in the host", "stand after it"),
        ("action_order:\n    url: http://a/{oder_id}", 3, "unknown slot 'oder_id'", "'order_id'"),
        ("action_order: {url: 'http://a/', method: FETCH}", 2, "'FETCH' is no method", "GET, POST"),
        ("action_order: {url: 'http://a/', changes: 7}", 2, "true or false", "one of them"),
        ("action_order: {url: 'http://a/', timeout: 0}", 2, "0 is no timeout", "more than 0"),
        ("action_order: {url: 'http://a/', timeout: yes}", 2, "is no timeout", "up to 60"),
        (
            "action_order:\n    url: http://a/\n    query: {a: {b: 1}}",
            4,
            "a table stands",
            "a text",
        ),
        (
            "action_order:\n    url: http://a/\n    query: {a: '{b}'}",
            4,
            "unknown slot 'b'",
            "known",
        ),
        (
            "action_order:\n    url: http://a/\n    headers: {a b: c}",
            4,
            "no name of a header",
            "X-",
        ),
        (
            "action_order:\n    url: http://a/\n    headers: {A: '{state}'}",
            4,
            "a slot stands in the header",
            "body",
        ),
        (
            "action_order:\n    url: http://a/\n    json:\n      a: '{nothing}'",
            4,
            "unknown slot 'nothing'",
            "known",
        ),
        ("action_order:\n    url: http://a/\n    key: x", 4, "a key that is not sent", "changes"),
        ("action_order: {url: 'http://a/', key_header: X}", 2, "nothing is changed", "remove it"),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      odd: utter_order",
            5,
            "nothing tells when an answer is 'odd'",
            "add `status: 409`",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok: {status: 2x}",
            5,
            "'2x' is no HTTP status",
            "404",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok: {stats: 200}",
            5,
            "unknown key of an outcome 'stats'",
            "'status'",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      failed: {status: 500}",
            5,
            "only `say`",
            "keep `say`",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok:\n        slots: {stat: a}",
            6,
            "unknown slot 'stat'",
            "'state'",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok:\n"
            "        values:\n          a: b..c",
            7,
            "'b..c' is no path",
            "items[0].price",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok:\n"
            "        values: {text: a}",
            6,
            "the name 'text' is taken",
            "another name",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok: utter_ordr",
            5,
            "unknown response 'utter_ordr'",
            "'utter_order'",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok: utter_order_{stat}",
            5,
            "unknown slot 'stat'",
            "'state'",
        ),
        (
            "action_order:\n    url: http://a/\n    outcomes:\n      ok: {ask_again: id}",
            5,
            "unknown slot 'id'",
            "known",
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(
    tmp_path: Path, written: str, line: int, what: str, remedy: str
) -> None:
    with pytest.raises(BadInput) as error:
        project(tmp_path, f"apis:\n  {written}\n")

    assert error.value.where == f"{tmp_path.name}/apis.yml:{line}"
    assert what in error.value.what
    assert remedy in error.value.remedy


def test_one_name_in_two_files_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("apis:\n  action_order: {url: 'http://a/'}\n")

    with pytest.raises(BadInput, match="the API 'action_order' is declared twice") as error:
        project(tmp_path, "apis:\n  action_order: {url: 'http://a/'}\n")

    assert error.value.where == f"{tmp_path.name}/more.yml:2"
