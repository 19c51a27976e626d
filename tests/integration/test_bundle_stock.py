"""Bundles sold: all their parts leave the shelf in one transaction, and come back together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.bundles import BundleError, Part
from inventory.domain.stock import Movement, Reason
from inventory.services import bundles, catalogue, sales, shelves, stock
from inventory.services.item_list import levels
from inventory.services.listing import Holds, Wish, page_of
from tests.support.engines import NewStore
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    NOW,
    PEARS,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    heard,
    line_of,
    opened_store,
    sale_message,
)

BREAKFAST = replace(MIRROR, gtin=gtin(7), sku="BREAKFAST", names={"en": "Breakfast"})
LATER = NOW + timedelta(hours=1)
PARTS = (Part(WATER.gtin, 2000), Part(PEARS.gtin, 350))


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, items=(*ITEMS, BREAKFAST), new_store=new_store) as database:
        with database.write() as uow:
            bundles.put(uow, STORE_ID, BREAKFAST.gtin, PARTS, who="Ada", now_utc=NOW)
        yield database


def test_a_bundle_sold_takes_every_part_off_the_shelf_once(database: Database) -> None:
    message = sale_message(line_of(BREAKFAST, 3000), line_of(SIX_WATERS))
    for _ in range(2):
        with database.write() as uow:
            sales.record(uow, STORE_ID, message, body_of(message), NOW)
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        there = {each.gtin: each.quantity_milli for each in shelves.lying(uow, STORE_ID, [*_gtins()])}
    assert there == {WATER.gtin: -12_000, PEARS.gtin: -1050}


def test_a_colon_in_the_id_of_a_sale_makes_it_no_part_of_another_sale(database: Database) -> None:
    """Line 2 of the sale "a:1" and part 2 of line 1 of the sale "a" are two movements."""
    for sale_id, lines in (("a", [line_of(BREAKFAST)]), ("a:1", [line_of(SIX_WATERS), line_of(MIRROR)])):
        message = sale_message(*lines, sale_id=sale_id, receipt_no=len(sale_id))
        with database.write() as uow:
            sales.record(uow, STORE_ID, message, body_of(message), NOW)
    with database.read() as uow:
        there = {each.gtin: each.quantity_milli for each in shelves.lying(uow, STORE_ID, [*_gtins()])}
        assert stock.audit(uow, STORE_ID) == []
    assert there == {WATER.gtin: -8000, PEARS.gtin: -350, MIRROR.gtin: -1000}


def test_a_change_of_a_bundle_is_a_new_version_of_the_catalogue(database: Database) -> None:
    with database.write() as uow:
        before = catalogue.version(uow, STORE_ID)
        bundles.drop(uow, STORE_ID, BREAKFAST.gtin, who="Ada", now_utc=NOW)
        bundles.drop(uow, STORE_ID, BREAKFAST.gtin, who="Ada", now_utc=NOW)
        assert catalogue.version(uow, STORE_ID) == before + 1
        assert bundles.all_bundles(uow, STORE_ID) == {}
        assert bundles.booked(uow, STORE_ID, BREAKFAST.gtin, 1000) == ((BREAKFAST.gtin, 1000),)


def test_a_part_cannot_become_a_bundle_nor_what_is_not_sold(database: Database) -> None:
    for bundle, parts in ((WATER.gtin, (Part(MIRROR.gtin, 1000),)), (gtin(99), PARTS)):
        with pytest.raises(BundleError), database.write() as uow:
            bundles.put(uow, STORE_ID, bundle, parts, who="Ada", now_utc=NOW)


def test_parts_are_known_from_both_sides(database: Database) -> None:
    with database.read() as uow:
        assert bundles.of(uow, STORE_ID, [BREAKFAST.gtin, WATER.gtin]) == {BREAKFAST.gtin: PARTS}
        assert bundles.having(uow, STORE_ID, [PEARS.gtin]) == [BREAKFAST.gtin]
        assert bundles.having(uow, STORE_ID, [MIRROR.gtin]) == []


def _gtins() -> Iterator[str]:
    yield from (item.gtin for item in (*ITEMS, BREAKFAST))


def deliver(database: Database, gtin_of: str, milli: int, source_id: str) -> None:
    with database.write() as uow:
        moved = Movement(gtin_of, Reason.RECEIPT, milli, source_id, "Ada", LATER)
        stock.post_all(uow, STORE_ID, [moved], as_of_utc=LATER)


def test_there_are_as_many_bundles_as_the_scarcest_part_makes(database: Database) -> None:
    with database.read() as uow:
        nothing = stock.on_hand(uow, STORE_ID, BREAKFAST.gtin)
    assert nothing is not None
    assert (nothing.on_hand_milli, nothing.as_of_utc) == (0, NOW)
    deliver(database, WATER.gtin, 9000, "in-1")
    announcements = heard(database)
    deliver(database, PEARS.gtin, 1100, "in-2")
    told = {each.message.model_dump()["gtin"]: each.message for each in announcements}
    with database.read() as uow:
        bundle = stock.on_hand(uow, STORE_ID, BREAKFAST.gtin)
        missed = {each.gtin: each for each in stock.moved_since(uow, STORE_ID, LATER)}
        (level,) = stock.levels(uow, STORE_ID, search=BREAKFAST.gtin).levels
        (row,) = page_of(uow, STORE_ID, levels("en"), Wish(filters=(Holds("search", "Breakfast"),))).rows
    assert bundle is not None
    assert (bundle.on_hand_milli, bundle.as_of_utc) == (3000, LATER)
    assert told[BREAKFAST.gtin] == missed[BREAKFAST.gtin] == bundle
    assert level.on_hand_milli == row["on_hand"] == 3000


def test_a_part_below_nothing_makes_a_bundle_that_is_not_there(database: Database) -> None:
    deliver(database, WATER.gtin, 9000, "in-1")
    deliver(database, PEARS.gtin, -1, "out-1")
    with database.read() as uow:
        bundle = stock.on_hand(uow, STORE_ID, BREAKFAST.gtin)
    assert bundle is not None
    assert bundle.on_hand_milli == -1000
