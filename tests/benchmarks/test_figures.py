"""Owns the tests of how figures are worked out; no test here waits or measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.__main__ import BENCHMARKS, NAMES
from tests.benchmarks.figures import Figure, middle, percentile, rate_of, spread
from tests.benchmarks.report import save


def test_a_percentile_is_the_nearest_rank() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert [percentile(hundred, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_sample_that_enough_others_do_not_exceed(values: list[float], share: int) -> None:
    ordered = sorted(values)
    found = percentile(ordered, share)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= len(ordered) * share / 100


def test_a_spread_names_its_unit_and_keeps_the_longest_wait() -> None:
    figure = spread("wait", [0.001] * 99 + [3.0], "ms")
    assert figure.values["p99"] == pytest.approx(1)
    assert figure.values["max"] == pytest.approx(3000)
    assert (figure.unit, figure.n) == ("ms", 100)


def test_a_rate_is_the_median_stretch_so_that_one_stall_does_not_speak_for_all() -> None:
    assert rate_of("rate", [0.01] * 8 + [5.0, 5.0], "things/s").values["rate"] == pytest.approx(100)


def test_a_floor_is_told_in_the_unit_of_its_figure() -> None:
    assert middle([0.001, 0.002, 0.003], "µs") == pytest.approx(2000)


def test_every_figure_belongs_to_one_benchmark() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert all(benchmark.figures for benchmark in BENCHMARKS)


def test_the_result_file_holds_each_figure_under_its_name_beside_the_machine(tmp_path: Path) -> None:
    figure = Figure("wait", "ms", 3, {"p50": 1.23456}, floor=1.0, floor_name="least")
    save(tmp_path / "bench.json", {"cpu": "abacus"}, [figure], {"scan_to_screen": "no display"})
    assert json.loads((tmp_path / "bench.json").read_text("utf-8")) == {
        "machine": {"cpu": "abacus"},
        "skipped": {"scan_to_screen": "no display"},
        "wait": {"p50": 1.235, "unit": "ms", "n": 3, "floor": 1.0, "floor_name": "least"},
    }
