from __future__ import annotations

import httpx

from cs_bot.stores.protocols import Stores


async def make(console: httpx.AsyncClient, pair_id: str, question: str) -> None:
    body = {"id": pair_id, "question": question, "answer": "好的。"}
    assert (await console.post("/pairs", json=body)).status_code == 201


async def label(console: httpx.AsyncClient, *told: tuple[str, str | None]) -> httpx.Response:
    questions = [{"question": question, "pair_id": pair_id} for question, pair_id in told]
    return await console.post("/labels", json={"questions": questions})


async def test_an_operator_labels_what_customers_ask(console: httpx.AsyncClient) -> None:
    await make(console, "refund", "怎么退款")
    answer = await label(console, ("钱呢", "refund"), ("招人吗", None))
    assert answer.json() == {"added": 2, "changed": 0, "unchanged": 0}
    page = (await console.get("/labels")).json()
    assert (page["total"], page["answerable"], page["unanswerable"]) == (2, 1, 1)
    lacking, known = page["items"]
    assert (lacking["question"], lacking["pair_id"], lacking["pair_question"]) == (
        "招人吗",
        None,
        None,
    )
    assert (known["pair_id"], known["pair_question"]) == ("refund", "怎么退款")
    assert known["labelled_by"] == "Li"


async def test_a_label_is_replaced_and_removed(console: httpx.AsyncClient) -> None:
    await make(console, "refund", "怎么退款")
    await label(console, ("钱呢", None))
    assert (await label(console, ("钱呢", "refund"))).json()["changed"] == 1
    (only,) = (await console.get("/labels", params={"pair_id": "refund"})).json()["items"]
    assert (await console.delete(f"/labels/{only['id']}")).status_code == 204
    assert (await console.get("/labels")).json()["total"] == 0
    assert (await console.delete(f"/labels/{only['id']}")).status_code == 404


async def test_an_unknown_pair_labels_nothing(console: httpx.AsyncClient, stores: Stores) -> None:
    answer = await label(console, ("招人吗", None), ("钱呢", "nowhere"))
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {
        "questions.1.pair_id": "There is no pair 'nowhere'; correct the id or make the pair first."
    }
    assert await stores.labels.all_labels() == ()


async def test_lists_are_filtered(console: httpx.AsyncClient) -> None:
    await make(console, "refund", "怎么退款")
    await label(console, ("钱呢", "refund"), ("招人吗", None))
    for filters, questions in (
        ({"search": "钱"}, ["钱呢"]),
        ({"answerable": "false"}, ["招人吗"]),
        ({"page": "2"}, []),
    ):
        page = (await console.get("/labels", params=filters)).json()
        assert [item["question"] for item in page["items"]] == questions


async def test_the_file_is_what_the_command_line_reads(console: httpx.AsyncClient) -> None:
    await make(console, "refund", "怎么退款")
    await label(console, ("钱呢", "refund"), ("招人吗", None))
    answer = await console.get("/labels/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="labelled.jsonl"'
    assert answer.text.splitlines() == [
        '{"qid": "l1", "query": "钱呢", "faq_id": "refund"}',
        '{"qid": "l2", "query": "招人吗", "faq_id": null}',
    ]
