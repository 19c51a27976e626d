"""Packs on the shelf: booked as their singles, shown and sent as the whole packs that the singles make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.stock import Band, Movement, Reason, packs_milli
from inventory.services import catalogue, sales, stock
from inventory.wire import StockMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    ITEMS,
    MIRROR,
    NOW,
    RATES,
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

TEN_WATERS = replace(SIX_WATERS, gtin=gtin(5), sku="SMUG-WATER-10", multipack_units=10)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, items=(*ITEMS, TEN_WATERS), new_store=new_store) as database:
        yield database


def deliver(database: Database, quantity_milli: int, source_id: str = "delivery-1") -> None:
    with database.write() as uow:
        stock.post(
            uow, STORE_ID, Movement(WATER.gtin, Reason.RECEIPT, quantity_milli, source_id, "Ada", LATER)
        )


def told(gtin: str, on_hand_milli: int) -> StockMessage:
    return StockMessage(gtin=gtin, on_hand_milli=on_hand_milli, as_of_utc=LATER)


@given(st.integers(-(10**9), 10**9), st.integers(1, 999))
def test_whole_packs_fit_into_the_singles_and_one_more_does_not(singles_milli: int, units: int) -> None:
    packs = packs_milli(singles_milli, units)
    assert packs % 1000 == 0
    assert packs * units <= singles_milli < (packs + 1000) * units


def test_a_pack_is_there_as_often_as_its_singles_fill_one(database: Database) -> None:
    deliver(database, 17_000)
    with database.read() as uow:
        assert stock.on_hand(uow, STORE_ID, SIX_WATERS.gtin) == told(SIX_WATERS.gtin, 2000)
        assert stock.on_hand(uow, STORE_ID, TEN_WATERS.gtin) == told(TEN_WATERS.gtin, 1000)


def test_the_list_of_levels_shows_packs_in_packs(database: Database) -> None:
    deliver(database, 25_000)
    with database.read() as uow:
        (level,) = stock.levels(uow, STORE_ID, search=SIX_WATERS.gtin).levels
    assert (level.on_hand_milli, level.as_of_utc, level.band) == (4000, LATER, Band.A_FEW)


def test_a_lane_is_sent_the_stock_of_every_item_it_can_sell(database: Database) -> None:
    deliver(database, 6500)
    with database.read() as uow:
        message = catalogue.current(uow, STORE_ID)
    assert [each.gtin for each in message.stock] == [item.gtin for item in message.items]
    found = {each.gtin: (each.on_hand_milli, each.as_of_utc) for each in message.stock}
    assert found[WATER.gtin] == (6500, LATER)
    assert found[SIX_WATERS.gtin] == (1000, LATER)
    assert found[TEN_WATERS.gtin] == (0, LATER)
    assert found[MIRROR.gtin] == (0, NOW)


def test_when_a_single_moves_its_packs_are_told_of_too(database: Database) -> None:
    announcements = heard(database)
    deliver(database, 12_000)
    assert [each.message for each in announcements] == [
        told(WATER.gtin, 12_000),
        told(SIX_WATERS.gtin, 2000),
        told(TEN_WATERS.gtin, 1000),
    ]


def test_a_lane_that_comes_back_hears_of_the_packs_of_what_moved(database: Database) -> None:
    deliver(database, 12_000)
    with database.read() as uow:
        missed = stock.moved_since(uow, STORE_ID, LATER)
    assert missed == (told(WATER.gtin, 12_000), told(SIX_WATERS.gtin, 2000), told(TEN_WATERS.gtin, 1000))


def test_audit_and_shortages_stay_with_what_is_really_booked(database: Database) -> None:
    deliver(database, -3000)
    with database.read() as uow:
        assert stock.negative(uow, STORE_ID) == (told(WATER.gtin, -3000),)
        assert stock.audit(uow, STORE_ID) == []
        assert stock.movements(uow, STORE_ID, SIX_WATERS.gtin) == ()


def test_a_pack_of_a_single_the_store_does_not_sell_is_counted_all_the_same(database: Database) -> None:
    with database.write() as uow:
        catalogue.replace_items(uow, STORE_ID, [SIX_WATERS], RATES, NOW)
    announcements = heard(database)
    deliver(database, 6000)
    assert [each.message for each in announcements] == [
        told(WATER.gtin, 6000),
        told(SIX_WATERS.gtin, 1000),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([WATER, SIX_WATERS, TEN_WATERS]), st.integers(1, 4)), max_size=6))
def test_in_whatever_order_packs_and_singles_are_sold_the_packs_follow_the_singles(
    tmp_path_factory: pytest.TempPathFactory, sold: list[tuple[Item, int]]
) -> None:
    with opened_store(tmp_path_factory.mktemp("store"), items=(*ITEMS, TEN_WATERS)) as database:
        announcements = heard(database)
        deliver(database, 40_000)
        left = 40
        for number, (item, pieces) in enumerate(sold):
            message = sale_message(line_of(item, pieces * 1000), sale_id=f"s{number}", receipt_no=number)
            with database.write() as uow:
                sales.record(uow, STORE_ID, message, body_of(message), LATER)
            left -= pieces * item.booked_as[1]
            expected = {WATER.gtin: left, SIX_WATERS.gtin: left // 6, TEN_WATERS.gtin: left // 10}
            last_told = [each.message.model_dump() for each in announcements[-3:]]
            assert {each["gtin"]: each["on_hand_milli"] // 1000 for each in last_told} == expected
            with database.read() as uow:
                for wanted, pieces_left in expected.items():
                    assert stock.on_hand(uow, STORE_ID, wanted) == told(wanted, pieces_left * 1000)
                assert stock.audit(uow, STORE_ID) == []
