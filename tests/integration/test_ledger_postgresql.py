"""Places, papers, bundles and their lists on PostgreSQL: the same play, the same sums."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inventory.db.unit_of_work import Database
from inventory.domain.bundles import Part
from inventory.domain.documents import Document, Kind
from inventory.domain.places import BACKROOM, Place
from inventory.services import bundles, documents, receiving, reorder, sales, shelves, stock, stock_list
from inventory.services.listing import Holds, Wish, page_of
from tests.support.engines import Server
from tests.support.ledger_play import LOTS, Happening, Play, happenings
from tests.support.store_samples import (
    MIRROR,
    NOW,
    STORE_ID,
    WATER,
    body_of,
    line_of,
    opened_store,
    sale_message,
)


@pytest.fixture
def database(server: Server, tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=server.new_store) as database:
        yield database


@pytest.fixture
def play(database: Database) -> Play:
    return Play(database)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_whatever_happens_every_piece_is_somewhere_and_nothing_is_booked_twice(
    play: Play, day: list[Happening]
) -> None:
    play.run(day)


def deliver(database: Database, document_id: str = "in-1") -> None:
    paper = Document(document_id, Kind.DELIVERY, "Note", "Ada", NOW)
    goods = [(WATER.gtin, LOTS[1], 9000), (WATER.gtin, Place(BACKROOM), 4000), (MIRROR.gtin, LOTS[2], 2000)]
    with database.write() as uow:
        receiving.record(uow, STORE_ID, paper, goods)


def test_a_paper_posted_from_many_connections_at_once_moves_once(database: Database) -> None:
    with database.write() as uow:
        paper = Document("w-1", Kind.DELIVERY, "Note", "Ada", NOW)
        receiving.expect(uow, STORE_ID, paper, {WATER.gtin: 5000})
        receiving.fill_as_announced(uow, STORE_ID, "w-1", who="Ada", now_utc=NOW)
    moved: list[int] = []

    def post() -> None:
        with database.write() as uow:
            moved.append(len(documents.post(uow, STORE_ID, "w-1", who="Ada", now_utc=NOW)))

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == [0] * 5 + [1]
    with database.read() as uow:
        assert [each.quantity_milli for each in shelves.lying(uow, STORE_ID, [WATER.gtin])] == [5000]


def test_lots_are_settled_once_by_many_connections_beside_sales(database: Database) -> None:
    deliver(database)
    touched: list[int] = []

    def work(number: int) -> None:
        message = sale_message(line_of(WATER, 1000), sale_id=f"s{number}", receipt_no=number)
        with database.write() as uow:
            sales.record(uow, STORE_ID, message, body_of(message), NOW)
        with database.write() as uow:
            touched.append(shelves.settle(uow, STORE_ID, who="night", now_utc=NOW))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.write() as uow:
        shelves.settle(uow, STORE_ID, who="night", now_utc=NOW)
    with database.read() as uow:
        assert shelves.to_settle(uow, STORE_ID) == []
        assert shelves.audit(uow, STORE_ID) == []
        there = {each.place: each.quantity_milli for each in shelves.lying(uow, STORE_ID, [WATER.gtin])}
    assert there == {LOTS[1]: 3000, Place(BACKROOM): 4000}


def test_every_list_about_stock_answers_alike(database: Database) -> None:
    deliver(database)
    with database.write() as uow:
        message = sale_message(line_of(WATER, 8000))
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
        reorder.take_suggestions(uow, STORE_ID, who="Ada", now_utc=NOW + timedelta(days=1))
    lists = {
        "places": stock_list.places("en"),
        "expiry": stock_list.expiry("en"),
        "low": stock_list.low_stock("en", STORE_ID, NOW),
        "papers": stock_list.papers([Kind.DELIVERY]),
        "lines": stock_list.lines_of("in-1", "en"),
        "booked": stock_list.booked_lines([Kind.DELIVERY], "en"),
    }
    with database.read() as uow:
        pages = {name: page_of(uow, STORE_ID, listing, Wish()) for name, listing in lists.items()}
        on_shelf = Wish(filters=(Holds("location", "shelf"),))
        shelf = page_of(uow, STORE_ID, lists["places"], on_shelf)
    assert {name: page.total for name, page in pages.items()} == {
        "places": 4,
        "expiry": 2,
        "low": 3,
        "papers": 1,
        "lines": 3,
        "booked": 3,
    }
    assert sum(row["quantity"] for row in shelf.rows if row["gtin"] == WATER.gtin) == 1000
    (low,) = [row for row in pages["low"].rows if row["gtin"] == WATER.gtin]
    assert (low["weekly"], low["point"], low["target"]) == (2000, 2000, 4000)


def test_a_bundle_is_sold_as_its_parts(database: Database) -> None:
    with database.write() as uow:
        bundles.put(uow, STORE_ID, MIRROR.gtin, [Part(WATER.gtin, 3000)], who="Ada", now_utc=NOW)
        message = sale_message(line_of(MIRROR, 2000))
        sales.record(uow, STORE_ID, message, body_of(message), NOW)
    with database.read() as uow:
        assert [each.quantity_milli for each in shelves.lying(uow, STORE_ID, [WATER.gtin])] == [-6000]
        bundle = stock.on_hand(uow, STORE_ID, MIRROR.gtin)
        assert bundle is not None
        assert (bundle.on_hand_milli, bundle.as_of_utc) == (-2000, NOW)


def test_a_movement_with_a_place_cannot_be_changed(database: Database) -> None:
    deliver(database)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as uow:
        uow.session.connection().execute(text("UPDATE movement SET lot = 'X'"))
