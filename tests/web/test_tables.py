"""Owns what every table of the console must do: sort, filter, page and be taken away as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from inventory.domain.catalogue import SoldBy
from inventory.services import catalogue, item_find, item_list
from inventory.services.listing import Between, Holds, Order, Wish, page_of, stream
from inventory.web.pages import PageRefused
from inventory.web.table_export import workbook_of
from inventory.web.table_query import read_query
from inventory.web.table_view import Column, Table
from inventory.web.texts import texts_for
from tests.support.web_store import NOON, STORE, SignedIn, StoreInTest, item

ROME = ZoneInfo("Europe/Rome")
LISTING = item_list.levels("en")


def fill(store: StoreInTest, count: int) -> None:
    items = [
        item(
            f"{80000000000000 + number:014}",
            f"Tea {number % 7}",
            price_minor=100 + number % 3,
            sold_by=SoldBy.WEIGHT if number % 2 else SoldBy.UNIT,
        )
        for number in range(count)
    ]
    with store.database.write() as uow:
        catalogue.replace_items(uow, STORE, items, {"standard": 2200}, NOON)


def column(page: str, number: int) -> list[str]:
    rows = re.findall(r"<tr>(<td.*?)</tr>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", re.findall(r"<td.*?</td>", row, re.DOTALL)[number]) for row in rows]


def test_a_head_sorts_up_and_then_down_and_says_so(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    up = ada.get("/manager/items?sort=price").text
    assert column(up, 2) == ["€1.29", "€2.09 a kg"]
    assert 'aria-sort="ascending"><a href="/manager/items?sort=-price"' in up
    down = ada.get("/manager/items?sort=-price").text
    assert column(down, 2) == ["€2.09 a kg", "€1.29"]
    assert 'aria-sort="descending"><a href="/manager/items?sort=price"' in down


def test_filters_join_and_stay_in_the_links_and_the_fields(store: StoreInTest, signed_in: SignedIn) -> None:
    fill(store, 130)
    page = (
        signed_in("Ada").get("/manager/items?department=Dairy&price.from=1,01&price.to=1.01&sort=-name").text
    )
    assert set(column(page, 2)) == {"€1.01"}
    assert set(column(page, 5)) == {"Dairy"}
    assert 'value="1,01"' in page
    assert '<option value="Dairy" selected>' in page
    assert "department=Dairy&amp;sort=name" in page
    assert 'name="sort" value="-name"' in page
    assert "Clear filters" in page


def test_what_cannot_be_read_is_named_and_left_out(signed_in: SignedIn) -> None:
    page = signed_in("Ada").get("/manager/items?price.from=cheap&sort=store_id&page=-3").text
    assert "Left out, for it is no number or day: “cheap”" in page
    assert 'aria-invalid="true"' in page
    assert len(column(page, 0)) == 2


def test_pages_join_to_the_whole_list_with_no_row_twice(store: StoreInTest) -> None:
    fill(store, 120)
    with store.database.read() as uow:
        for order in (Order("price"), Order("name", is_down=True), Order("moved")):
            wish = Wish(order=order)
            pages = [page_of(uow, STORE, LISTING, Wish(order, (), number)) for number in (1, 2, 3)]
            seen = [row["gtin"] for page in pages for row in page.rows]
            assert len(set(seen)) == len(seen) == 120
            assert seen == [row["gtin"] for row in stream(uow, STORE, LISTING, wish)]


def test_a_list_past_the_count_says_so_and_is_paged_no_further(store: StoreInTest) -> None:
    fill(store, 101)
    with store.database.read() as uow:
        page = page_of(uow, STORE, LISTING, Wish(page_no=10**6), rows=20, at_most=100)
    assert page.is_more
    assert page.total == 100
    assert page.page_no == page.page_count == 5


def test_a_list_too_long_for_an_order_keeps_its_own_and_says_so(store: StoreInTest) -> None:
    fill(store, 60)
    with store.database.read() as uow:
        refused = page_of(uow, STORE, LISTING, Wish(Order("name", is_down=True)), sorted_at_most=59)
        sorted_ = page_of(uow, STORE, LISTING, Wish(Order("name", is_down=True)), sorted_at_most=60)
        indexed = page_of(uow, STORE, LISTING, Wish(Order("department", is_down=True)), sorted_at_most=1)
    assert refused.is_order_refused
    assert refused.order == LISTING.default
    assert sorted_.order == Order("name", is_down=True)
    assert not sorted_.is_order_refused
    assert not indexed.is_order_refused


def test_a_list_of_any_length_is_sorted_by_price_and_number(store: StoreInTest) -> None:
    fill(store, 60)
    listing = item_list.items("en")
    with store.database.read() as uow:
        for key, is_down in (("price", False), ("price", True), ("sku", False), ("gtin", True)):
            page = page_of(uow, STORE, listing, Wish(Order(key, is_down=is_down)), sorted_at_most=1)
            assert not page.is_order_refused
            values = [(row[key], row["gtin"]) for row in page.rows]
            assert values == sorted(values, reverse=is_down)


def test_a_large_store_is_searched_by_its_index(store: StoreInTest) -> None:
    fill(store, 60)
    with store.database.read() as uow:
        assert item_find.numbers_found(uow, STORE, "Tea 3") is None
        found = item_find.numbers_found(uow, STORE, "tea 3", large=50)
        assert found is not None
        assert len(found) == len(range(3, 60, 7))
        by_number = item_find.numbers_found(uow, STORE, "80000000000017", large=50)
        assert by_number == ("80000000000017",)
        assert item_find.numbers_found(uow, STORE, "%", large=50) == ()
        listing = item_list.items("en", found)
        page = page_of(uow, STORE, listing, Wish(filters=(Holds("search", "tea 3"),)))
    assert {row["gtin"] for row in page.rows} == set(found)


def test_only_what_a_listing_allows_reaches_the_database(store: StoreInTest) -> None:
    with store.database.read() as uow:
        wild = Wish(
            Order("gtin; DROP TABLE item"),
            (Holds("store_id", "other"), Holds("gtin", "x"), Between("name", 1)),
        )
        page = page_of(uow, STORE, LISTING, wild)
    assert len(page.rows) == 2
    assert page.order == LISTING.default
    assert page.filters == ()


def test_a_search_takes_signs_of_patterns_for_themselves(store: StoreInTest) -> None:
    with store.database.read() as uow:
        for text, found in (("%", 0), ("_", 0), ("'", 0), ("MILK", 1)):
            assert page_of(uow, STORE, LISTING, Wish(filters=(Holds("search", text),))).total == found


def test_the_file_holds_what_is_filtered_as_it_is_sorted(store: StoreInTest, signed_in: SignedIn) -> None:
    fill(store, 1_203)
    ada = signed_in("Ada")
    answer = ada.get("/manager/items?search=Tea+3&sort=-price&export=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="items.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Item"] for row in rows} == {"Tea 3"}
    assert [row["Price"] for row in rows] == sorted((row["Price"] for row in rows), reverse=True)
    assert len(rows) == len(range(3, 1_203, 7))


def test_a_name_that_is_a_formula_leaves_as_plain_text(store: StoreInTest, signed_in: SignedIn) -> None:
    with store.database.write() as uow:
        bad = item("08001234000011", '=HYPERLINK("http://x")')
        catalogue.change_items(uow, STORE, put=[bad], now_utc=NOON)
    text = signed_in("Ada").get("/manager/stock?export=csv").content.decode()
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text
    assert "0.000" in text


def test_a_workbook_holds_the_same_rows_with_figures_as_figures(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    with store.database.write() as uow:
        bad = item("08001234000011", "=1+1", price_minor=250)
        catalogue.replace_items(uow, STORE, [bad], {"standard": 2200}, NOON)
    answer = signed_in("Ada").get("/manager/items?export=xlsx")
    assert 'filename="items.xlsx"' in answer.headers["content-disposition"]
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name(sheet).to_python()
    found = dict(zip(*rows, strict=True))
    assert (found["Item"], found["GTIN"], found["Price"]) == ("=1+1", "08001234000011", 2.5)


def test_a_list_too_long_for_a_workbook_is_refused_before_a_byte_of_it_leaves(store: StoreInTest) -> None:
    fill(store, 60)
    columns = (Column("name", "Item"), Column("price", "Price"))
    table = Table(
        name="items",
        path="/manager/items",
        caption="Items",
        listing=item_list.items("en"),
        columns=columns,
        empty="",
        texts=texts_for("en"),
        zone=ROME,
        currency="EUR",
    )
    with pytest.raises(PageRefused, match="too long for a workbook"):
        workbook_of(store.database, STORE, table, {}, at_most=60)
    assert b"".join(workbook_of(store.database, STORE, table, {}, at_most=61)).startswith(b"PK")


def test_a_filtered_day_is_the_stores_own_day() -> None:
    asked = read_query(
        {"moved.from": "2026-03-29", "moved.to": "2026-03-29"}, LISTING, zone=ROME, currency="EUR"
    )
    day = next(each for each in asked.wish.filters if each.key == "moved")
    assert isinstance(day, Between)
    assert day.least == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert day.most == datetime(2026, 3, 29, 22, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(["search", "on_hand.from", "moved.to", "sort", "page"]), st.text()))
def test_no_address_is_too_odd_to_be_read(query: dict[str, str]) -> None:
    asked = read_query(query, LISTING, zone=ROME, currency="EUR")
    again = asked.query(order=asked.wish.order)
    assert again.startswith("?")
    assert asked.faults <= asked.raw.keys()
