"""The chain's simulation, small: every price as the matrix has it, a night told in a part of the whole."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns.scale import simulate


def test_a_night_of_deltas_leaves_every_store_with_the_prices_of_the_matrix(tmp_path: Path) -> None:
    night = simulate(tmp_path, products=600, stores=4, carried=100, largest=400)
    assert night.wrong_prices == 0
    assert night.item_rows == 700
    assert 0 < night.delta_bytes < night.whole_bytes / 3
    assert night.prices_kept < night.matrix
