"""Stock that an item leaves behind: undone imports and singles that become packs lose and invent nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.import_batch import BatchState
from inventory.domain.places import BACKROOM, PLAIN, Place
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import write_catalogue
from inventory.import_desk import ImportDesk
from inventory.services import (
    catalogue,
    import_batches,
    import_undo,
    item_changes,
    item_fields,
    sales,
    shelves,
    stock,
)
from inventory.services.import_batches import Batch
from inventory.services.import_undo import MovedSinceError
from tests.integration.test_books_under_attack import brought
from tests.support.engines import NewStore
from tests.support.store_samples import (
    MIRROR,
    NOW,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    line_of,
    opened_store,
    sale_message,
    store_config,
)

TEA = replace(MIRROR, gtin=gtin(31), sku="TEA", names={"en": "Tea"})
RICE = replace(MIRROR, gtin=gtin(32), sku="RICE", names={"en": "Rice"})
SIX = replace(MIRROR, gtin=gtin(33), sku="SIX", names={"en": "Six waters"})


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, items=(WATER, SIX), new_store=new_store) as database:
        yield database


@pytest.fixture
def batch(database: Database, tmp_path: Path) -> Batch:
    """Tea and rice, new to the store, four of each."""
    desk = ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)
    file = write_catalogue([TEA, RICE], on_hand_milli={TEA.gtin: 4000, RICE.gtin: 4000})
    batch = brought(desk, database, file)
    desk.take(batch, actor="Ada")
    return batch


def lying(database: Database, of: str) -> dict[Place, int]:
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        assert shelves.audit(uow, STORE_ID) == []
        return {each.place: each.quantity_milli for each in shelves.lying(uow, STORE_ID, [of])}


def undo(database: Database, batch: Batch, *, keep_moved: bool = False) -> None:
    with database.write() as uow:
        import_undo.undo(uow, STORE_ID, batch.batch_id, "Ada", NOW, keep_moved=keep_moved)


def is_sold(database: Database, of: str) -> bool:
    with database.read() as uow:
        return catalogue.find_item(uow, STORE_ID, of) is not None


def receive(database: Database, of: str, milli: int, place: Place = PLAIN) -> None:
    with database.write() as uow:
        came = Movement(of, Reason.RECEIPT, milli, f"in:{of}:{place.location}", "Ada", NOW, place)
        stock.post_all(uow, STORE_ID, [came], as_of_utc=NOW)


def test_an_import_is_not_undone_under_an_item_that_was_sold_since(database: Database, batch: Batch) -> None:
    message = sale_message(line_of(TEA, 1000), paid_at_utc=NOW)
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    with pytest.raises(MovedSinceError, match="Tea") as refused:
        undo(database, batch)
    assert (refused.value.names, refused.value.count) == (["Tea"], 1)
    assert lying(database, TEA.gtin) == {PLAIN: 3000}
    undo(database, batch, keep_moved=True)
    assert (is_sold(database, TEA.gtin), is_sold(database, RICE.gtin)) == (True, False)
    assert lying(database, TEA.gtin) == {PLAIN: 3000}
    assert lying(database, RICE.gtin) == {}
    with database.read() as uow:
        found = import_batches.find(uow, STORE_ID, batch.batch_id)
    assert found is not None
    assert found.state is BatchState.UNDONE


def test_goods_moved_to_the_backroom_since_are_not_stranded_either(database: Database, batch: Batch) -> None:
    receive(database, TEA.gtin, 2000, Place(BACKROOM))
    with pytest.raises(MovedSinceError, match="Tea"):
        undo(database, batch)


def test_what_nobody_moved_is_undone_whole(database: Database, batch: Batch) -> None:
    undo(database, batch)
    assert (is_sold(database, TEA.gtin), is_sold(database, RICE.gtin)) == (False, False)
    assert lying(database, TEA.gtin) == lying(database, RICE.gtin) == {}


@pytest.mark.parametrize("way", ["console", "api"])
def test_stock_of_an_item_that_becomes_a_pack_is_booked_as_its_singles(database: Database, way: str) -> None:
    receive(database, SIX.gtin, 2000)
    receive(database, SIX.gtin, 1000, Place(BACKROOM))
    receive(database, WATER.gtin, 5000)
    pack = replace(SIX, multipack_of=WATER.gtin, multipack_units=6)
    with database.write() as uow:
        if way == "api":
            seen = item_changes.tag_of(SIX)
            item_changes.put_item(uow, STORE_ID, pack, seen=seen, by="Ada", now_utc=NOW)
        else:
            values = {"multipack_of": WATER.gtin, "multipack_units": 6}
            origin = item_fields.Origin.STORE
            item_fields.set_fields(uow, STORE_ID, SIX.gtin, values, origin=origin, who="Ada", now_utc=NOW)
    assert lying(database, SIX.gtin) == {}
    assert lying(database, WATER.gtin) == {PLAIN: 17_000, Place(BACKROOM): 6000}
    with database.read() as uow:
        moved = stock.movements(uow, STORE_ID, SIX.gtin)
    assert {each.actor for each in moved if each.reason is Reason.CORRECTION} == {"Ada"}


def test_a_file_that_makes_a_pack_books_its_stock_over_and_its_undo_books_it_back(
    database: Database, tmp_path: Path
) -> None:
    receive(database, SIX.gtin, 2000)
    desk = ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)
    pack = replace(SIX, multipack_of=WATER.gtin, multipack_units=6)
    batch = brought(desk, database, write_catalogue([pack]))
    desk.take(batch, actor="Ada", confirmed=True)
    assert (lying(database, SIX.gtin), lying(database, WATER.gtin)) == ({}, {PLAIN: 12_000})
    undo(database, batch)
    assert (lying(database, SIX.gtin), lying(database, WATER.gtin)) == ({PLAIN: 2000}, {})
