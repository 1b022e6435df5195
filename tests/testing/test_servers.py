"""The servers that tests start, and the wall around the tests themselves."""

import socket

import pytest

from cs_bot.testing.servers import MissingProgram, redis_server


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingProgram) as missing, redis_server():
        pytest.fail("started what is not there")
    assert str(missing.value) == "needs redis-server (Debian: apt-get install redis-server)"


@pytest.mark.redis
def test_a_server_is_gone_after_its_block() -> None:
    with redis_server() as url:
        port = int(url.rpartition(":")[2].removesuffix("/0"))
        socket.create_connection(("127.0.0.1", port)).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_no_test_reaches_beyond_this_machine(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family) as outside,
        pytest.raises(pytest.fail.Exception, match="tried to connect to"),
    ):
        outside.connect((address, 80))
