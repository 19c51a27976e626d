"""Places, lots and papers in the store: every piece somewhere, every paper once, the sums always true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inventory.db.unit_of_work import Database
from inventory.domain.documents import Document, Kind, State
from inventory.domain.places import BACKROOM, PLAIN, SHELF, Place
from inventory.domain.stock import Reason
from inventory.services import counts, documents, late_sales, receiving, reservations, sales, shelves, stock
from inventory.services.counts import Scope
from inventory.services.documents import DocumentClosed, DocumentRefused
from inventory.services.shelves import Lying, PlaceDifference
from tests.support.engines import NewStore
from tests.support.ledger_play import Happening, Play, happenings
from tests.support.store_samples import (
    LANE_ID,
    MIRROR,
    NOW,
    SIX_WATERS,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    line_of,
    opened_store,
    sale_message,
)

MAY, JUNE = Place(SHELF, "M", date(2026, 5, 20)), Place(SHELF, "J", date(2026, 6, 1))
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def paper(kind: Kind, document_id: str = "p1", **values: str) -> Document:
    return replace(Document(document_id, kind, "Note 7", "Ada", NOW), **values)  # type: ignore[arg-type]


def book(database: Database, document: Document, *goods: tuple[str, Place, int]) -> int:
    with database.write() as uow:
        return len(receiving.record(uow, STORE_ID, document, goods))


def sell(database: Database, quantity_milli: int, sale_id: str = "s1", **when: object) -> None:
    message = sale_message(line_of(WATER, quantity_milli), sale_id=sale_id, **when)  # type: ignore[arg-type]
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), LATER)


def lying(database: Database, of: str = WATER.gtin) -> dict[Place, int]:
    with database.read() as uow:
        assert shelves.audit(uow, STORE_ID) == []
        assert stock.audit(uow, STORE_ID) == []
        return {each.place: each.quantity_milli // 1000 for each in shelves.lying(uow, STORE_ID, [of])}


def test_a_delivery_lies_where_and_in_the_lot_it_was_put(database: Database) -> None:
    book(
        database,
        paper(Kind.DELIVERY),
        (WATER.gtin, MAY, 4000),
        (WATER.gtin, Place(BACKROOM, "M", MAY.expires_on), 6000),
    )
    assert lying(database) == {MAY: 4, Place(BACKROOM, "M", MAY.expires_on): 6}
    with database.read() as uow:
        moved = stock.movements(uow, STORE_ID, WATER.gtin)
        assert {(each.reason, each.document_id) for each in moved} == {(Reason.RECEIPT, "p1")}


def test_a_paper_sent_twice_moves_once(database: Database) -> None:
    assert book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 4000)) == 1
    assert book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 4000)) == 0
    with database.write() as uow:
        assert documents.post(uow, STORE_ID, "p1", who="Ada", now_utc=LATER) == ()
    assert lying(database) == {MAY: 4}


def test_a_pack_is_received_as_its_singles(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (SIX_WATERS.gtin, MAY, 2000), (WATER.gtin, MAY, 1000))
    assert lying(database) == {MAY: 13}


def test_what_is_sold_is_taken_off_the_lot_that_expires_first_booked_or_not(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, JUNE, 4000), (WATER.gtin, MAY, 3000))
    sell(database, 5000)
    assert lying(database) == {JUNE: 2}
    with database.write() as uow:
        assert shelves.settle(uow, STORE_ID, who="night", now_utc=LATER) == 1
        assert shelves.settle(uow, STORE_ID, who="night", now_utc=LATER) == 0
    assert lying(database) == {JUNE: 2}
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, WATER.gtin)
        assert level is not None
        assert level.on_hand_milli == 2000
        assert shelves.expiring(uow, STORE_ID, until=date(2026, 12, 31)) == (Lying(WATER.gtin, JUNE, 2000),)
        assert shelves.expiring(uow, STORE_ID, until=date(2026, 5, 31)) == ()


def test_goods_brought_out_without_a_word_are_a_shelf_below_nothing_not_a_refused_sale(
    database: Database,
) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, Place(BACKROOM), 10_000))
    sell(database, 4000)
    assert lying(database) == {Place(): -4, Place(BACKROOM): 10}
    with database.read() as uow:
        assert shelves.below_nothing(uow, STORE_ID) == (Lying(WATER.gtin, Place(), -4000),)
    book(database, paper(Kind.MOVE, "m1", location=BACKROOM), (WATER.gtin, Place(BACKROOM), 6000))
    assert lying(database) == {Place(): 2, Place(BACKROOM): 4}


def test_a_move_takes_the_lots_along_soonest_expiry_first(database: Database) -> None:
    back = [MAY.at(BACKROOM), JUNE.at(BACKROOM)]
    book(database, paper(Kind.DELIVERY), *((WATER.gtin, place, 3000) for place in back))
    book(database, paper(Kind.MOVE, "m1", location=BACKROOM), (WATER.gtin, Place(BACKROOM), 4000))
    assert lying(database) == {MAY: 3, JUNE: 1, JUNE.at(BACKROOM): 2}
    assert book(database, paper(Kind.MOVE, "m1", location=BACKROOM), (WATER.gtin, JUNE, 2000)) == 0


def test_waste_and_corrections_say_why_and_are_audited(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 3000))
    book(database, paper(Kind.WASTE, "w1", why="past its date"), (WATER.gtin, Place(), 1000))
    book(database, paper(Kind.CORRECTION, "c1", why="typed twice"), (WATER.gtin, Place(), -1000))
    assert lying(database) == {MAY: 1}
    with database.read() as uow:
        found = documents.listed(uow, STORE_ID, [Kind.WASTE, Kind.CORRECTION])
        assert {(each.document.kind, each.document.why) for each in found} == {
            (Kind.WASTE, "past its date"),
            (Kind.CORRECTION, "typed twice"),
        }


def test_a_delivery_is_filled_line_by_line_and_shows_what_differs(database: Database) -> None:
    with database.write() as uow:
        announced = {WATER.gtin: 12_000, SIX_WATERS.gtin: 1000, MIRROR.gtin: 2000}
        assert receiving.expect(uow, STORE_ID, paper(Kind.DELIVERY), announced)
        assert not receiving.expect(uow, STORE_ID, paper(Kind.DELIVERY), announced)
        assert documents.expected(uow, STORE_ID) == {WATER.gtin: 18_000, MIRROR.gtin: 2000}
        for place, milli in ((MAY, 10_000), (JUNE, 6000), (JUNE, 7000)):
            receiving.fill(uow, STORE_ID, "p1", WATER.gtin, milli, place=place, who="Ada", now_utc=NOW)
        receiving.fill_as_announced(uow, STORE_ID, "p1", who="Ada", now_utc=NOW)
        document = documents.find(uow, STORE_ID, "p1")
        assert document is not None
        assert [(line.gtin, line.difference_milli) for line in document.lines] == [
            (MIRROR.gtin, 0),
            (WATER.gtin, -8000),
            (WATER.gtin, None),
        ]
        documents.post(uow, STORE_ID, "p1", who="Ada", now_utc=LATER)
        assert documents.expected(uow, STORE_ID) == {}
    assert lying(database) == {MAY: 10, JUNE: 7}
    with database.write() as uow, pytest.raises(DocumentClosed):
        receiving.fill(uow, STORE_ID, "p1", WATER.gtin, 1000, place=MAY, who="Ada", now_utc=LATER)


def test_a_cancelled_paper_moves_nothing_and_cannot_be_posted(database: Database) -> None:
    with database.write() as uow:
        receiving.expect(uow, STORE_ID, paper(Kind.DELIVERY), {WATER.gtin: 1000})
        documents.cancel(uow, STORE_ID, "p1", who="Ada", now_utc=LATER)
        with pytest.raises(DocumentClosed):
            documents.post(uow, STORE_ID, "p1", who="Ada", now_utc=LATER)
        with pytest.raises(DocumentClosed):
            documents.post(uow, STORE_ID, "unheard of", who="Ada", now_utc=LATER)
    assert lying(database) == {}


def test_what_another_store_sent_arrives_under_the_same_id_with_its_lots(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 3000), (WATER.gtin, JUNE, 3000))
    out = paper(Kind.DISPATCH, "t1", partner="uptown")
    with database.write() as uow:
        moved = receiving.record(uow, STORE_ID, out, [(WATER.gtin, Place(), 4000)])
        sent = documents.find(uow, STORE_ID, "t1")
        assert sent is not None
        assert receiving.arrive(uow, "uptown", sent, moved, from_store=STORE_ID)
        assert not receiving.arrive(uow, "uptown", sent, moved, from_store=STORE_ID)
        receiving.fill_as_announced(uow, "uptown", "t1", who="Bo", now_utc=LATER)
        documents.post(uow, "uptown", "t1", who="Bo", now_utc=LATER)
        there = shelves.lying(uow, "uptown", [WATER.gtin])
    assert {each.place: each.quantity_milli for each in there} == {MAY: 3000, JUNE: 1000}
    assert lying(database) == {JUNE: 2}


def count(database: Database, pieces: int, place: Place = PLAIN, at_minutes: int = 0) -> None:
    with database.write() as uow:
        counts.open_count(uow, STORE_ID, paper(Kind.COUNT, "c1"), Scope(department="drinks"))
        counts.count_line(
            uow,
            STORE_ID,
            "c1",
            WATER.gtin,
            pieces * 1000,
            place=place,
            who="Ada",
            now_utc=NOW + timedelta(minutes=at_minutes),
        )


def post_count(database: Database) -> None:
    with database.write() as uow:
        documents.post(uow, STORE_ID, "c1", who="Ada", now_utc=LATER)


def test_a_difference_is_taken_against_what_the_books_held_when_the_line_was_counted(
    database: Database,
) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 10_000))
    count(database, 8)
    sell(database, 3000, paid_at_utc=NOW + timedelta(minutes=5))
    post_count(database)
    assert lying(database) == {MAY: 5}
    with database.read() as uow:
        (found,) = [
            each for each in stock.movements(uow, STORE_ID, WATER.gtin) if each.reason is Reason.COUNT
        ]
        assert (found.quantity_milli, found.at_utc, found.place) == (-2000, NOW, MAY)


def test_what_lies_in_a_basket_while_its_shelf_is_counted_is_not_missed(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, Place(), 10_000))
    with database.write() as uow:
        reservations.hold(uow, STORE_ID, LANE_ID, {WATER.gtin: 2000}, NOW)
    count(database, 8)
    post_count(database)
    assert lying(database) == {Place(): 10}
    sell(database, 2000, paid_at_utc=NOW + timedelta(minutes=5))
    assert lying(database) == {Place(): 8}


def test_a_sale_made_before_a_count_and_told_after_it_is_not_missed_twice(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, Place(), 10_000))
    count(database, 8)
    post_count(database)
    sell(database, 2000, "offline", paid_at_utc=NOW - timedelta(hours=3))
    sell(database, 1000, "no-clock", paid_at_utc=NOW - timedelta(days=900))
    assert lying(database) == {Place(): 5}
    for given_back in (1, 0):
        with database.write() as uow:
            assert late_sales.give_back(uow, STORE_ID, now_utc=LATER) == given_back
    assert lying(database) == {Place(): 7}


def test_a_count_that_finds_what_was_expected_says_that_somebody_looked(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 2000))
    count(database, 2, at_minutes=1)
    post_count(database)
    with database.read() as uow:
        newest = stock.movements(uow, STORE_ID, WATER.gtin)[0]
    assert (newest.reason, newest.quantity_milli) == (Reason.COUNT, 0)


def test_packs_are_not_counted_and_not_asked_for(database: Database) -> None:
    count(database, 2)
    with database.write() as uow:
        document = documents.find(uow, STORE_ID, "c1")
        assert document is not None
        assert counts.progress(document) == (1, 1)
        with pytest.raises(DocumentRefused, match="pieces"):
            counts.count_line(uow, STORE_ID, "c1", SIX_WATERS.gtin, 0, place=Place(), who="Ada", now_utc=NOW)
        with pytest.raises(DocumentRefused, match="nothing to count"):
            counts.open_count(uow, STORE_ID, paper(Kind.COUNT, "c2"), Scope(aisle="99"))


def test_quantities_that_no_store_has_are_refused(database: Database) -> None:
    for milli in (-1000, 10**12):
        with pytest.raises(DocumentRefused), database.write() as uow:
            receiving.record(uow, STORE_ID, paper(Kind.WASTE), [(WATER.gtin, Place(), milli)])
    assert lying(database) == {}


def test_what_is_not_in_the_catalogue_is_received_all_the_same(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (gtin(999), MAY, 3000))
    assert lying(database, gtin(999)) == {MAY: 3}


def test_the_audit_names_a_place_whose_sum_was_tampered_with(database: Database) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 3000))
    with database.write() as uow:
        uow.session.connection().execute(text("UPDATE stock_at SET quantity_milli = 2000"))
    with database.read() as uow:
        assert shelves.audit(uow, STORE_ID) == [
            PlaceDifference(WATER.gtin, Place(), 0, 1000),
            PlaceDifference(WATER.gtin, MAY, 3000, 2000),
        ]


@pytest.mark.parametrize("statement", ["UPDATE movement SET location = 'x'", "DELETE FROM movement"])
def test_a_movement_still_cannot_be_changed_after_it_learned_its_place(
    database: Database, statement: str
) -> None:
    book(database, paper(Kind.DELIVERY), (WATER.gtin, MAY, 3000))
    with pytest.raises(DBAPIError, match="append-only"), database.write() as uow:
        uow.session.connection().execute(text(statement))


@pytest.fixture
def play(database: Database) -> Play:
    return Play(database)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_whatever_happens_in_whatever_order_every_piece_is_somewhere_and_nothing_is_booked_twice(
    play: Play, day: list[Happening]
) -> None:
    play.run(day)


def test_states_are_told_open_first(database: Database) -> None:
    book(database, paper(Kind.DELIVERY, "old"), (WATER.gtin, MAY, 3000))
    with database.write() as uow:
        receiving.expect(uow, STORE_ID, replace(paper(Kind.DELIVERY, "new"), made_at_utc=NOW), {})
        found = documents.listed(uow, STORE_ID, [Kind.DELIVERY])
    assert [(each.document.state, each.line_count) for each in found] == [(State.OPEN, 0), (State.POSTED, 1)]
