"""Owns what a figure is: spreads of waiting times, rates, and the floor of the same run beside them.

It must not know what was measured.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

UNITS = {"ms": 1e3, "µs": 1e6, "s": 1.0}
RATE_RUNS = 5


class Skipped(Exception):  # noqa: N818 - it is an answer, not a failure
    """A benchmark cannot run here; the text says why."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure. `quick` shows that everything runs; its figures are rough."""

    quick: bool = False

    def of(self, count: int, quick: int) -> int:
        return quick if self.quick else count


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `values` holds p50, p95, p99 and max, or rate; `n` counts the samples.

    `floor` is what the machine itself took for the named least work in the same run, in the same unit.
    """

    name: str
    unit: str
    n: int
    values: dict[str, float]
    floor: float | None = None
    floor_name: str = ""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        floor = {} if self.floor is None else {"floor": round(self.floor, 3), "floor_name": self.floor_name}
        values = {key: round(value, 3) for key, value in self.values.items()}
        note = {"note": self.note} if self.note else {}
        return {**values, "unit": self.unit, "n": self.n, **floor, **note}


def spread(
    name: str, samples_s: Sequence[float], unit: str, *, floor: float | None = None, floor_name: str = ""
) -> Figure:
    """Waiting times in seconds as their 50th, 95th and 99th percentile and the longest, in `unit`."""
    ordered = sorted(sample_s * UNITS[unit] for sample_s in samples_s)
    values = {f"p{share}": percentile(ordered, share) for share in (50, 95, 99)} | {"max": ordered[-1]}
    return Figure(name, unit, len(ordered), values, floor, floor_name)


def percentile(ordered: Sequence[float], share: int) -> float:
    """The nearest rank: the smallest value that `share` per cent (1 to 100) of all do not exceed."""
    assert ordered, "a percentile of nothing"
    return ordered[math.ceil(len(ordered) * share / 100) - 1]


def middle(samples_s: Sequence[float], unit: str) -> float:
    """The median, in `unit`: what a floor is told as."""
    return median(samples_s) * UNITS[unit]


def timed(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start_s = time.perf_counter()
    action()
    return time.perf_counter() - start_s


def timed_each(actions: Iterable[Callable[[], object]], *, warm: int = 3) -> list[float]:
    """Seconds of each call; the first `warm` are made and not counted."""
    gc.collect()
    return [timed(action) for action in actions][warm:]


def rate(name: str, amount: int, run: Callable[[], object], unit: str, *, runs: int = RATE_RUNS) -> Figure:
    """`amount` things in a run: the median of several runs, in things a second."""
    run()
    seconds = [timed(run) for _ in range(runs)]
    return Figure(name, unit, runs, {"rate": amount / median(seconds)})


def rate_of(name: str, samples_s: Sequence[float], unit: str) -> Figure:
    """Things a second where each took its turn: the median of several equal stretches of the samples."""
    length = len(samples_s) // RATE_RUNS
    assert length, "each stretch has at least one sample"
    stretches = [samples_s[start * length : (start + 1) * length] for start in range(RATE_RUNS)]
    return Figure(name, unit, RATE_RUNS, {"rate": median(length / sum(stretch) for stretch in stretches)})
