"""The basket: sums, rows that join, limits, and that nothing ever changes in place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import MAX_WEIGHT_G, SoldBy, price_of_weight
from inventory.domain.money import MAX_AMOUNT_MINOR
from kiosk.checkout.basket import MAX_LINES, MAX_UNITS, Basket, BasketLine
from tests.support.lane_fakes import APPLES, BEER, HAM, ITEMS, MILK, WATER, WHISKY, item, line


def filled(*lines: BasketLine) -> Basket:
    basket = Basket()
    for each in lines:
        added = basket.add(each)
        assert added is not None
        basket = added
    return basket


@st.composite
def basket_lines(draw: st.DrawFn) -> BasketLine:
    goods = draw(st.sampled_from(ITEMS))
    line_id = draw(st.uuids()).hex
    if goods.sold_by is SoldBy.UNIT:
        return line(goods, line_id, units=draw(st.integers(1, 5)))
    if goods.label_prefix:
        return line(goods, line_id, label_price_minor=draw(st.integers(1, 50_000)))
    return line(goods, line_id, weight_g=draw(st.integers(1, MAX_WEIGHT_G)))


def price_by_hand(each: BasketLine) -> int:
    if each.label_price_minor is not None:
        return each.label_price_minor + each.item.deposit_minor * each.units
    if each.weight_g:
        return price_of_weight(each.item.price_minor, each.weight_g)
    return (each.item.price_minor + each.item.deposit_minor) * each.units


@given(st.lists(basket_lines(), max_size=15))
def test_the_total_is_the_sum_of_everything_scanned(lines: list[BasketLine]) -> None:
    basket = filled(*lines)
    assert basket.total_minor == sum(map(price_by_hand, lines))
    assert basket.total_minor == sum(each.amount_minor for each in basket.lines)


@given(st.lists(basket_lines(), max_size=15))
def test_joining_rows_loses_no_piece_and_no_gram(lines: list[BasketLine]) -> None:
    basket = filled(*lines)
    assert sum(each.units for each in basket.lines) == sum(each.units for each in lines)
    assert sum(each.weight_g for each in basket.lines) == sum(each.weight_g for each in lines)
    countable = [each.item.gtin for each in basket.lines if each.countable]
    assert len(countable) == len(set(countable))
    ids = [each.line_id for each in basket.lines]
    assert len(ids) == len(set(ids))


@given(st.lists(basket_lines(), min_size=1, max_size=10), st.data())
def test_removing_a_row_takes_exactly_its_amount(lines: list[BasketLine], data: st.DataObject) -> None:
    basket = filled(*lines)
    gone = data.draw(st.sampled_from(basket.lines))
    smaller = basket.remove(gone.line_id)
    assert smaller.total_minor == basket.total_minor - gone.amount_minor
    assert smaller.line(gone.line_id) is None
    assert len(smaller.lines) == len(basket.lines) - 1


@given(st.lists(basket_lines(), min_size=1, max_size=8), st.integers(-120, 120), st.data())
def test_changing_units_moves_the_total_by_that_many_prices(
    lines: list[BasketLine], delta: int, data: st.DataObject
) -> None:
    basket = filled(*lines)
    row = data.draw(st.sampled_from(basket.lines))
    changed = basket.change_units(row.line_id, delta)
    if not row.countable or row.units + delta > MAX_UNITS:
        assert changed is None
        return
    assert changed is not None
    each_minor = row.item.price_minor + row.item.deposit_minor
    assert changed.total_minor == basket.total_minor + max(delta, -row.units) * each_minor
    assert (changed.line(row.line_id) is None) == (row.units + delta <= 0)


def test_the_same_piece_again_joins_its_row_and_comes_to_the_front() -> None:
    basket = filled(line(MILK, "a"), line(WATER, "b"), line(MILK, "c"))
    assert [(each.line_id, each.units) for each in basket.lines] == [("b", 1), ("a", 2)]


def test_a_price_that_changed_while_shopping_makes_a_row_of_its_own() -> None:
    dearer = item(1, "Milk", 149, names=MILK.names, aisle="7", bay="2")
    basket = filled(line(MILK, "a"), line(dearer, "b"))
    assert [each.goods_minor for each in basket.lines] == [129, 149]


def test_weighed_and_labelled_goods_never_join() -> None:
    basket = filled(
        line(APPLES, "a", weight_g=500),
        line(APPLES, "b", weight_g=500),
        line(HAM, "c", label_price_minor=350),
        line(HAM, "d", label_price_minor=350),
    )
    assert len(basket.lines) == 4
    assert basket.piece_count == 4


def test_a_label_s_price_wins_over_price_times_weight() -> None:
    assert line(HAM, "a", label_price_minor=777).amount_minor == 777


def test_a_deposit_is_paid_for_each_piece() -> None:
    assert line(WATER, "a", units=3).amount_minor == 3 * (89 + 25)


def test_a_price_label_gets_its_weight_back_for_the_ledger() -> None:
    sold = line(HAM, "a", label_price_minor=945).as_sale_line("en")
    assert (sold.quantity_milli, sold.amount_minor) == (500, 945)


def test_pieces_are_written_in_thousandths_and_weights_in_grams() -> None:
    assert line(MILK, "a", units=2).as_sale_line("it").quantity_milli == 2000
    assert line(APPLES, "b", weight_g=435).as_sale_line("it").quantity_milli == 435
    assert line(MILK, "a").as_sale_line("it").name == "Latte"


def test_one_row_holds_so_many_pieces_and_no_more() -> None:
    basket = filled(line(MILK, "a", units=MAX_UNITS))
    assert basket.add(line(MILK, "b")) is None
    assert basket.change_units("a", 1) is None


def test_a_basket_holds_so_many_rows_and_no_more() -> None:
    basket = filled(*(line(item(100 + n, f"Thing {n}"), f"l{n}") for n in range(MAX_LINES)))
    assert basket.add(line(MILK, "one-more")) is None
    assert basket.add(line(item(100, "Thing 0"), "again")) is not None


def test_a_basket_never_costs_more_than_a_terminal_can_charge() -> None:
    dear = item(50, "Gold", MAX_AMOUNT_MINOR)
    basket = filled(line(dear, "a"))
    assert basket.total_minor == MAX_AMOUNT_MINOR
    assert basket.add(line(MILK, "b")) is None


def test_a_weight_beyond_every_checkout_scale_is_refused() -> None:
    assert Basket().add(line(APPLES, "a", weight_g=MAX_WEIGHT_G)) is not None
    assert Basket().add(line(APPLES, "a", weight_g=MAX_WEIGHT_G + 1)) is None


def test_the_sale_keeps_the_id_of_its_first_scan_even_when_that_row_goes() -> None:
    basket = filled(line(MILK, "first"), line(WATER, "second")).remove("first")
    assert basket.sale_id == "first"


def test_the_strictest_age_limit_counts() -> None:
    assert filled(line(BEER, "a"), line(WHISKY, "b"), line(MILK, "c")).age_limit == 18
    assert filled(line(MILK, "c")).age_limit == 0
    assert Basket().age_limit == 0
