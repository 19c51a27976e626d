"""Which stores nearby have an item: the same answer as counting all of them, for rare and common items."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.distance import Spot
from inventory.domain.stock import Movement, Reason
from inventory.services import nearby, stock
from tests.support.store_samples import MIRROR, NOW, STORE_ID, WATER, opened_store

STORES = {f"store-{number:03}": number for number in range(240)}
HERE = Spot(45_464_200, 9_190_000)


def spot(number: int) -> Spot:
    random = Random(number)
    return Spot(random.randint(36_000_000, 47_000_000), random.randint(7_000_000, 18_000_000))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with opened_store(tmp_path_factory.mktemp("chain")) as database:
        fill(database)
        yield database


def fill(database: Database) -> None:
    """Water in all stores, the mirror in every twentieth; some have sold their last."""
    with database.write() as uow:
        for store_id, number in STORES.items():
            nearby.settle(uow, store_id, HERE)
            nearby.settle(uow, store_id, spot(number))
            wanted = [WATER, MIRROR] if number % 20 == 0 else [WATER]
            for item in wanted:
                milli = 0 if number % 7 == 0 else number * 1000
                movement = Movement(item.gtin, Reason.RECEIPT, milli, f"in-{item.gtin}", "Ada", NOW)
                stock.post_all(uow, store_id, [movement], as_of_utc=NOW)


@pytest.mark.parametrize("item", [WATER, MIRROR], ids=["common", "rare"])
@pytest.mark.parametrize("limit", [1, 10, 300])
def test_the_nearest_that_have_it_are_found(chain: Database, item: object, limit: int) -> None:
    step = 1 if item is WATER else 20
    having = [store for store, number in STORES.items() if number % 7 and number % step == 0]
    expected = sorted((HERE.metres_to(spot(STORES[store])), store) for store in having)[:limit]
    with chain.read() as uow:
        found = nearby.nearest_to(uow, HERE, item.gtin, limit=limit)  # type: ignore[attr-defined]  # an Item
    assert [(each.distance_m, each.store_id) for each in found] == expected
    assert all(each.on_hand_milli == STORES[each.store_id] * 1000 for each in found)


def test_a_store_is_not_sent_to_itself_and_one_without_a_place_to_nobody(chain: Database) -> None:
    with chain.read() as uow:
        assert nearby.nearest(uow, STORE_ID, WATER.gtin) == ()
        found = nearby.nearest(uow, "store-003", WATER.gtin, limit=5)
    assert len(found) == 5
    assert "store-003" not in {each.store_id for each in found}
