"""Points on the earth: distances, and boxes that leave nothing out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.domain.distance import Spot, box_around

SPOTS = st.builds(Spot, st.integers(-89_000_000, 89_000_000), st.integers(-180_000_000, 180_000_000))
MILAN, ROME = Spot(45_464_200, 9_190_000), Spot(41_902_800, 12_496_400)


def test_milan_is_477_kilometres_from_rome() -> None:
    assert MILAN.metres_to(ROME) == pytest.approx(477_000, rel=0.005)
    assert MILAN.metres_to(MILAN) == 0


@given(SPOTS, SPOTS)
def test_the_box_of_a_distance_holds_what_is_so_far(here: Spot, there: Spot) -> None:
    box = box_around(here, here.metres_to(there) + 1)
    assert box.south <= there.latitude_e6 <= box.north
    assert box.west <= there.longitude_e6 <= box.east


@pytest.mark.parametrize(("latitude", "longitude"), [(90_000_001, 0), (0, -180_000_001)])
def test_there_is_nothing_beyond_the_poles(latitude: int, longitude: int) -> None:
    with pytest.raises(ValueError, match="90"):
        Spot(latitude, longitude)
