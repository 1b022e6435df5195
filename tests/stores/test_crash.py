"""What was acknowledged survives `kill -9`, once and in its place."""

import subprocess
import sys
from collections.abc import Callable

from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT

ACKS = 200
CHILD = """
import asyncio, itertools, sys
from datetime import UTC, datetime
from cs_bot.stores.protocols import Inbound
from cs_bot.stores.sql.opening import open_stores

async def main():
    stores = await open_stores(
        sys.argv[1], clock=lambda: datetime.now(UTC), ids=lambda prefix: prefix + "_new"
    )
    await stores.conversations.open("c_1", channel="web", user_id="v_1", locale="zh")
    for n in itertools.count():
        accepted = await stores.conversations.accept("c_1", Inbound(f"k{n}", f"msg {n}", "zh"))
        print(accepted.message_id, f"k{n}", flush=True)

asyncio.run(main())
"""


async def test_acknowledged_messages_survive_the_death_of_the_server(
    url: str, ids: Callable[[str], str]
) -> None:
    acknowledged = _killed_after(ACKS, url)
    stores = await open_stores(url, clock=FakeClock(AT), ids=ids)
    entries = await stores.conversations.entries("c_1", after_seq=0, limit=100_000)
    await stores.close()
    stored = [f"{entry.data['message_id']} {entry.data['client_id']}" for entry in entries]
    assert len(acknowledged) >= ACKS
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) - len(acknowledged) in {0, 1}  # stored, and killed before it could say so
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


def _killed_after(count: int, url: str) -> list[str]:
    """Let a child accept messages, kill it after so many, and return all that it acknowledged."""
    child = subprocess.Popen(  # our own program
        [sys.executable, "-c", CHILD, url], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child, child.stdout as said:
        lines = [said.readline() for _ in range(count)]
        child.kill()
        lines += said.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]
