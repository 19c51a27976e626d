"""Ids: UUID version 7, in the order they were made, without asking anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from kiosk.ids import id_maker, uuid7
from tests.support.lane_fakes import NOON

instants = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
bits = st.integers(0, 2**74 - 1)


def test_the_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6: 2022-02-22 14:22:22 -05:00 with its random bits."""
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random_bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert uuid7(at, random_bits) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


@given(at=instants, random_bits=bits)
def test_version_variant_and_time_stand_where_the_standard_wants_them(at: datetime, random_bits: int) -> None:
    made = uuid7(at, random_bits)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(at.timestamp() * 1000)


@given(at=instants, one=bits, other=bits)
def test_no_random_bit_is_lost(at: datetime, one: int, other: int) -> None:
    assert (uuid7(at, one) == uuid7(at, other)) == (one == other)


@given(at=instants, later_ms=st.integers(2, 10**9), one=bits, other=bits)
def test_ids_sort_as_they_were_made(at: datetime, later_ms: int, one: int, other: int) -> None:
    later = min(at, datetime(9000, 1, 1, tzinfo=UTC)) + timedelta(milliseconds=later_ms)
    earlier = min(at, datetime(9000, 1, 1, tzinfo=UTC))
    assert str(uuid7(earlier, one)) < str(uuid7(later, other))


def test_ids_made_in_the_same_instant_differ() -> None:
    new_id = id_maker(lambda: NOON)
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert all(UUID(each).version == 7 for each in made)
