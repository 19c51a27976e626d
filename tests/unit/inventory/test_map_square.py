"""The squares of the map: each holds its points, and promises no distance that a point in it breaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.distance import Spot
from inventory.domain.map_square import EARTH, Square, square_of, squares_around

latitudes = st.integers(-90_000_000, 90_000_000)
longitudes = st.one_of(
    st.integers(-180_000_000, 180_000_000),
    st.integers(-180_000_000, -179_000_000),
    st.integers(179_000_000, 180_000_000),
)
spots = st.builds(Spot, latitudes, longitudes)


@given(spots)
def test_a_number_is_too_short_to_be_taken_for_a_card(spot: Spot) -> None:
    assert 0 <= square_of(spot) <= EARTH.last
    assert square_of(spot) < 10**12


@given(spots, spots, st.integers(0, 20))
def test_nothing_in_a_square_is_nearer_than_the_square(here: Spot, there: Spot, size: int) -> None:
    square = Square(square_of(there) >> 2 * size << 2 * size, size)
    assert square.first <= square_of(there) <= square.last
    assert square.metres_from(here) <= here.metres_to(there) + 1
    assert square.metres_from(there) == 0


@given(spots, spots, st.integers(0, 20_100_000))
def test_the_squares_around_hold_all_that_is_near(here: Spot, there: Spot, metres: int) -> None:
    around = squares_around(here, metres)
    is_held = any(square.first <= square_of(there) <= square.last for square in around)
    assert is_held or here.metres_to(there) > metres
    assert len(around) <= 9


def test_quarters_are_the_whole_and_end_at_the_smallest() -> None:
    quarters = list(Square(0, 3).quarters())
    assert [(each.first, each.last) for each in quarters] == [(0, 15), (16, 31), (32, 47), (48, 63)]
    assert list(Square(5, 0).quarters()) == []
