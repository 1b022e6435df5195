"""Starts what follows the store in the background, and stops it with the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress

from cs_bot.app.examiner import Examiner
from cs_bot.app.makers import now
from cs_bot.app.voting import VoteFollower
from cs_bot.models.encoders import Encoder
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.releases import Snapshots
from cs_bot.stores.protocols import LabelStore, Stores


def follow(watch: Callable[[], Coroutine[None, None, None]], stack: AsyncExitStack) -> None:
    """Run the watch until the stack is closed."""
    task = asyncio.create_task(watch())

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


async def followed_contracts(
    dials: KbqaSettings,
    labels: LabelStore,
    snapshots: Snapshots,
    examiner: Examiner,
    lane: Lane,
    scope: str,
    stack: AsyncExitStack,
) -> Contracts:
    """Return the terms that were kept last, followed from now on."""
    contracts = Contracts(
        labels, snapshots, examiner.judge, lane, scope=scope, active=dials.risk > 0
    )
    await contracts.refresh(ask=False)
    follow(contracts.follow, stack)
    return contracts


async def followed_votes(
    dials: KbqaSettings, stores: Stores, encoder: Encoder, lane: Lane, stack: AsyncExitStack
) -> VoteFollower | None:
    """Return the votes, followed from now on, where they are to count."""
    if not dials.feedback:
        return None
    votes = VoteFollower(stores.feedback, encoder, lane, clock=now)
    await votes.refresh()
    follow(votes.follow, stack)
    return votes
