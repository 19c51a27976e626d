"""Owns the promise of ports.LaneLight, kept over a cable by the driver and the simulated light."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from hardware.drivers.light import TextLight
from hardware.events import DeviceLost, DeviceReady
from hardware.ports import Light, LightColour, LightPattern
from hardware.protocols.text_light import line_of
from hardware.simulators.light import LightSimulator
from tests.support.device_events import EventLog, wait_until

CALLING = Light(LightColour.AMBER, LightPattern.FAST, buzzes=True)


@dataclass
class Bench:
    simulator: LightSimulator
    light: TextLight
    events: EventLog


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    events, link = EventLog(), tmp_path / "light"
    light = TextLight("light", f"serial://{link}", emit=events, monotonic=time.monotonic)
    bench = Bench(LightSimulator(link), light, events)
    bench.simulator.start()
    bench.light.open()
    events.wait_for(DeviceReady)
    yield bench
    bench.light.close()
    bench.simulator.stop()


def test_a_light_shows_what_it_is_told(bench: Bench) -> None:
    bench.light.show(Light(LightColour.GREEN))
    wait_until(lambda: bench.simulator.shown == "green steady")
    bench.light.show(CALLING)
    wait_until(lambda: bench.simulator.shown == "amber fast buzz")


def test_a_light_that_was_pulled_out_shows_the_newest_when_it_is_back(bench: Bench) -> None:
    bench.light.show(Light(LightColour.GREEN))
    wait_until(lambda: bench.simulator.shown == "green steady")
    bench.simulator.unplug()
    bench.events.wait_for(DeviceLost)
    bench.light.show(CALLING)
    bench.simulator.replug()
    wait_until(lambda: bench.simulator.shown == "amber fast buzz")


def test_no_two_lights_are_told_alike() -> None:
    every = [Light(*each) for each in product(LightColour, LightPattern, (False, True))]
    assert len({line_of(each) for each in every}) == len(every)
