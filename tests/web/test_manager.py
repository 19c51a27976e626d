"""Owns what the console must show and do, seen through its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import SoldBy
from inventory.domain.help_numbers import percentile
from inventory.domain.questions import AnswerOutcome
from inventory.domain.sales import Sale, SaleLine, Tender, tax_of_lines, total_of_lines
from inventory.domain.stock import Movement, Reason
from inventory.services import answers, catalogue, sales, searches, stock
from inventory.wire import AnswerCountMessage, AnswerReport, SaleMessage, SearchCountMessage, SearchReport
from tests.support.web_store import APPLES, MILK, NOON, STORE, SignedIn, StoreInTest, item

GOOD = b"gtin,name,price_minor,tax_class,sku\n08001234000004,Whole milk 1 L,135,standard,S00004\n"
SIX = "08001234000059"
BREAD = b"08001234000011,Farmhouse bread,210,standard,S00011\n"


def sell(store: StoreInTest, number: int, *, price_minor: int = 129, at: datetime = NOON) -> None:
    line = SaleLine(MILK, "S1", "Milk", SoldBy.UNIT, 1000, price_minor, price_minor, 0, "standard", 2200)
    sale = Sale(
        sale_id=f"sale-{number}",
        store_id=STORE,
        lane_id="lane-1",
        receipt_no=1000 + number,
        paid_at_utc=at,
        currency="EUR",
        language="en",
        lines=(line,),
        taxes=tax_of_lines((line,)),
        tenders=(Tender("card", price_minor, f"a{number}"),),
        total_minor=total_of_lines((line,)),
    )
    message = SaleMessage(sale=sale, journal_seq=number, journal_head="")
    with store.database.write() as uow:
        sales.record(uow, STORE, message, message.model_dump_json().encode(), store.clock())


def receive(store: StoreInTest, gtin: str, quantity_milli: int) -> None:
    with store.database.write() as uow:
        movement = Movement(gtin, Reason.RECEIPT, quantity_milli, f"in:{gtin}", "Ada", NOON)
        stock.post(uow, STORE, movement)


def price_of(store: StoreInTest, gtin: str) -> int:
    with store.database.read() as uow:
        found = catalogue.find_item(uow, STORE, gtin)
    assert found is not None
    return found.price_minor


def test_a_first_morning_is_empty_in_words(empty_store: StoreInTest) -> None:
    ada = empty_store.signed_in("Ada")
    today = ada.get("/manager").text
    for words in ("Saturday, 21 November 2026", "No sale yet today.", "nobody called today", "nothing waits"):
        assert words in today, words
    assert "There are no items yet." in ada.get("/manager/items").text
    assert "There are no items yet." in ada.get("/manager/stock").text


def test_today_counts_sales_by_the_stores_own_clock(store: StoreInTest, signed_in: SignedIn) -> None:
    sell(store, 1)
    sell(store, 2, at=NOON - timedelta(hours=2))
    sell(store, 3, at=NOON - timedelta(days=1))
    page = signed_in("Ada").get("/manager").text
    assert ">2</dd>" in page
    assert "€2.58" in page
    assert "11: 1, 13: 1</desc>" in page
    assert page.index(">1001<") < page.index(">1002<")
    assert ">1003<" not in page


def test_today_names_the_questions_whose_answers_did_not_help(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    counts = tuple(
        AnswerCountMessage(question=question, language="it", outcome=outcome, count=3)
        for question, outcome in (
            ("returns", AnswerOutcome.NOT_HELPED),
            ("not-listed", AnswerOutcome.CALLED),
            ("scan", AnswerOutcome.HELPED),
        )
    )
    page = signed_in("Ada").get("/manager").text
    assert "every answer that was rated has helped" in page
    with store.database.write() as uow:
        report = AnswerReport(report_id="r1", lane_id="lane-1", counts=counts)
        answers.receive(uow, STORE, report, store.clock())
    page = signed_in("Ada").get("/manager").text
    assert "Return or refund" in page
    assert "None of the questions fitted" in page
    assert "How do I scan?" not in page


def test_today_lists_the_words_that_found_nothing_and_marks_those_that_failed_often(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    assert "every search found something" in ada.get("/manager").text
    counts = (
        SearchCountMessage(term="lievito", language="it", count=5),
        SearchCountMessage(term="زعفران", language="ar", count=4),
    )
    with store.database.write() as uow:
        report = SearchReport(report_id="s1", lane_id="lane-1", counts=counts)
        searches.receive(uow, STORE, report, store.clock())
    page = ada.get("/manager").text
    assert page.index("lievito") < page.index("زعفران")
    assert page.count("Add an alias or the item") == 1
    assert "Search “lievito”, Italiano" in page
    assert "5 times without a result: add an alias or the item" in page
    assert page.count("without a result") == 1


def test_today_tells_how_fast_help_was_answered(store: StoreInTest, signed_in: SignedIn) -> None:
    store.call("h1", "lane-1", ago_s=9)
    marco = signed_in("Marco")
    marco.submit("/staff/help/h1/accept", page="/staff")
    page = signed_in("Ada").get("/manager").text
    assert ">9 s</dd>" in page
    assert "nine in ten within 9 s" in page


def test_what_is_wrong_stands_under_repair(store: StoreInTest, signed_in: SignedIn) -> None:
    sell(store, 7, price_minor=199)
    page = signed_in("Ada").get("/manager").text
    assert "Receipt 1007, Lane 1" in page
    assert "was sold at 199, we have 129" in page
    assert "Whole milk 1 L" in page
    assert "−1 on hand" in page


def test_items_are_found_by_name_and_by_number(signed_in: SignedIn) -> None:
    ada = signed_in("Ada")
    by_name = ada.get("/manager/items?search=milk").text
    assert "Whole milk 1 L" in by_name
    assert "Apples" not in by_name
    assert "Apples" in ada.get(f"/manager/items?search={APPLES}").text
    assert "€2.09" in ada.get("/manager/items?department=Fruit").text
    assert "Nothing fits this search." in ada.get("/manager/items?search=zzz").text


def test_a_long_list_is_paged_and_keeps_its_search(store: StoreInTest, signed_in: SignedIn) -> None:
    items = [item(f"{80000000000000 + number:014}", f"Tea & Co {number}") for number in range(120)]
    with store.database.write() as uow:
        catalogue.replace_items(uow, STORE, items, {"standard": 2200}, NOON)
    ada = signed_in("Ada")
    first = ada.get("/manager/items?search=Tea+%26").text
    assert "Page 1 of 3" in first
    assert "search=Tea+%26&amp;page=2" in first
    assert "Page 3 of 3" in ada.get("/manager/items?search=Tea&page=999").text
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert "Page 1 of 3" in ada.get(f"/manager/items?page={odd}").text


def test_stock_shows_the_level_the_band_and_the_last_movement(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    receive(store, MILK, 5_000)
    receive(store, APPLES, 11_250)
    page = signed_in("Ada").get("/manager/stock").text
    for words in ("a few", "11.250 kg", "plenty", "21 Nov 2026 13:00"):
        assert words in page, words


def test_a_pack_shows_its_packs_and_leads_to_its_single(store: StoreInTest, signed_in: SignedIn) -> None:
    six = replace(item(SIX, "Six milks"), multipack_of=MILK, multipack_units=6)
    with store.database.write() as uow:
        items = [item(MILK, "Whole milk 1 L"), six]
        catalogue.replace_items(uow, STORE, items, {"standard": 2200}, NOON)
    receive(store, MILK, 13_000)
    ada = signed_in("Ada")
    page = ada.get(f"/manager/stock/{SIX}").text
    assert f'6 × <a href="/manager/stock/{MILK}">Whole milk 1 L</a>, booked as singles' in page
    assert ">2</dd>" in page
    assert "last ones" in page
    assert "Its movements are those of the single." in page
    assert ">2</td>" in ada.get("/manager/stock?search=Six").text
    assert "booked as singles" not in ada.get(f"/manager/stock/{MILK}").text


def test_a_pack_whose_single_is_not_sold_names_it_by_its_number(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    six = replace(item(SIX, "Six milks"), multipack_of=MILK, multipack_units=6)
    with store.database.write() as uow:
        catalogue.replace_items(uow, STORE, [six], {"standard": 2200}, NOON)
    assert f"6 × {MILK}, booked as singles" in signed_in("Ada").get(f"/manager/stock/{SIX}").text


def test_the_page_of_an_item_lists_its_movements(store: StoreInTest, signed_in: SignedIn) -> None:
    receive(store, MILK, 5_000)
    sell(store, 1)
    page = signed_in("Ada").get(f"/manager/stock/{MILK}").text
    for words in ("Whole milk 1 L", ">+5<", ">−1<", "sale:sale-1:1", ">4<"):
        assert words in page, words


def test_an_item_nobody_sells_is_not_found(signed_in: SignedIn) -> None:
    answer = signed_in("Ada").get("/manager/stock/0000")
    assert answer.status_code == 404
    assert "There is no item with this number." in answer.text


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("123456", "guessed first"),
        ("20518", "at least 6"),
        ("2051893746205", "at most 12"),
        ("abcdef", "digits only"),
    ],
)
def test_a_weak_pin_is_refused_in_words(signed_in: SignedIn, pin: str, words: str) -> None:
    answer = signed_in("Ada").submit("/manager/staff", page="/manager/staff", name="Bea", pin=pin)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_person_is_added_and_can_sign_in_and_a_name_is_taken_once(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    ada = signed_in("Ada")
    added = ada.submit("/manager/staff", page="/manager/staff", name="Bea", pin="740921", role="attendant")
    assert "Bea can sign in now." in added.text
    assert store.visitor().sign_in("Bea", pin="740921").headers["location"] == "/staff"
    assert ada.submit("/manager/staff", page="/manager/staff", name="bea", pin="740921").status_code == 422


@given(st.lists(st.integers(0, 900), max_size=50), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_and_enough_lie_at_or_below_it(
    values: list[int], percent: int
) -> None:
    found = percentile(sorted(values), percent)
    if not values:
        assert found is None
    else:
        assert found in values
        assert sum(value <= found for value in values if found is not None) * 100 >= percent * len(values)
