"""The tablet's price tile: what staff type, what is refused with words, and what the lane is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.pricing import GivenPrice, PriceFault, price_fault, typed_minor
from inventory.services import catalogue, interventions, staff
from inventory.web.price_form import PriceForm, PriceTerms, read_price
from inventory.wire import DecisionMessage
from tests.support.web_store import NOON, STORE, SignedIn, StoreInTest, Visitor

CODE = "04006381333931"
TERMS = PriceTerms("EUR", {"standard": 2200, "reduced": 1000, "deposit": 0})
GOOD = {"name": "Rye bread", "price": "3.40", "tax_class": "", "age_limit": "0"}


def decision(store: StoreInTest) -> DecisionMessage | None:
    with store.database.read() as uow:
        told = interventions.decisions_of_lane(uow, STORE, "lane-1", since_utc=NOON)
    return told[0] if told else None


def asked(store: StoreInTest, signed_in: SignedIn) -> Visitor:
    store.report("lane-1", "basket")
    store.ask("price-u", "lane-1", InterventionKind.PRICE, CODE, "2")
    return signed_in("Marco")


def a_class(store: StoreInTest) -> str:
    with store.database.read() as uow:
        return next(iter(catalogue.tax_rates(uow, STORE)))


def test_the_tile_shows_the_number_how_many_and_the_store_s_money(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    page = asked(store, signed_in).get("/staff/wall").text
    for words in (
        "1 · Price?",
        "4006381333931 × 2",
        "Price for one",
        "(EUR)",
        "Set the price",
        "Not for sale",
    ):
        assert words in page, words


def test_a_price_reaches_the_lane_with_who_gave_it_and_stands_in_the_audit_trail(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = asked(store, signed_in)
    form = {**GOOD, "tax_class": a_class(store)}
    assert marco.submit("/staff/prices/price-u/approve", page="/staff", **form).status_code in (200, 303)
    told = decision(store)
    assert told is not None
    assert (told.decision, told.staff_name) == (Decision.APPROVED, "Marco")
    assert told.price is not None
    assert (told.price.name, told.price.price_minor, told.price.currency) == ("Rye bread", 340, "EUR")
    with store.database.read() as uow:
        (entry, *_) = staff.audit_trail(uow, STORE, limit=5)
    assert entry.what == "intervention.approved"
    assert "Rye bread €3.40" in entry.detail


def test_not_for_sale_needs_no_price(store: StoreInTest, signed_in: SignedIn) -> None:
    asked(store, signed_in).submit("/staff/prices/price-u/refuse", page="/staff", name="", price="")
    told = decision(store)
    assert told is not None
    assert (told.decision, told.price) == (Decision.REFUSED, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": "three"}, "Type the price as a number, like 3.40."),
        ({"price": "1.234,50"}, "Type the price as a number, like 3.40."),
        ({"price": "-3"}, "Type the price as a number, like 3.40."),
        ({"price": "0"}, "The price must be more than zero."),
        ({"price": "1000.01"}, "The price may be €1,000.00 at most."),
        ({"name": "  "}, "Type a short name for the receipt."),
        ({"name": "x" * 61}, "Type a short name for the receipt."),
        ({"tax_class": "nothing"}, "Choose a VAT rate."),
        ({"age_limit": "17"}, "Choose an age limit."),
    ],
)
def test_what_cannot_be_a_price_is_said_and_decides_nothing(
    store: StoreInTest, signed_in: SignedIn, changes: dict[str, str], words: str
) -> None:
    marco = asked(store, signed_in)
    form = {**GOOD, "tax_class": a_class(store), **changes}
    answer = marco.submit("/staff/prices/price-u/approve", page="/staff", **form)
    assert words in answer.text
    assert decision(store) is None


def test_a_price_is_not_approved_by_the_plain_button_s_way(store: StoreInTest, signed_in: SignedIn) -> None:
    marco = asked(store, signed_in)
    answer = marco.submit("/staff/interventions/price-u/approve", page="/staff")
    assert "Type a name and a price first." in answer.text
    assert decision(store) is None


def test_another_kind_of_question_takes_no_price(store: StoreInTest, signed_in: SignedIn) -> None:
    marco = asked(store, signed_in)
    store.ask("doubt", "lane-1", InterventionKind.PAYMENT_IN_DOUBT, "129 EUR")
    form = {**GOOD, "tax_class": a_class(store)}
    answer = marco.submit("/staff/prices/doubt/approve", page="/staff", **form)
    assert "This question is not known here." in answer.text


def test_of_two_who_price_the_second_is_told_who_was_first(store: StoreInTest, signed_in: SignedIn) -> None:
    marco, giulia = asked(store, signed_in), signed_in("Giulia")
    form = {**GOOD, "tax_class": a_class(store)}
    page = giulia.token_on("/staff")
    marco.submit("/staff/prices/price-u/approve", page="/staff", **form)
    answer = giulia.send("/staff/prices/price-u/approve", {**form, "price": "9", "form_token": page})
    assert "Marco has approved this already." in answer.text
    told = decision(store)
    assert told is not None
    assert told.price is not None
    assert told.price.price_minor == 340


def test_nobody_prices_without_a_sign_in_or_the_page_s_own_form(
    store: StoreInTest, signed_in: SignedIn
) -> None:
    marco = asked(store, signed_in)
    assert store.visitor().send("/staff/prices/price-u/approve", GOOD).status_code in (303, 401, 403)
    assert marco.send("/staff/prices/price-u/approve", {**GOOD, "form_token": "forged"}).status_code == 403
    assert decision(store) is None


@given(text=st.text(max_size=40))
def test_no_typed_text_becomes_anything_but_an_amount_or_a_fault(text: str) -> None:
    price = read_price(PriceForm(name="Bread", price=text, tax_class="standard"), TERMS)
    assert isinstance(price, PriceFault) or 0 < price.price_minor <= 100_000


@given(minor=st.integers(1, 100_000))
def test_an_amount_written_with_a_point_or_a_comma_is_read_back_exactly(minor: int) -> None:
    text = f"{minor // 100}.{minor % 100:02}"
    assert typed_minor(text, "EUR") == typed_minor(text.replace(".", ","), "EUR") == minor


def test_money_without_decimals_takes_none_and_small_units_have_room() -> None:
    assert typed_minor("340", "JPY") == 340
    assert typed_minor("3.4", "JPY") is None
    dear = GivenPrice("Rice cooker", 45_000_000, "IDR", "standard", 1100)
    assert price_fault(dear) is None


def test_the_highest_rate_stands_chosen_and_deposits_are_no_goods() -> None:
    assert [name for name, _ in TERMS.classes] == ["standard", "reduced"]
