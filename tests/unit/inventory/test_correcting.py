"""How far a price may be corrected: never up, never to nothing, never past the limit of whoever does it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.catalogue import MAX_WEIGHT_G, price_of_weight
from inventory.domain.correcting import lowest_minor, may_become

PRICES, CUTS = st.integers(0, 10_000_000), st.integers(0, 100)


@given(PRICES, CUTS, st.integers(-10, 10_000_010))
def test_no_correction_is_below_one_unit_above_the_price_or_past_the_limit(
    price: int, cut: int, wanted: int
) -> None:
    if may_become(price, wanted, cut):
        assert 0 < wanted < price
        assert (price - wanted) * 100 <= price * cut
    elif 0 < wanted < price:
        assert (price - wanted) * 100 > price * cut


@given(PRICES, CUTS)
def test_the_lowest_is_the_lowest_that_may_be(price: int, cut: int) -> None:
    lowest = lowest_minor(price, cut)
    assert not may_become(price, lowest - 1, cut)
    assert may_become(price, lowest, cut) or lowest >= price


@pytest.mark.parametrize(
    ("price", "cut", "lowest"), [(129, 30, 91), (100, 30, 70), (129, 0, 129), (129, 100, 1), (1, 100, 1)]
)
def test_the_limit_is_rounded_in_favour_of_the_shop(price: int, cut: int, lowest: int) -> None:
    assert lowest_minor(price, cut) == lowest


@given(st.integers(1, 10_000_000), CUTS, st.integers(1, MAX_WEIGHT_G))
def test_weighed_goods_cost_something_at_the_lowest_price_of_a_kilogram(
    price: int, cut: int, weight_g: int
) -> None:
    lowest = lowest_minor(price, cut, weight_g=weight_g)
    assert price_of_weight(lowest, weight_g) > 0
    if cut == 100 and lowest > 1:
        assert price_of_weight(lowest - 1, weight_g) == 0
