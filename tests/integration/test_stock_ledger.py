"""The stock ledger: every movement once, on-hand as their sum, and an audit that notices a difference."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from inventory.db.unit_of_work import EVERYONE, Database
from inventory.domain.stock import Band, Movement, Reason
from inventory.services import stock
from inventory.services.stock import StockDifference
from inventory.wire import StockMessage
from tests.support.engines import NewStore
from tests.support.store_samples import (
    MIRROR,
    NOW,
    PEARS,
    STORE_ID,
    WATER,
    gtin,
    heard,
    opened_store,
)


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, new_store=new_store) as database:
        yield database


def receipt(quantity_milli: int, source_id: str, of: str = MIRROR.gtin) -> Movement:
    return Movement(of, Reason.RECEIPT, quantity_milli, source_id, "Ada", NOW)


def post(database: Database, movement: Movement) -> bool:
    with database.write() as uow:
        return stock.post(uow, STORE_ID, movement)


def test_on_hand_is_the_sum_of_the_movements(database: Database) -> None:
    assert post(database, receipt(5000, "delivery-1"))
    assert post(database, receipt(-2000, "broken-1"))
    with database.read() as uow:
        assert stock.on_hand(uow, STORE_ID, MIRROR.gtin) == StockMessage(
            gtin=MIRROR.gtin, on_hand_milli=3000, as_of_utc=NOW
        )


def test_the_same_source_posted_twice_moves_nothing_and_tells_nobody(database: Database) -> None:
    assert post(database, receipt(5000, "delivery-1"))
    announcements = heard(database)
    assert not post(database, receipt(5000, "delivery-1"))
    assert announcements == []
    with database.read() as uow:
        assert len(stock.movements(uow, STORE_ID, MIRROR.gtin)) == 1


def test_an_item_that_never_moved_has_none_since_its_catalogue_was_made(database: Database) -> None:
    with database.read() as uow:
        nothing = StockMessage(gtin=WATER.gtin, on_hand_milli=0, as_of_utc=NOW)
        assert stock.on_hand(uow, STORE_ID, WATER.gtin) == nothing
        assert stock.on_hand(uow, STORE_ID, gtin(999)) is None


def test_what_moves_without_being_in_the_catalogue_is_known_and_told(database: Database) -> None:
    announcements = heard(database)
    post(database, receipt(-1000, "stray", gtin(999)))
    stray = StockMessage(gtin=gtin(999), on_hand_milli=-1000, as_of_utc=NOW)
    assert [told.message for told in announcements] == [stray]
    with database.read() as uow:
        assert stock.on_hand(uow, STORE_ID, gtin(999)) == stray


def test_everyone_hears_of_a_movement_after_it_is_committed(database: Database) -> None:
    announcements = heard(database)
    with database.write() as uow:
        stock.post(uow, STORE_ID, receipt(5000, "delivery-1"))
        assert announcements == []
    (told,) = announcements
    assert (told.event_name, told.audience) == ("stock", EVERYONE)


def test_nobody_hears_of_what_was_rolled_back(database: Database) -> None:
    announcements = heard(database)

    def post_and_fail() -> None:
        with database.write() as uow:
            stock.post(uow, STORE_ID, receipt(5000, "delivery-1"))
            raise RuntimeError("the lights go out")

    with pytest.raises(RuntimeError):
        post_and_fail()
    assert announcements == []
    with database.read() as uow:
        assert stock.movements(uow, STORE_ID, MIRROR.gtin) == ()


def test_a_listener_that_fails_does_not_undo_the_commit(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def deaf(_announcements: object) -> None:
        raise RuntimeError("deaf")

    database.listen(deaf)
    announcements = heard(database)
    assert post(database, receipt(5000, "delivery-1"))
    assert len(announcements) == 1
    assert "A listener failed" in caplog.text


def test_as_of_never_goes_back(database: Database) -> None:
    post(database, receipt(1000, "today"))
    with database.write() as uow:
        late = Movement(MIRROR.gtin, Reason.COUNT, -1000, "late", "Ada", NOW - timedelta(days=2))
        stock.post(uow, STORE_ID, late)
        level = stock.on_hand(uow, STORE_ID, MIRROR.gtin)
    counted = late.at_utc
    assert level == StockMessage(gtin=MIRROR.gtin, on_hand_milli=0, as_of_utc=NOW, counted_at_utc=counted)


def test_movements_come_newest_first(database: Database) -> None:
    for day in range(3):
        with database.write() as uow:
            at_utc = NOW + timedelta(days=day)
            stock.post(uow, STORE_ID, Movement(MIRROR.gtin, Reason.WASTE, -1000, f"day-{day}", "Ada", at_utc))
    with database.read() as uow:
        found = stock.movements(uow, STORE_ID, MIRROR.gtin, limit=2)
        assert [movement.source_id for movement in found] == ["day-2", "day-1"]
        assert [message.on_hand_milli for message in stock.negative(uow, STORE_ID)] == [-3000]
        assert stock.moved_since(uow, STORE_ID, NOW + timedelta(days=2))
        assert stock.moved_since(uow, STORE_ID, NOW + timedelta(days=3)) == ()


def test_two_threads_posting_the_same_sources_post_each_once(database: Database) -> None:
    posted: list[bool] = []

    def post_all() -> None:
        posted.extend(post(database, receipt(1000, f"delivery-{number}")) for number in range(10))

    threads = [threading.Thread(target=post_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (posted.count(True), posted.count(False)) == (10, 30)
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, MIRROR.gtin)
        assert level is not None
        assert level.on_hand_milli == 10_000
        assert stock.audit(uow, STORE_ID) == []


movements = st.lists(
    st.builds(
        Movement,
        gtin=st.sampled_from([MIRROR.gtin, WATER.gtin, PEARS.gtin]),
        reason=st.sampled_from(Reason),
        quantity_milli=st.integers(-50_000, 50_000),
        source_id=st.integers(0, 9).map("source-{}".format),
        actor=st.just("Ada"),
        at_utc=st.just(NOW),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(movements, max_size=3))
def test_whatever_is_posted_in_whatever_batches_the_sums_agree(
    database: Database, batches: list[list[Movement]]
) -> None:
    with database.write() as uow:
        for batch in batches:
            stock.post_all(uow, STORE_ID, batch, as_of_utc=NOW)
        assert stock.audit(uow, STORE_ID) == []


def test_the_audit_names_an_item_whose_sum_was_tampered_with(database: Database) -> None:
    post(database, receipt(5000, "delivery-1"))
    with database.write() as uow:
        uow.session.connection().execute(text("UPDATE on_hand SET on_hand_milli = 4000"))
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == [StockDifference(MIRROR.gtin, 5000, 4000)]


def test_levels_are_found_by_name_code_and_department_page_by_page(database: Database) -> None:
    post(database, receipt(12_000, "delivery-1"))
    with database.read() as uow:
        everything = stock.levels(uow, STORE_ID, limit=3)
        assert (everything.total, len(everything.levels)) == (4, 3)
        assert len(stock.levels(uow, STORE_ID, limit=3, offset=3).levels) == 1
        (found,) = stock.levels(uow, STORE_ID, search="specchio").levels
        assert (found.item, found.on_hand_milli, found.band) == (MIRROR, 12_000, Band.PLENTY)
        assert [level.item for level in stock.levels(uow, STORE_ID, search="4409").levels] == [PEARS]
        assert stock.levels(uow, STORE_ID, search="%").total == 0
        (pears,) = stock.levels(uow, STORE_ID, department="produce").levels
        assert (pears.item, pears.as_of_utc, pears.band) == (PEARS, None, Band.NOT_HERE)
        assert stock.departments(uow, STORE_ID) == ("drinks", "household", "produce")
