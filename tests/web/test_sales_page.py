"""Owns what the sales page must find and sum, and that its sums are those of its list."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from inventory.db.repositories import insert_new
from inventory.db.tables import SaleEventRow
from inventory.domain.catalogue import SoldBy
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines
from inventory.services import sales, sales_list
from inventory.services.listing import Between, Holds, Wish, stream
from inventory.wire import SaleMessage
from tests.support.web_store import APPLES, MILK, NOON, STORE, SignedIn, StoreInTest


def sell(
    store: StoreInTest, number: int, gtin: str, minor: int, *, days: int = 0, lane: str = "lane-1"
) -> None:
    name = "Whole milk 1 L" if gtin == MILK else "Apples"
    line = SaleLine(gtin, "S", name, SoldBy.UNIT, 1000, minor, minor, 0, "standard", 2200)
    sale = Sale(
        sale_id=f"sale/{number}",
        store_id=STORE,
        lane_id=lane,
        receipt_no=1000 + number,
        paid_at_utc=NOON - timedelta(days=days),
        currency="EUR",
        language="en",
        lines=(line,),
        taxes=tax_of_lines((line,)),
        tenders=(Tender("card", minor, f"a{number}"),),
        total_minor=minor,
    )
    message = SaleMessage(sale=sale, journal_seq=number, journal_head="")
    with store.database.write() as uow:
        sales.record(uow, STORE, message, message.model_dump_json().encode(), store.clock())


def three_sales(store: StoreInTest) -> None:
    sell(store, 1, MILK, 129)
    sell(store, 2, APPLES, 209, days=2, lane="lane-2")
    sell(store, 3, MILK, 500, days=20)


def test_the_last_week_comes_first_with_its_sums(store: StoreInTest, signed_in: SignedIn) -> None:
    three_sales(store)
    page = signed_in("Ada").get("/manager/sales").text
    for words in (
        ">1001</a>",
        ">1002</a>",
        "€3.38",
        "€1.69",
        "Lane 2",
        'href="/staff/day/sale?id=sale%2F1"',
        'value="2026-11-15"',
    ):
        assert words in page, words
    assert ">1003</a>" not in page


def test_sales_are_found_by_day_lane_amount_item_and_receipt(store: StoreInTest, signed_in: SignedIn) -> None:
    three_sales(store)
    ada = signed_in("Ada")
    for asked, found in (
        ("day.from=2026-11-01&day.to=2026-11-01", {"1003"}),
        ("day.from=&lane=lane-2", {"1002"}),
        ("day.from=&total.from=2&total.to=4,99", {"1002"}),
        ("day.from=&item=apple", {"1002"}),
        (f"day.from=&item={MILK[1:]}", {"1001", "1003"}),
        ("day.from=&receipt=1003", {"1003"}),
        ("day.from=&receipt=1003%27--", set()),
        ("day.from=&state=back", set()),
    ):
        text = ada.get(f"/manager/sales?{asked}&export=csv").content.decode("utf-8-sig")
        assert {row["Receipt"] for row in csv.DictReader(io.StringIO(text))} == found, asked


def test_what_was_paid_back_stands_beside_what_was_taken(store: StoreInTest, signed_in: SignedIn) -> None:
    three_sales(store)
    event = SaleEventRow(
        store_id=STORE,
        sale_id="sale/1",
        kind="reversed",
        detail="",
        order_id="o",
        amount_minor=129,
        currency="EUR",
        who="Ada",
        at_utc=NOON,
    )
    with store.database.write() as uow:
        insert_new(uow.session, event)
    page = signed_in("Ada").get("/manager/sales").text
    assert "paid back" in page
    assert 'class="v num">€1.29</dd>' in page
    assert "€3.38" in page


def test_sums_by_department_name_what_is_sold_and_what_is_in_none(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    three_sales(store)
    sell(store, 4, "08001234000011", 100)
    page = signed_in("Ada").get("/manager/sales").text
    for words in ("Dairy", "Fruit", "without a department", "48 %"):
        assert words in page, words


def test_a_store_without_sales_says_so(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    assert "Nothing fits this search." in ada.get("/manager/sales").text
    assert "Nothing was sold yet." in ada.get("/manager/sales?day.from=").text


@pytest.mark.parametrize("lane", ["", "lane-2"])
@pytest.mark.parametrize("item", ["", "milk"])
@pytest.mark.parametrize("least", [0, 200])
def test_every_sum_is_that_of_the_rows_it_stands_over(
    store: StoreInTest, lane: str, item: str, least: int
) -> None:
    three_sales(store)
    wish = Wish(filters=(Holds("lane", lane), Between("total", least), Holds("item", item)))
    with store.database.read() as uow:
        rows = list(stream(uow, STORE, sales_list.SALES, wish))
        total = sum(row["total"] for row in rows)
        for sums in (
            sales_list.by_day(uow, STORE, wish),
            sales_list.by_hour(uow, STORE, wish),
            sales_list.by_department(uow, STORE, wish),
        ):
            assert sum(each.total_minor for each in sums) == total
            assert sum(each.count for each in sums) == len(rows)
