from __future__ import annotations

import threading

from argon2 import PasswordHasher

from cs_bot.admin.passwords import Passwords


class Counted(PasswordHasher):
    """A real, cheap hasher that notes in which thread it verifies."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified_in: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002 - the name is argon2's
        self.verified_in.append(threading.current_thread().name)
        return super().verify(hash, password)


async def test_only_the_right_password_fits() -> None:
    passwords = Passwords(Counted())
    hashed = await passwords.hashed("correct horse")
    assert await passwords.fits("correct horse", hashed)
    assert not await passwords.fits("correct horse ", hashed)
    assert not await passwords.fits("", hashed)


async def test_nobody_and_a_damaged_hash_never_fit() -> None:
    passwords = Passwords(Counted())
    assert not await passwords.fits("anything", None)
    assert not await passwords.fits("anything", "!")


async def test_an_unknown_name_costs_the_same_work_as_a_known_one() -> None:
    hasher = Counted()
    passwords = Passwords(hasher)
    hashed = await passwords.hashed("correct horse")
    for password_hash in (hashed, None):
        hasher.verified_in.clear()
        await passwords.fits("wrong", password_hash)
        assert len(hasher.verified_in) == 1


async def test_hashing_never_runs_on_the_event_loop() -> None:
    hasher = Counted()
    await Passwords(hasher).fits("wrong", None)
    assert all(name.startswith("lane-passwords") for name in hasher.verified_in)


async def test_a_stored_password_is_argon2id_and_differs_each_time() -> None:
    passwords = Passwords()
    one, other = await passwords.hashed("same words"), await passwords.hashed("same words")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other
