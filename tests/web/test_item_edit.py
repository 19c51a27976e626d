"""Owns what the form that changes an item takes, refuses, and leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.domain.catalogue import Item
from inventory.services import catalogue, item_edit, item_fields
from inventory.services.item_edit import EditRefused
from tests.support.web_store import APPLES, MILK, NOON, STORE, SignedIn, StoreInTest, Visitor

PAGE = f"/manager/stock/{MILK}"


def found(store: StoreInTest, gtin: str = MILK) -> Item:
    with store.database.read() as uow:
        item = catalogue.find_item(uow, STORE, gtin)
    assert item is not None
    return item


def change(visitor: Visitor, **fields: str) -> tuple[int, str]:
    answer = visitor.submit(f"{PAGE}/edit", page=PAGE, **fields)
    return answer.status_code, answer.text


def test_what_is_changed_is_changed_and_all_else_stays(store: StoreInTest, signed_in: SignedIn) -> None:
    before = found(store)
    ada = signed_in("Ada")
    page = ada.get(f"{PAGE}/edit").text
    assert 'value="1.29"' in page
    status, _ = change(
        ada, price_minor="1,35", aisle="9", age_limit="16", name_it="Latte intero", season="5-9"
    )
    assert status == 303
    after = found(store)
    assert after == replace(
        before,
        price_minor=135,
        aisle="9",
        age_limit=16,
        names={"en": "Whole milk 1 L", "it": "Latte intero"},
        season=after.season,
        deposit_minor=0,
    )
    assert after.season == (5, 6, 7, 8, 9)
    with store.database.read() as uow:
        known = item_fields.of_item(uow, STORE, MILK)
    assert known["price_minor"].origin is item_fields.Origin.STORE
    assert known["price_minor"].who == "Ada"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("price_minor", "cheap", "Type a price from"),
        ("price_minor", "", "is not a whole number"),
        ("age_limit", "101", "is not a whole number from 0 to 99"),
        ("age_limit", "1_0", "is not a whole number"),
        ("plu", "12", "is not a PLU"),
        ("season", "13-15", "is not months"),
        ("name", " ", "it is empty"),
        ("tax_class", "luxury", "no rate for tax class"),
        ("sku", "S00028", "belongs to"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_changed(
    store: StoreInTest, signed_in: SignedIn, field: str, text: str, words: str
) -> None:
    before = found(store)
    status, page = change(signed_in("Ada"), **{"price_minor": "9.99", "aisle": "77", field: text})
    assert status == 422
    assert words in page
    assert 'value="77"' in page
    assert found(store) == before


def test_what_goods_are_booked_by_cannot_be_typed(store: StoreInTest) -> None:
    before = found(store)
    typed = {"gtin": APPLES, "sold_by": "weight", "multipack_of": APPLES, "multipack_units": "6", "bay": "8"}
    with store.database.write() as uow:
        item_edit.edit(uow, STORE, MILK, typed, who="Ada", now_utc=NOON)
    assert found(store) == replace(before, bay="8")


def test_a_form_sent_as_it_came_changes_nothing(store: StoreInTest) -> None:
    with store.database.write() as uow:
        version = catalogue.version(uow, STORE)
        cells = item_edit.cells_to_edit(found(store))
        assert item_edit.edit(uow, STORE, MILK, cells, who="Ada", now_utc=NOON) == version


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", '"', "a,b\nc", "<script>alert(1)</script>", "é" * 300])
def test_odd_texts_go_in_as_plain_text(store: StoreInTest, signed_in: SignedIn, text: str) -> None:
    with store.database.write() as uow:
        item_edit.edit(uow, STORE, MILK, {"name": text}, who="Ada", now_utc=NOON)
    assert found(store).names["en"] in {text, text.replace("\n", " "), text.removeprefix("'")}
    assert "<script>alert" not in signed_in("Ada").get(PAGE).text


def test_a_text_that_is_too_long_is_refused(store: StoreInTest) -> None:
    with store.database.write() as uow, pytest.raises(EditRefused):
        item_edit.edit(uow, STORE, MILK, {"name": "x" * 401}, who="Ada", now_utc=NOON)


def test_an_item_nobody_sells_has_no_form(signed_in: SignedIn) -> None:
    assert signed_in("Ada").get("/manager/stock/0000/edit").status_code == 404
