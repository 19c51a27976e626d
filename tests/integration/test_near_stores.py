"""Other stores that hold an item, as a shopper reads of them: the nearest first, none where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.distance import Spot
from inventory.domain.stock import Band, Movement, Reason
from inventory.services import near_stores, nearby, stock
from inventory.services.stores import Store, open_store
from tests.support.store_samples import MIRROR, NOW, STORE_ID, WATER, opened_store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        with database.write() as uow:
            nearby.settle(uow, STORE_ID, Spot(45_464_200, 9_190_000))
            for store_id, spot, pieces in (
                ("rome", Spot(41_902_800, 12_496_400), 5),
                ("monza", Spot(45_584_500, 9_274_400), 12),
            ):
                open_store(uow, Store(store_id, f"Aurora {store_id}", "EUR", "UTC"))
                nearby.settle(uow, store_id, spot, f"Main street, {store_id}")
                came = Movement(MIRROR.gtin, Reason.RECEIPT, pieces * 1000, f"{store_id}-open", "Ada", NOW)
                stock.post(uow, store_id, came)
        yield database


def test_the_nearest_come_first_with_name_address_and_band(database: Database) -> None:
    with database.read() as uow:
        found = near_stores.having(uow, STORE_ID, MIRROR.gtin, 3)
        assert near_stores.having(uow, STORE_ID, WATER.gtin, 3) == ()
    assert [(each.name, each.address, each.band) for each in found] == [
        ("Aurora monza", "Main street, monza", Band.PLENTY),
        ("Aurora rome", "Main street, rome", Band.A_FEW),
    ]
    assert found[0].distance_m == pytest.approx(14_900, rel=0.02)
