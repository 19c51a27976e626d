"""The keypad driver on a real pty, against the simulated keypad."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.drivers.keypad import InputKeypad
from hardware.events import DeviceLost, DeviceReady, HeadsetChanged, Key, KeyPressed
from hardware.ports import Health
from hardware.simulators.keypad import CODES, KeypadSimulator
from tests.support.device_events import EventLog, wait_until


@pytest.fixture
def keypad(tmp_path: Path) -> Iterator[tuple[KeypadSimulator, InputKeypad, EventLog]]:
    simulator, events = KeypadSimulator(tmp_path / "keypad"), EventLog()
    driver = InputKeypad("keypad", f"input://{tmp_path / 'keypad'}", emit=events, monotonic=time.monotonic)
    simulator.start()
    driver.open()
    wait_until(lambda: driver.health() is Health.READY)
    yield simulator, driver, events
    driver.close()
    simulator.stop()


def test_every_key_of_the_simulator_arrives(
    keypad: tuple[KeypadSimulator, InputKeypad, EventLog],
) -> None:
    simulator, _driver, events = keypad
    for key in CODES:
        simulator.press(key)
    assert [events.wait_for(KeyPressed).key for _ in CODES] == [Key(name) for name in CODES]


def test_pulling_the_keypad_out_empties_the_jack_and_it_comes_back(
    keypad: tuple[KeypadSimulator, InputKeypad, EventLog],
) -> None:
    simulator, _driver, events = keypad
    simulator.plug(inserted=True)
    assert events.wait_for(HeadsetChanged).inserted
    simulator.unplug()
    assert not events.wait_for(HeadsetChanged).inserted
    events.wait_for(DeviceLost)
    simulator.replug()
    events.wait_for(DeviceReady)
    simulator.press("select")
    assert events.wait_for(KeyPressed).key is Key.SELECT
