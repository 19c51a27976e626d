"""Nobody pays, voids or leaves the lane by hitting it: the short form of the touch storm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.storm import blow


@pytest.mark.window
@pytest.mark.parametrize("landscape", [False, True], ids=["portrait", "landscape"])
def test_a_storm_of_touches_and_keys_neither_ends_the_lane_nor_sells_anything(
    landscape: bool, tmp_path: Path
) -> None:
    storm = blow(tmp_path, seconds=4, seed=20261127, landscape=landscape)
    assert storm.touches >= 50
    assert storm.passed, storm
