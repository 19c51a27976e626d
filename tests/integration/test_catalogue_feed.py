"""The change feed: a lane hears what it missed, or the whole where the feed does not reach back."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.responses import StreamingResponse

from inventory.db.feed_table import ItemChangeRow
from inventory.db.unit_of_work import Database
from inventory.domain.catalogue import Item
from inventory.domain.item_sets import moved_sum, sum_of
from inventory.services import catalogue, catalogue_feed, catalogue_text
from inventory.web.catalogue_answers import catalogue_answer
from inventory.wire import CatalogueDelta, CatalogueMessage, StockMessage
from kiosk.shelf import changed, shelf_from
from tests.support.store_samples import ITEMS, MIRROR, NOW, PEARS, RATES, STORE_ID, WATER, opened_store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened_store(tmp_path) as database:
        yield database


def change(database: Database, *put: Item, dropped: tuple[str, ...] = (), at: datetime = NOW) -> int:
    with database.write() as uow:
        return catalogue.change_items(uow, STORE_ID, put=put, dropped=dropped, now_utc=at)


def whole(database: Database) -> CatalogueMessage:
    with database.read() as uow:
        return catalogue.current(uow, STORE_ID, is_marked=True)


def told(database: Database, copy: CatalogueMessage) -> CatalogueDelta | None:
    with database.read() as uow:
        return catalogue.delta(uow, STORE_ID, since=copy.version, mark=copy.mark)


def dearer(item: Item, by: int = 10) -> Item:
    return replace(item, price_minor=item.price_minor + by)


def test_a_lane_hears_what_changed_and_what_went_since_its_version(database: Database) -> None:
    copy = whole(database)
    change(database, dearer(WATER))
    change(database, dearer(WATER, 20), dropped=(MIRROR.gtin,))
    delta = told(database, copy)
    assert delta is not None
    assert delta.items == (dearer(WATER, 20),)
    assert delta.dropped == (MIRROR.gtin,)
    assert [each.gtin for each in delta.stock] == [WATER.gtin]
    patched = changed(shelf_from(copy), delta)
    assert patched is not None
    assert patched.model_copy(update={"stock": ()}) == whole(database).model_copy(update={"stock": ()})


def test_a_replacement_tells_its_real_differences_alone(database: Database) -> None:
    copy = whole(database)
    with database.write() as uow:
        after = [dearer(PEARS), *(item for item in ITEMS if item not in (PEARS, MIRROR))]
        catalogue.replace_items(uow, STORE_ID, after, RATES | {"new": 500}, NOW)
    delta = told(database, copy)
    assert delta is not None
    assert (delta.items, delta.dropped) == ((dearer(PEARS),), (MIRROR.gtin,))
    assert delta.tax_rates_bp == RATES | {"new": 500}


def test_what_changed_and_changed_back_is_told_as_it_is_now(database: Database) -> None:
    copy = whole(database)
    change(database, dearer(WATER))
    change(database, WATER)
    delta = told(database, copy)
    assert delta is not None
    patched = changed(shelf_from(copy), delta)
    assert patched is not None
    assert patched.items == copy.items


def test_a_version_of_another_history_gets_the_whole(database: Database) -> None:
    copy = whole(database)
    change(database, dearer(WATER))
    assert told(database, copy.model_copy(update={"mark": "another"})) is None
    assert told(database, copy.model_copy(update={"mark": ""})) is None
    assert told(database, copy.model_copy(update={"version": 99})) is None


def test_the_feed_reaches_back_for_weeks_and_forgets_what_is_older(database: Database) -> None:
    first = whole(database)
    change(database, dearer(WATER), at=NOW + timedelta(days=1))
    second = whole(database)
    change(database, dearer(MIRROR), at=NOW + timedelta(days=35))
    assert told(database, first) is not None
    change(database, dearer(PEARS), at=NOW + timedelta(days=42))
    assert told(database, first) is None  # its next version is forgotten
    delta = told(database, second)
    assert delta is not None
    assert delta.items == (dearer(MIRROR), dearer(PEARS))
    with database.read() as uow:
        kept = uow.session.connection().execute(select(func.count()).select_from(ItemChangeRow)).scalar()
    assert kept == 2


def test_a_way_longer_than_the_whole_is_not_told(database: Database) -> None:
    goods = [replace(WATER, gtin=f"{number:014}", sku=f"S{number}") for number in range(1, 1202)]
    change(database, *goods[:1])
    copy = whole(database)
    change(database, *goods)
    assert told(database, copy) is None
    with database.read() as uow:
        newest = catalogue_feed.newest(uow, STORE_ID)
    assert newest.change_count is None
    assert newest.checksum == sum_of(whole(database).items)


def test_older_lanes_get_the_whole_as_they_know_it(database: Database) -> None:
    copy = whole(database)
    change(database, dearer(WATER))
    with database.read() as uow:
        old = catalogue_answer(uow, STORE_ID, since=copy.version, mark=None)
        new = catalogue_answer(uow, STORE_ID, since=copy.version, mark=copy.mark)
        same = catalogue_answer(uow, STORE_ID, since=copy.version + 1, mark=None)
        restored = catalogue_answer(uow, STORE_ID, since=copy.version + 1, mark="of a lost history")
    assert (old.status_code, new.status_code, same.status_code) == (200, 226, 304)
    assert restored.status_code == 200
    assert b'"mark"' not in bytes(old.body)
    assert b'"checksum"' in bytes(restored.body)


@pytest.mark.parametrize(
    ("accepts", "is_packed"),
    [("gzip, br", True), ("GZIP;q=0.5", True), ("", False), ("br", False), ("gzip;q=0", False)],
)
def test_a_long_answer_is_packed_for_whoever_takes_it(
    database: Database, accepts: str, is_packed: bool
) -> None:
    with database.read() as uow:
        answer = catalogue_answer(uow, STORE_ID, since=None, mark="", accepts=accepts)
    body = bytes(answer.body)
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    message = CatalogueMessage.model_validate_json(gzip.decompress(body) if is_packed else body)
    assert message == whole(database)


def test_the_whole_written_in_pieces_is_the_whole(database: Database) -> None:
    with database.read() as uow:
        pieces = list(catalogue_text.written(uow, STORE_ID, is_marked=True))
        plain = b"".join(catalogue_text.written(uow, STORE_ID, level_as=StockMessage.plain))
    assert b"".join(pieces) == whole(database).model_dump_json().encode()
    told = CatalogueMessage.model_validate_json(plain)
    assert told.stock == tuple(level.plain() for level in whole(database).stock)
    assert not told.mark


@pytest.mark.parametrize("accepts", ["gzip", ""])
def test_a_whole_too_long_for_the_memory_is_sent_from_a_file(database: Database, accepts: str) -> None:
    with database.read() as uow:
        short = catalogue_answer(uow, STORE_ID, since=None, mark="")
        long = catalogue_answer(uow, STORE_ID, since=None, mark="", accepts=accepts, in_memory_bytes=100)
    assert isinstance(long, StreamingResponse)

    async def read() -> bytes:
        return b"".join([part async for part in long.body_iterator if isinstance(part, bytes)])

    body = asyncio.run(read())
    assert long.headers["content-length"] == str(len(body))
    assert (gzip.decompress(body) if accepts else body) == short.body


@pytest.mark.parametrize(
    "spoiled",
    [
        {"since": 7},
        {"since_mark": "x"},
        {"item_count": 99},
        {"checksum": "0" * 32},
        {"items": ()},
        {"dropped": (PEARS.gtin,)},
    ],
)
def test_changes_that_do_not_add_up_are_not_taken(database: Database, spoiled: dict[str, object]) -> None:
    copy = whole(database)
    change(database, dearer(WATER))
    delta = told(database, copy)
    assert delta is not None
    assert changed(shelf_from(copy), delta) is not None
    assert changed(shelf_from(copy), delta.model_copy(update=spoiled)) is None


ITEM_SETS = st.dictionaries(st.sampled_from([item.gtin for item in ITEMS]), st.integers(1, 4))


def goods(prices: dict[str, int]) -> list[Item]:
    return [replace(item, price_minor=prices[item.gtin]) for item in ITEMS if item.gtin in prices]


@given(before=ITEM_SETS, after=ITEM_SETS)
def test_a_sum_moves_to_that_of_the_other_set(before: dict[str, int], after: dict[str, int]) -> None:
    moved = moved_sum(sum_of(goods(before)), gone=goods(before), come=goods(after))
    assert moved == sum_of(goods(after))
    assert (moved == sum_of(goods(before))) is (before == after)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(st.tuples(ITEM_SETS, st.sampled_from(["put", "drop", "replace"])), max_size=6),
    heard=st.sets(st.integers(0, 6)),
)
def test_a_lane_that_hears_now_and_then_has_the_stores_items(
    database: Database, history: list[tuple[dict[str, int], str]], heard: set[int]
) -> None:
    copy = whole(database)
    for number, (prices, how) in enumerate([*history, ({}, "put")]):
        with database.write() as uow:
            if how == "replace":
                catalogue.replace_items(uow, STORE_ID, goods(prices), RATES, NOW)
            else:
                put = goods(prices) if how == "put" else ()
                gone = prices if how == "drop" else ()
                catalogue.change_items(uow, STORE_ID, put=put, dropped=gone, now_utc=NOW)
        if number in heard or number == len(history):
            delta = told(database, copy)
            patched = changed(shelf_from(copy), delta) if delta is not None else whole(database)
            assert patched is not None
            copy = patched
    assert copy.items == whole(database).items
    assert copy.checksum == sum_of(copy.items)
