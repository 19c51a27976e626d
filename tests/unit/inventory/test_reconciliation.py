"""Three books at a day's end: no difference means no task, and the differences explain the whole gap."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.orders import OrderState, may_become
from inventory.domain.reconciliation import (
    ConfirmedSale,
    Difference,
    DifferenceKind,
    LaneBooks,
    StoreBooks,
    TerminalTotals,
    compare,
    difference_words,
)

EUR = "EUR"
MARCO = ConfirmedSale("sale-7", 7, 320, "Marco")
LANE = LaneBooks(1, 11, 10, 6400, (MARCO,))
STORE = StoreBooks(11, 6720)
TERMINAL = TerminalTotals(6720, EUR, 11)

amounts = st.integers(0, 50_000)
confirmed_sales = st.lists(amounts, max_size=5).map(
    lambda found: tuple(
        ConfirmedSale(f"sale-{place}", place, amount, "Marco") for place, amount in enumerate(found, start=1)
    )
)


@st.composite
def books(draw: st.DrawFn) -> LaneBooks:
    confirmed, count = draw(confirmed_sales), draw(st.integers(0, 200))
    card_minor = draw(amounts) if count else 0
    total = card_minor + sum(sale.amount_minor for sale in confirmed)
    reversed_minor = draw(st.integers(0, total))
    last = count + len(confirmed)
    return LaneBooks(
        min(1, last), last, count, card_minor, confirmed, int(reversed_minor > 0), reversed_minor
    )


def agreeing(lane: LaneBooks) -> tuple[TerminalTotals, StoreBooks]:
    told = TerminalTotals(lane.expected_minor, EUR, lane.sale_count)
    return told, StoreBooks(lane.sale_count, lane.sale_minor, reversed_minor=lane.reversed_minor)


def kinds(found: tuple[Difference, ...]) -> list[DifferenceKind]:
    return [each.kind for each in found]


@given(books())
def test_books_that_agree_have_no_difference(lane: LaneBooks) -> None:
    terminal, store = agreeing(lane)
    assert compare(lane, terminal, store, currency=EUR) == ()


@given(books(), st.integers(-5_000, 5_000), st.integers(-3, 3))
def test_a_difference_is_found_exactly_when_the_terminal_disagrees(
    lane: LaneBooks, more_minor: int, more: int
) -> None:
    told, store = agreeing(lane)
    told = replace(told, total_minor=told.total_minor + more_minor, count=lane.sale_count + more)
    found = compare(lane, told, store, currency=EUR)
    is_counted = not lane.reversed_count
    assert bool(found) == (more_minor != 0 or (is_counted and more != 0))
    assert sum(each.amount_minor for each in found) == more_minor


@given(books(), st.integers(-5_000, 5_000), st.integers(-3, 3), st.integers(-900, 900))
def test_a_difference_is_found_exactly_when_the_store_disagrees(
    lane: LaneBooks, more_minor: int, more: int, back_minor: int
) -> None:
    told, store = agreeing(lane)
    store = StoreBooks(
        store.count + more, store.total_minor + more_minor, (), store.reversed_minor + back_minor
    )
    found = compare(lane, told, store, currency=EUR)
    assert bool(found) == (more_minor != 0 or more != 0 or back_minor != 0)
    sales = [each for each in found if each.kind is not DifferenceKind.TAKEN_BACK]
    taken_back = [each for each in found if each.kind is DifferenceKind.TAKEN_BACK]
    if sales:
        assert sum(each.amount_minor for each in sales) == more_minor
    assert sum(each.amount_minor for each in taken_back) == back_minor


@given(confirmed_sales.filter(bool), st.data())
def test_confirmed_sales_that_the_terminal_leaves_out_are_named_or_their_sum_is(
    confirmed: tuple[ConfirmedSale, ...], data: st.DataObject
) -> None:
    lane = LaneBooks(1, 10 + len(confirmed), 10, 6400, confirmed)
    left_out = data.draw(st.sets(st.sampled_from(confirmed)))
    gap_minor = sum(sale.amount_minor for sale in left_out)
    told = TerminalTotals(lane.expected_minor - gap_minor, EUR)
    found = compare(lane, told, agreeing(lane)[1], currency=EUR)
    assert sum(each.amount_minor for each in found) == -gap_minor
    named = {each.sale for each in found if each.kind is DifferenceKind.NOT_COUNTED}
    assert named <= set(confirmed)
    assert bool(found) == bool(gap_minor)


def test_the_one_confirmed_sale_that_explains_the_gap_is_named() -> None:
    told = TerminalTotals(6400, EUR, 10)
    (found,) = compare(LANE, told, STORE, currency=EUR)
    assert (found.kind, found.amount_minor, found.sale) == (DifferenceKind.NOT_COUNTED, -320, MARCO)


def test_two_confirmed_sales_of_one_amount_are_not_guessed_between() -> None:
    twice = (MARCO, replace(MARCO, sale_id="sale-8", receipt_no=8, staff_name="Giulia"))
    lane = LaneBooks(1, 12, 10, 6400, twice)
    (found,) = compare(lane, TerminalTotals(6720, EUR, 11), StoreBooks(12, 7040), currency=EUR)
    assert (found.kind, found.amount_minor) == (DifferenceKind.TERMINAL_LESS, -320)
    words = difference_words(found, lane_name="lane-1", currency=EUR)
    assert words.startswith("The terminal took €3.20 less than lane-1 sold.")
    assert words.endswith(" 2 sales over €6.40 had been confirmed by Marco, Giulia.")


def test_a_count_that_does_not_fit_keeps_a_sale_from_being_named() -> None:
    (found,) = compare(LANE, TerminalTotals(6400, EUR, 9), STORE, currency=EUR)
    assert found.kind is DifferenceKind.TERMINAL_LESS


@pytest.mark.parametrize("terminal", [None, TerminalTotals(6720, "CHF", 11)])
def test_a_terminal_that_tells_nothing_comparable_is_a_difference(terminal: TerminalTotals | None) -> None:
    assert kinds(compare(LANE, terminal, STORE, currency=EUR)) == [DifferenceKind.TERMINAL_SILENT]


def test_a_reversal_makes_the_terminal_s_count_say_nothing() -> None:
    lane = LANE.with_reversal(320)
    told, store = agreeing(lane)
    for count in (9, 10, 11, 12, None):
        assert compare(lane, replace(told, count=count), store, currency=EUR) == ()


@pytest.mark.parametrize(
    ("terminal", "store", "words"),
    [
        (replace(TERMINAL, total_minor=7040), STORE, "The terminal took €3.20 more than lane-1 sold."),
        (
            TerminalTotals(6400, EUR, 10),
            STORE,
            "Receipt 7 of lane-1, €3.20, was confirmed by Marco and the terminal does not count it.",
        ),
        (
            TERMINAL,
            StoreBooks(9, 6080, (4, 11)),
            "The store misses 2 sales of lane-1 (receipt 4, 11), €6.40: they are still on the way.",
        ),
        (
            TERMINAL,
            StoreBooks(10, 6400, (11,)),
            "The store misses 1 sale of lane-1 (receipt 11), €3.20: it is still on the way.",
        ),
        (TERMINAL, StoreBooks(12, 7040), "The store holds 1 sale more than lane-1 counted, €3.20."),
        (
            TERMINAL,
            StoreBooks(11, 6719),
            "The store’s sales of lane-1 come to €0.01 less than the lane counted.",
        ),
        (TERMINAL, replace(STORE, reversed_minor=320), "The store has €3.20 more taken back on lane-1"),
        (replace(TERMINAL, count=12), STORE, "the terminal counts 1 payment more than lane-1"),
        (None, STORE, "The terminal of lane-1 told no totals in EUR: compare its own slip."),
    ],
)
def test_each_difference_is_one_sentence_with_its_amount(
    terminal: TerminalTotals | None, store: StoreBooks, words: str
) -> None:
    (found,) = compare(LANE, terminal, store, currency=EUR)
    assert words in difference_words(found, lane_name="lane-1", currency=EUR)


@given(st.sampled_from(OrderState), st.sampled_from(OrderState))
def test_an_order_that_has_ended_stays_so_and_only_the_unclear_is_settled(
    current: OrderState, wanted: OrderState
) -> None:
    if current in (OrderState.DONE, OrderState.FAILED):
        assert not may_become(current, wanted)
    if current is OrderState.UNCLEAR:
        assert may_become(current, wanted) == (wanted in (OrderState.DONE, OrderState.FAILED))
    assert not may_become(current, OrderState.OPEN)
