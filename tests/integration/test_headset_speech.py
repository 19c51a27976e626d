"""From a plug in the jack to the first sound: real cable and reader, espeak-ng itself, no sound card."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.drivers.keypad import InputKeypad
from hardware.events import DeviceEvent, HeadsetChanged, KeyPressed
from hardware.ports import Health
from hardware.simulators.keypad import KeypadSimulator
from kiosk.assist.reading import Output
from kiosk.assist.surroundings import Surroundings
from kiosk.espeak import NO_DEVICE, EspeakMouth
from kiosk.speech import Narrator
from kiosk.speech_queue import Voice
from tests.support.device_events import wait_until
from tests.support.lane_fakes import Walk
from tests.unit.kiosk.test_presenter import shown

SILENT = {Output.HEADSET: NO_DEVICE, Output.SPEAKER: NO_DEVICE}


@dataclass
class Desk:
    keypad: KeypadSimulator
    narrator: Narrator
    taps: list[str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    taps: list[str] = []
    voice = Voice(EspeakMouth(SILENT, tmp_path), time.monotonic)
    narrator = Narrator(
        voice, Surroundings(), tap=taps.append, focus=lambda _id: None, monotonic=time.monotonic
    )

    def emit(event: DeviceEvent) -> None:
        if isinstance(event, KeyPressed | HeadsetChanged):
            narrator.device(event)

    keypad = KeypadSimulator(tmp_path / "keypad")
    driver = InputKeypad("keypad", f"input://{tmp_path / 'keypad'}", emit=emit, monotonic=time.monotonic)
    keypad.start()
    driver.open()
    narrator.open()
    narrator.shown(shown(Walk()))
    wait_until(lambda: driver.health() is Health.READY)
    yield Desk(keypad, narrator, taps)
    driver.close()
    narrator.close()
    keypad.stop()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_speech_begins_within_a_second_of_the_headset(desk: Desk) -> None:
    plugged_s = time.monotonic()
    desk.keypad.plug(inserted=True)
    wait_until(lambda: any(said.began_s for said in desk.narrator.spoken()))
    first = desk.narrator.spoken()[0]
    sys.stdout.write(f"headset to first speech bytes: {(first.began_s - plugged_s) * 1000:.0f} ms\n")
    assert first.text.startswith("Self checkout.")
    assert first.began_s - plugged_s <= 1.0


def test_pulling_the_headset_out_leaves_nothing_to_be_said(desk: Desk) -> None:
    desk.keypad.plug(inserted=True)
    wait_until(lambda: "speak:on" in desk.taps)
    desk.keypad.plug(inserted=False)
    wait_until(lambda: "speak:off" in desk.taps)
    count = len(desk.narrator.spoken())
    desk.keypad.press("down")
    wait_until(lambda: desk.narrator.reader.focus != "")
    assert len(desk.narrator.spoken()) == count


def test_without_the_engine_the_lane_warns_once_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    voice = Voice(EspeakMouth(SILENT, tmp_path, engine="no-such-engine"), time.monotonic)
    narrator = Narrator(
        voice, Surroundings(), tap=lambda _id: None, focus=lambda _id: None, monotonic=time.monotonic
    )
    narrator.open()
    narrator.shown(shown(Walk()))
    for inserted in (True, False, True):
        narrator.device(HeadsetChanged("keypad", inserted=inserted))
    wait_until(lambda: bool(narrator.spoken()))
    narrator.close()
    warnings = [record.getMessage() for record in caplog.records if "no-such-engine" in record.getMessage()]
    assert warnings == ["this lane cannot speak: no-such-engine is not installed"]
