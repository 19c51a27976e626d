"""Owns the promise of ports.PricingScale, kept over a cable by the driver and the simulated device."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.drivers.scale import SerialScale
from hardware.events import DeviceLost, DeviceReady, WeightRefusal, WeightRefused, WeightSettled
from hardware.simulators.scale import Plate, ScaleSimulator
from tests.support.device_events import EventLog, wait_until


class Bench:
    def __init__(self, folder: Path) -> None:
        self.simulator = ScaleSimulator(folder / "scale")
        self.events = EventLog()
        self.scale = SerialScale(
            "scale", f"serial://{folder / 'scale'}", emit=self.events, monotonic=time.monotonic
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.simulator.start()
    bench.scale.open()
    bench.events.wait_for(DeviceReady)
    yield bench
    bench.scale.close()
    bench.simulator.stop()


@pytest.mark.parametrize("weight_g", [0, 5, 1234, 15_000])
def test_what_lies_still_is_weighed_to_the_gram(bench: Bench, weight_g: int) -> None:
    bench.simulator.put(weight_g)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightSettled) == WeightSettled("scale", weight_g)


@pytest.mark.parametrize(
    ("plate", "reason"),
    [
        (Plate.OVERLOAD, WeightRefusal.OVERLOAD),
        (Plate.NEGATIVE, WeightRefusal.NEGATIVE),
        (Plate.NOT_ZEROED, WeightRefusal.NOT_ZEROED),
        (Plate.NET, WeightRefusal.NOT_ZEROED),
        (Plate.GARBAGE, WeightRefusal.IMPLAUSIBLE),
    ],
)
def test_a_plate_one_may_not_sell_by_is_refused(bench: Bench, plate: Plate, reason: WeightRefusal) -> None:
    bench.simulator.show(plate)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightRefused).reason is reason


@pytest.mark.parametrize(("weight_g", "reason"), [(-40, "negative"), (15_001, "overload")])
def test_a_weight_outside_the_range_shows_as_such(bench: Bench, weight_g: int, reason: str) -> None:
    bench.simulator.put(weight_g)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightRefused).reason.value == reason


def test_a_moving_plate_is_waited_for(bench: Bench) -> None:
    bench.simulator.show(Plate.MOVING)
    polls = bench.simulator.polls
    bench.scale.weigh()
    wait_until(lambda: bench.simulator.polls >= polls + 2)
    bench.simulator.put(750)
    assert bench.events.wait_for(WeightSettled).weight_g == 750
    assert bench.events.count(WeightRefused) == 0


def test_a_scale_that_falls_silent_answers_the_weighing_and_comes_back(bench: Bench) -> None:
    bench.simulator.show(Plate.SILENT)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightRefused).reason is WeightRefusal.IMPLAUSIBLE
    bench.events.wait_for(DeviceLost)
    bench.simulator.put(100)
    bench.events.wait_for(DeviceReady)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightSettled).weight_g == 100


def test_a_weighing_with_the_cable_out_is_answered(bench: Bench) -> None:
    bench.simulator.unplug()
    bench.events.wait_for(DeviceLost)
    bench.scale.weigh()
    assert bench.events.wait_for(WeightRefused).reason is WeightRefusal.IMPLAUSIBLE
