"""Whatever a customer says, no task is left dangling and nothing changes without a yes to it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cs_bot.stages.task.confirming import to_confirm
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.moves import dialogue_of
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.settings import TaskSettings
from tests.stages.task.test_interleaving import Customer, shop  # noqa: F401 - a fixture

YES = ("yes", "/affirm", "是的", "继续", "go on")
ORDERS = st.sampled_from(["1", "2", "3"])
STARTS = st.sampled_from(["track", "give_back", "bill", "hours", "inform"])
SAID = st.one_of(
    STARTS.map("/{}".format),
    st.builds('/{}{{"order_id": "{}"}}'.format, STARTS, ORDERS),
    st.sampled_from(["inform", "bill"]).map('/{}{{"mail": "a@b.cn"}}'.format),
    st.just('/bill{"order_id": "1", "mail": "a@b.cn"}'),
    st.sampled_from(YES),
    st.sampled_from(["no", "/deny", "never mind", "算了", "cancel everything"]),
    st.sampled_from(["go on", "back to the return", "continue with the invoice", "继续"]),
    st.sampled_from(["too small", "what?", "the first one", "both"]),
)
WALKS = st.lists(SAID, max_size=14)


BOTH_TO_CONFIRM = [
    '/bill{"order_id": "1", "mail": "a@b.cn"}',
    "/give_back",
    "too small",
    "yes",
    "yes",
]
"""The invoice is asked about again after a yes, which was none to it."""


@example(walk=BOTH_TO_CONFIRM, most=3, turns=20)
@given(walk=WALKS, most=st.sampled_from([0, 1, 3]), turns=st.sampled_from([2, 20]))
@settings(deadline=None, max_examples=60)
def test_no_walk_leaves_anything_dangling(
    walk: list[str],
    most: int,
    turns: int,
    shop: Project,  # noqa: F811 - the fixture
) -> None:
    asyncio.run(_walked(shop, walk, TaskSettings(most_suspended=most, suspended_turns=turns)))


async def _walked(project: Project, walk: list[str], dials: TaskSettings) -> None:
    customer, told = Customer(project, dials), []
    policies = Policies.of(project)
    shown = ""
    for words in walk:
        before, ran = customer.state, len(customer.actions.ran)
        reply = await customer.says(words)
        state = customer.state
        told.append(words)
        loop = dialogue_of(state, policies.features).now.loop
        assert (state.task is None) == (state.requested_slot is None), told
        assert loop is None or project.task(loop).name == state.task, told
        if state.task is not None and to_confirm(state) is None:
            assert loop is not None, told
        assert state.task not in customer.waiting, told
        assert len(customer.waiting) <= dials.most_suspended, told
        changed = [one for one in customer.actions.ran[ran:] if one[0] != "action_track"]
        if changed:
            # One yes, to what was asked, and a value from before was shown.
            assert words in YES, told
            assert [name for name, _ in changed] == [to_confirm(before)], told
            known = "order_id" in before.collected
            assert known or str(changed[0][1]["order_id"]) in shown, told
        shown = shown if reply.startswith("(") else reply


@pytest.mark.parametrize("words", YES)
async def test_a_yes_to_nothing_changes_nothing(shop: Project, words: str) -> None:  # noqa: F811
    customer = Customer(shop)
    await customer.says('/give_back{"order_id": "1"}')
    await customer.says("/bill")
    await customer.says("never mind")
    await customer.says(words)
    assert customer.actions.ran == []
