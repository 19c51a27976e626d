"""What could set the books apart from the shelves: counts side by side, late sales, bundles in files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.db.unit_of_work import Database
from inventory.domain.bundles import Part
from inventory.domain.documents import Document, Kind
from inventory.domain.places import BACKROOM, PLAIN, SHELF, Place
from inventory.domain.stock import Movement, Reason
from inventory.formats.csv_catalogue import write_catalogue
from inventory.import_desk import Choices, ImportDesk
from inventory.services import (
    availability,
    bundles,
    catalogue,
    counts,
    documents,
    import_batches,
    import_undo,
    imports,
    item_changes,
    late_sales,
    reservations,
    sales,
    shelves,
    stock,
    stock_upkeep,
)
from inventory.services.counts import Scope
from inventory.services.import_batches import Batch, BatchError
from inventory.services.import_undo import TouchedSinceError
from inventory.services.imports import ImportRefused
from inventory.services.item_changes import ItemRefusedError, tag_of
from tests.support import goods_files as files
from tests.support.engines import NewStore
from tests.support.store_samples import (
    ITEMS,
    LANE_ID,
    MIRROR,
    NOW,
    PEARS,
    STORE_ID,
    WATER,
    body_of,
    gtin,
    line_of,
    opened_store,
    sale_message,
    store_config,
)

BREAKFAST = replace(MIRROR, gtin=gtin(7), sku="BREAKFAST", names={"en": "Breakfast"})
PARTS = (Part(WATER.gtin, 2000), Part(PEARS.gtin, 350))
LOT = Place(SHELF, "M")


@pytest.fixture
def database(tmp_path: Path, new_store: NewStore) -> Iterator[Database]:
    with opened_store(tmp_path, items=(*ITEMS, BREAKFAST), new_store=new_store) as database:
        yield database


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def minutes_of(at_utc: datetime) -> int:
    return int((at_utc - NOW).total_seconds()) // 60


def have(database: Database, pieces: int, place: Place = PLAIN, of: str = WATER.gtin) -> None:
    with database.write() as uow:
        came = Movement(of, Reason.RECEIPT, pieces * 1000, f"in:{of}:{place}", "Ada", after(-600), place)
        stock.post(uow, STORE_ID, came)


def count(database: Database, paper: str, pieces: int, minutes: int, place: Place = PLAIN) -> None:
    with database.write() as uow:
        counts.open_count(
            uow, STORE_ID, Document(paper, Kind.COUNT, "", "Ada", after(minutes)), Scope(gtins=(WATER.gtin,))
        )
        found = (uow, STORE_ID, paper, WATER.gtin, pieces * 1000)
        counts.count_line(*found, place=place, who="Ada", now_utc=after(minutes))


def book(database: Database, paper: str, minutes: int) -> None:
    with database.write() as uow:
        documents.post(uow, STORE_ID, paper, who="Ada", now_utc=after(minutes))


def tap(database: Database, pieces: int, minutes: int) -> None:
    with database.write() as uow:
        found = (uow, STORE_ID, WATER.gtin, pieces * 1000)
        availability.count(*found, source_id=f"tap:{minutes}", who="Bo", now_utc=after(minutes))


def sell(database: Database, pieces: int, *, paid: int, told: int, sale_id: str = "s1") -> None:
    message = sale_message(line_of(WATER, pieces * 1000), sale_id=sale_id, paid_at_utc=after(paid))
    with database.write() as uow:
        sales.record(uow, STORE_ID, message, body_of(message), after(told))


def held(database: Database, pieces: int, minutes: int) -> None:
    with database.write() as uow:
        reservations.hold(uow, STORE_ID, LANE_ID, {WATER.gtin: pieces * 1000}, after(minutes))


def give_back(database: Database, minutes: int) -> None:
    with database.write() as uow:
        late_sales.give_back(uow, STORE_ID, now_utc=after(minutes))


def pieces(database: Database, of: str = WATER.gtin) -> int:
    with database.read() as uow:
        assert stock.audit(uow, STORE_ID) == []
        assert shelves.audit(uow, STORE_ID) == []
        return sum(each.quantity_milli for each in shelves.lying(uow, STORE_ID, [of])) // 1000


@pytest.mark.parametrize("order", [("c1", "c2"), ("c2", "c1")])
def test_two_open_counts_of_one_shelf_correct_it_once(database: Database, order: tuple[str, str]) -> None:
    have(database, 5)
    count(database, "c1", 9, 1)
    count(database, "c2", 10, 2)
    for number, paper in enumerate(order):
        book(database, paper, 10 + number)
    assert pieces(database) == 10


def test_a_shelf_counted_by_a_tap_while_a_count_is_open_is_corrected_once(database: Database) -> None:
    have(database, 5)
    count(database, "c1", 9, 1)
    tap(database, 9, 2)
    sell(database, 1, paid=3, told=3)
    book(database, "c1", 10)
    assert pieces(database) == 8


def test_a_tap_before_the_line_was_counted_leaves_the_count_its_say(database: Database) -> None:
    have(database, 5)
    tap(database, 9, 1)
    count(database, "c1", 8, 2)
    book(database, "c1", 10)
    assert pieces(database) == 8


def test_counts_of_two_places_are_both_taken(database: Database) -> None:
    have(database, 5)
    have(database, 5, Place(BACKROOM))
    count(database, "c1", 6, 1)
    count(database, "c2", 7, 2, Place(BACKROOM))
    book(database, "c2", 10)
    book(database, "c1", 11)
    assert pieces(database) == 13


def test_a_late_sale_is_given_back_once_however_often_its_shelf_was_counted(database: Database) -> None:
    have(database, 10)
    for paper, minutes in (("c1", 1), ("c2", 20)):
        count(database, paper, 8, minutes)
        book(database, paper, minutes + 1)
    sell(database, 2, paid=-60, told=30)
    give_back(database, 40)
    give_back(database, 50)
    assert pieces(database) == 8


def test_a_late_sale_is_given_back_once_where_lots_were_counted_one_by_one(database: Database) -> None:
    have(database, 4, LOT)
    have(database, 6)
    count(database, "c1", 4, 1, LOT)
    count(database, "c1", 8, 2)
    book(database, "c1", 3)
    before = pieces(database)
    sell(database, 2, paid=-60, told=30)
    give_back(database, 40)
    assert pieces(database) == before


def test_what_a_count_did_not_miss_in_a_basket_is_not_given_back_as_a_late_sale(database: Database) -> None:
    have(database, 10)
    held(database, 2, -10)
    count(database, "c1", 8, 1)
    book(database, "c1", 2)
    sell(database, 2, paid=0, told=5)
    give_back(database, 6)
    assert pieces(database) == 8


def test_a_sale_told_between_two_counts_is_corrected_by_the_second_alone(database: Database) -> None:
    have(database, 10)
    count(database, "c1", 8, 1)
    book(database, "c1", 2)
    sell(database, 2, paid=-60, told=10)
    count(database, "c2", 8, 20)
    book(database, "c2", 21)
    give_back(database, 30)
    assert pieces(database) == 8


def test_a_sale_told_after_a_count_by_tap_is_given_back_once(database: Database) -> None:
    have(database, 10)
    tap(database, 8, 1)
    sell(database, 2, paid=-60, told=30)
    assert pieces(database) == 6
    for minutes in (40, 50):
        stock_upkeep.run(database, STORE_ID, after(minutes))
        assert pieces(database) == 8


def test_a_tap_did_not_miss_what_lay_in_that_lanes_basket(database: Database) -> None:
    have(database, 10)
    held(database, 2, -10)
    tap(database, 8, 1)
    sell(database, 3, paid=0, told=5)
    give_back(database, 6)
    assert pieces(database) == 8


def test_a_sale_told_after_a_count_in_a_file_is_given_back_once(database: Database) -> None:
    """The file's count is of 09:00; what was told until it is taken in is known to it."""
    have(database, 10)
    counted = minutes_of(datetime(2026, 5, 4, 9, tzinfo=UTC))
    sell(database, 1, paid=counted - 30, told=counted + 30, sale_id="known")
    counts_of_file = files.INVRPT.replace(files.SOAP[1:], WATER.gtin[1:])
    counts_of_file = counts_of_file.replace(f"LIN+2++{files.TEA[1:]}:SRV'\nQTY+17:1.25:KGM'\n", "")
    with database.write() as uow:
        imports.apply(uow, STORE_ID, counts_of_file.encode(), "Ada", after(counted + 60))
    assert pieces(database) == 7
    sell(database, 2, paid=counted - 20, told=counted + 90, sale_id="late")
    sell(database, 1, paid=counted + 80, told=counted + 95, sale_id="after")
    for minutes in (counted + 100, counted + 110):
        give_back(database, minutes)
        assert pieces(database) == 6


def test_a_sale_leaves_the_other_baskets_of_its_lane_reserved(database: Database) -> None:
    have(database, 10)
    held(database, 5, 1)
    sell(database, 2, paid=2, told=2)
    with database.read() as uow:
        assert reservations.held_by(uow, STORE_ID, WATER.gtin) == {LANE_ID: 3000}
    sell(database, 4, paid=3, told=3, sale_id="s2")
    with database.read() as uow:
        assert reservations.held_by(uow, STORE_ID, WATER.gtin) == {}
    assert pieces(database) == 4


def test_opening_stock_of_a_bundle_lies_with_its_parts(database: Database) -> None:
    with database.write() as uow:
        bundles.put(uow, STORE_ID, BREAKFAST.gtin, PARTS, who="Ada", now_utc=NOW)
        catalogue.change_items(uow, STORE_ID, dropped=[BREAKFAST.gtin], now_utc=NOW)
        raw = write_catalogue([BREAKFAST], on_hand_milli={BREAKFAST.gtin: 3000})
        imports.apply(uow, STORE_ID, raw, "Ada", NOW)
    assert (pieces(database, BREAKFAST.gtin), pieces(database)) == (0, 6)


def test_files_that_move_bundles_move_their_parts_and_may_not_count_them(database: Database) -> None:
    with database.write() as uow:
        bundles.put(uow, STORE_ID, BREAKFAST.gtin, PARTS, who="Ada", now_utc=NOW)
    received = files.EPCIS.replace(files.SOAP, BREAKFAST.gtin)
    for old, new in (
        ("urn:epc:class:lgtin:952000.0000001.L7", f"https://id.gs1.org/01/{WATER.gtin}"),
        ('"yesterday"', '"2026-05-04T08:00:00Z"'),
    ):
        received = received.replace(old, new)
    for _ in range(2):
        with database.write() as uow:
            imports.apply(uow, STORE_ID, received.encode(), "Ada", NOW)
    assert pieces(database, BREAKFAST.gtin) == 0
    assert pieces(database) == (12 - 2 + 1) * 2 + 1  # 1.5 kg are a piece and a half, cut by `pieces`
    counted = files.INVRPT.replace(files.SOAP[1:], BREAKFAST.gtin[1:]).replace(files.TEA[1:], WATER.gtin[1:])
    with database.write() as uow, pytest.raises(ImportRefused, match="count its parts"):
        imports.apply(uow, STORE_ID, counted.encode(), "Ada", NOW)


def test_what_an_item_had_before_it_became_a_bundle_lies_with_its_parts(database: Database) -> None:
    have(database, 3, of=BREAKFAST.gtin)
    have(database, 2, Place(BACKROOM), of=BREAKFAST.gtin)
    with database.write() as uow:
        bundles.put(uow, STORE_ID, BREAKFAST.gtin, PARTS, who="Ada", now_utc=NOW)
    assert (pieces(database, BREAKFAST.gtin), pieces(database)) == (0, 10)


def test_an_older_count_in_a_file_does_not_overrule_a_newer_one(database: Database) -> None:
    have(database, 5)
    tap(database, 9, 1)
    older = files.INVRPT.replace(files.SOAP[1:], WATER.gtin[1:])
    older = older.replace(f"LIN+2++{files.TEA[1:]}:SRV'\nQTY+17:1.25:KGM'\n", "")
    with database.write() as uow:
        imports.apply(uow, STORE_ID, older.encode(), "Ada", after(60))
    assert pieces(database) == 9


def test_a_lane_switched_off_with_a_full_basket_holds_nothing_back_for_ever(database: Database) -> None:
    have(database, 10)
    with database.write() as uow:
        reservations.hold(uow, STORE_ID, LANE_ID, {WATER.gtin: 2000}, NOW)
    stock_upkeep.run(database, STORE_ID, after(20))
    with database.read() as uow:
        level = stock.on_hand(uow, STORE_ID, WATER.gtin)
    assert level is not None
    assert level.reserved_milli == 0


def test_an_import_is_not_undone_while_a_bundle_is_made_of_what_it_brought(
    database: Database, tmp_path: Path
) -> None:
    config = store_config(tmp_path)
    desk = ImportDesk(config, database, clock=lambda: NOW)
    tea = replace(MIRROR, gtin=gtin(31), sku="TEA", names={"en": "Tea"})
    batch = brought(desk, database, write_catalogue([tea], on_hand_milli={tea.gtin: 4000}))
    desk.take(batch, actor="Ada")
    with database.write() as uow:
        bundles.put(uow, STORE_ID, BREAKFAST.gtin, (Part(tea.gtin, 1000),), who="Ada", now_utc=NOW)
    with pytest.raises(TouchedSinceError, match="Tea"), database.write() as uow:
        import_undo.undo(uow, STORE_ID, batch.batch_id, "Ada", NOW)
    with database.write() as uow:
        bundles.drop(uow, STORE_ID, BREAKFAST.gtin, who="Ada", now_utc=NOW)
        import_undo.undo(uow, STORE_ID, batch.batch_id, "Ada", NOW)
    assert pieces(database, tea.gtin) == 0


def test_an_import_taken_while_somebody_puts_it_away_can_still_be_undone(
    database: Database, tmp_path: Path
) -> None:
    desk = ImportDesk(store_config(tmp_path), database, clock=lambda: NOW)
    batch = brought(desk, database, write_catalogue([replace(WATER, price_minor=95)]))
    desk.take(batch, actor="Ada", confirmed=True)
    desk.drop(batch)
    with pytest.raises(BatchError):
        desk.read_again(batch, Choices())
    with database.write() as uow:
        import_undo.undo(uow, STORE_ID, batch.batch_id, "Ada", NOW)
    with database.read() as uow:
        assert catalogue.find_item(uow, STORE_ID, WATER.gtin) == WATER


def test_what_a_bundle_is_made_of_is_not_dropped_nor_made_a_pack(database: Database) -> None:
    with database.write() as uow:
        bundles.put(uow, STORE_ID, BREAKFAST.gtin, PARTS, who="Ada", now_utc=NOW)
    with pytest.raises(ItemRefusedError, match="bundle"), database.write() as uow:
        item_changes.drop_item(uow, STORE_ID, PEARS.gtin, seen=tag_of(PEARS), by="till", now_utc=NOW)
    pack = replace(BREAKFAST, multipack_of=MIRROR.gtin, multipack_units=2)
    with pytest.raises(ItemRefusedError, match="bundle"), database.write() as uow:
        item_changes.put_item(uow, STORE_ID, pack, seen=tag_of(BREAKFAST), by="till", now_utc=NOW)


def brought(desk: ImportDesk, database: Database, raw: bytes) -> Batch:
    batch_id = desk.bring(
        io.BytesIO(raw), file_name="a.csv", made_by="ada", made_by_name="Ada", choices=Choices()
    )
    desk.wait(batch_id)
    with database.read() as uow:
        batch = import_batches.find(uow, STORE_ID, batch_id)
    assert batch is not None
    return batch
