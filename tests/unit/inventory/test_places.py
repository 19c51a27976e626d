"""Places and lots: read from typed text, and which lot leaves first."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.places import BACKROOM, PLAIN, SHELF, Place, PlaceError, read_place, spread, take

MAY, JUNE = Place(SHELF, "M", date(2026, 5, 20)), Place(SHELF, "J", date(2026, 6, 1))
UNDATED = Place(SHELF, "U")


def test_the_soonest_to_expire_leaves_first_and_what_nobody_dated_last() -> None:
    lots = [(UNDATED, 5), (JUNE, 5), (MAY, 2)]
    assert list(take(lots, 9)) == [(MAY, 2), (JUNE, 5), (UNDATED, 2)]
    assert list(take(lots, 0)) == []


def test_more_cannot_be_taken_of_lots_than_they_hold() -> None:
    assert list(take([(MAY, 2), (JUNE, -3)], 9)) == [(MAY, 2)]


def test_what_no_lot_holds_is_missing_where_no_lot_is_known() -> None:
    assert spread([(MAY, 2)], SHELF, 5) == [(MAY, 2), (PLAIN, 3)]
    assert spread([(PLAIN, 1), (MAY, 2)], SHELF, 5) == [(MAY, 2), (PLAIN, 3)]
    assert spread([], BACKROOM, 5) == [(Place(BACKROOM), 5)]


lots = st.dictionaries(st.sampled_from([PLAIN, MAY, JUNE, UNDATED]), st.integers(-9, 9))


@given(lots, st.integers(0, 50))
def test_whatever_the_lots_hold_exactly_what_leaves_is_spread_over_them(
    there: dict[Place, int], wanted: int
) -> None:
    assert sum(milli for _, milli in spread(there.items(), SHELF, wanted)) == wanted


def test_a_place_is_read_from_what_a_person_types() -> None:
    assert read_place(" cold  store ", " L 7 ", " 2026-05-20 ") == Place(
        "cold store", "L 7", date(2026, 5, 20)
    )
    assert read_place("").is_plain
    assert not read_place(BACKROOM).is_plain
    assert MAY.at(BACKROOM) == Place(BACKROOM, "M", date(2026, 5, 20))


@pytest.mark.parametrize(
    ("location", "lot", "expires_on"),
    [("x" * 41, "", ""), ("a\0b", "", ""), ("", "y" * 21, ""), ("", "", "20.5.2026"), ("", "", "2026-02-30")],
)
def test_what_no_label_can_carry_is_refused(location: str, lot: str, expires_on: str) -> None:
    with pytest.raises(PlaceError):
        read_place(location, lot, expires_on)
