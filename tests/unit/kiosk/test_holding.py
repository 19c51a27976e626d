"""What a lane says of its baskets: what may still be paid, and nothing that is sold already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from inventory.domain.catalogue import Item
from kiosk.checkout.basket import Basket, BasketLine
from kiosk.checkout.state import LaneState, ParkedBasket, ParkReason, Phase
from kiosk.holding import held_in
from tests.support.lane_fakes import APPLES, MILK, NOON, Walk

SIX = replace(MILK, gtin="09520000099998", multipack_of=MILK.gtin, multipack_units=6)


def line(name: str, item: Item, *, units: int = 1, weight_g: int = 0) -> BasketLine:
    return BasketLine(name, item, 1000, units=0 if weight_g else units, weight_g=weight_g)


def shopping(*lines: BasketLine) -> LaneState:
    return replace(Walk().state, phase=Phase.SCANNING, basket=Basket("sale-1", lines))


def held(state: LaneState, after_s: int = 0) -> dict[str, int]:
    return {each.gtin: each.quantity_milli for each in held_in(state, NOON + timedelta(seconds=after_s))}


def test_pieces_grams_and_packs_are_told_as_the_ledger_books_them() -> None:
    state = shopping(line("a", MILK, units=2), line("b", APPLES, weight_g=485), line("c", SIX))
    assert held(state) == {MILK.gtin: 8_000, APPLES.gtin: 485}


def test_goods_that_nobody_knows_yet_are_not_told() -> None:
    assert held(shopping(replace(line("a", MILK), pending=True))) == {}


def test_a_paid_basket_is_told_by_its_sale_alone() -> None:
    assert held(replace(shopping(line("a", MILK)), phase=Phase.THANKS)) == {}


def test_what_is_scanned_while_paying_is_in_the_basket_too() -> None:
    state = shopping(line("a", MILK))
    paying = replace(
        state, phase=Phase.PAYING, payment=replace(state.payment, added_while_paying=(line("b", APPLES),))
    )
    assert set(held(paying)) == {MILK.gtin, APPLES.gtin}


def test_a_basket_that_was_put_away_is_held_for_a_quarter_of_an_hour() -> None:
    kept = ParkedBasket("ABC", Basket("sale-1", (line("a", MILK),)), "en", NOON, ParkReason.LEFT)
    state = replace(Walk().state, parked=(kept,))
    assert held(state, 14 * 60) == {MILK.gtin: 1000}
    assert held(state, 15 * 60) == {}
