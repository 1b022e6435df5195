"""Contract tests of the versions of the task model."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cs_bot.errors import Conflict, NotFound
from cs_bot.stores.protocols import ActiveModel, ModelStore, StoredModel, Trained
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT

TRAINED = Trained("key", "files", {"format": 3, "intents": ["order_status"]})
WEIGHTS = bytes(range(256)) * 400
SCORES = {"intent_accuracy": 0.9}
JUDGED = {"wordings": [["我的快递到哪了", "order_status", "order_status"]]}


class ModelStoreContract:
    """Needs the fixtures `models` and `rival` of one empty bot on `clock`.

    `rival` are the same versions as another process sees them.
    """

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_version_is_kept_with_all_that_is_known_of_it(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        kept = await models.keep(TRAINED, WEIGHTS, by="cs-bot train")
        digest, size = kept.digest, len(WEIGHTS)
        about = {"format": 3, "intents": ["order_status"]}
        assert kept == StoredModel(
            "m1", "key", "files", digest, size, AT, "cs-bot train", about, {}, active=False
        )
        assert await rival.model("m1") == kept
        assert await rival.weights("m1") == WEIGHTS
        assert await rival.judged("m1") == {}
        assert await rival.active() is None

    async def test_versions_are_listed_newest_first(
        self, models: ModelStore, clock: FakeClock
    ) -> None:
        await models.keep(TRAINED, WEIGHTS, by="li")
        clock.forward(minutes=1)
        await models.keep(replace(TRAINED, key="other"), b"others", by="wang")
        await models.activate("m2", instead_of=None, by="wang")
        told = [(m.id, m.trained_by, m.trained_at, m.active) for m in await models.models()]
        assert told == [("m2", "wang", clock(), True), ("m1", "li", AT, False)]

    async def test_one_version_is_active(self, models: ModelStore, rival: ModelStore) -> None:
        for key in ("a", "b"):
            await models.keep(replace(TRAINED, key=key), key.encode(), by="li")
        await models.activate("m1", instead_of=None, by="li")
        assert await rival.active() == ActiveModel("m1", 1, None)
        activated = await models.activate("m2", instead_of="m1", by="li")
        assert activated.active
        assert [model.id for model in await rival.models() if model.active] == ["m2"]
        assert await rival.active() == ActiveModel("m2", 2, None)

    async def test_who_decided_on_what_answers_no_more_is_refused(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        for key in ("a", "b"):
            await models.keep(replace(TRAINED, key=key), key.encode(), by="li")
        await models.activate("m1", instead_of=None, by="li")
        with pytest.raises(Conflict) as refused:
            await rival.activate("m2", instead_of=None, by="wang")
        assert refused.value.current == await models.model("m1")
        assert await models.active() == ActiveModel("m1", 1, None)

    async def test_a_roll_back_says_for_which_files(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        for key in ("a", "b"):
            await models.keep(replace(TRAINED, key=key), key.encode(), by="li")
        await models.activate("m2", instead_of=None, by="li")
        assert (await models.roll_back("m1", held_for="files of b", by="li")).active
        assert await rival.active() == ActiveModel("m1", 2, "files of b")
        await rival.activate("m2", instead_of="m1", by="li")
        assert await models.active() == ActiveModel("m2", 3, None)

    async def test_what_two_processes_train_on_the_same_is_one_version(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        one, other = await asyncio.gather(
            models.keep(TRAINED, WEIGHTS, by="li"), rival.keep(TRAINED, WEIGHTS, by="wang")
        )
        assert one == other
        assert await models.models() == (one,)

    async def test_two_store_and_activate_at_once(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        async def trained(store: ModelStore, name: str) -> str:
            kept = await store.keep(replace(TRAINED, key=name), name.encode() * 5000, by=name)
            try:
                return (await store.activate(kept.id, instead_of=None, by=name)).id
            except Conflict:
                return ""

        activated = await asyncio.gather(trained(models, "li"), trained(rival, "wang"))
        stored = await models.models()
        assert {model.id for model in stored} == {"m1", "m2"}
        assert [model.id for model in stored if model.active] == [one for one in activated if one]
        for model in stored:
            assert await rival.weights(model.id) == model.key.encode() * 5000

    async def test_the_newest_version_of_a_key_is_found(self, models: ModelStore) -> None:
        await models.keep(TRAINED, b"trained once", by="li")
        again = await models.keep(TRAINED, b"and differently", by="li")
        assert await models.with_key("key") == again
        assert await models.with_key("unknown") is None

    async def test_scores_are_kept_later(self, models: ModelStore, rival: ModelStore) -> None:
        await models.keep(TRAINED, WEIGHTS, by="li")
        scored = await models.score("m1", SCORES, JUDGED)
        assert scored.scores == SCORES
        assert await rival.model("m1") == scored
        assert await rival.judged("m1") == JUDGED

    async def test_all_but_the_newest_and_the_active_one_are_removed(
        self, models: ModelStore, rival: ModelStore
    ) -> None:
        for key in ("a", "b", "c", "d", "e"):
            await models.keep(replace(TRAINED, key=key), key.encode(), by="li")
        await models.activate("m2", instead_of=None, by="li")
        assert await models.prune(keep=2) == ("m3", "m1")
        assert [model.id for model in await rival.models()] == ["m5", "m4", "m2"]
        assert await rival.weights("m2") == b"b"
        assert await models.prune(keep=2) == ()

    async def test_a_number_is_never_given_twice(self, models: ModelStore) -> None:
        for key in ("a", "b"):
            await models.keep(replace(TRAINED, key=key), key.encode(), by="li")
        await models.activate("m1", instead_of=None, by="li")
        assert await models.prune(keep=0) == ("m2",)
        assert (await models.keep(replace(TRAINED, key="c"), b"c", by="li")).id == "m3"

    async def test_what_is_not_there_is_not_found(self, models: ModelStore) -> None:
        await models.keep(TRAINED, WEIGHTS, by="li")
        for unknown in ("m2", "m01", "1", "mx", "", "m"):
            with pytest.raises(NotFound):
                await models.model(unknown)
            with pytest.raises(NotFound):
                await models.weights(unknown)
            with pytest.raises(NotFound):
                await models.activate(unknown, instead_of=None, by="li")
            with pytest.raises(NotFound):
                await models.roll_back(unknown, held_for="files", by="li")
            with pytest.raises(NotFound):
                await models.score(unknown, SCORES, JUDGED)
        assert await models.active() is None
