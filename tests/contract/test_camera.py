"""Owns the promise of ports.Scanner, kept by the camera from picture files, as a journey shows them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from hardware.drivers.camera import CameraScanner
from hardware.events import BarcodeRead, DeviceReady
from hardware.ports import Health, Scanner
from tests.support.device_events import EventLog

TURNS = (0, 90, 180, 270)


def save_frame(path: Path, *, turn: int) -> Path:
    drawn = zxingcpp.create_barcode("9521234567899", zxingcpp.BarcodeFormat.EAN13)
    label = Image.fromarray(drawn.to_image(scale=2)).rotate(turn, expand=True, fillcolor=255)
    frame = Image.new("RGB", (1280, 720), (140, 150, 135))
    frame.paste(label, (300, 200))
    frame.save(path)
    return path


@pytest.mark.parametrize("turn", TURNS)
def test_a_label_is_read_however_the_pack_is_turned(tmp_path: Path, turn: int) -> None:
    events = EventLog()
    camera = CameraScanner("camera", emit=events, monotonic=time.monotonic)
    scanner: Scanner = camera
    scanner.open()
    events.wait_for(DeviceReady)
    camera.show(save_frame(tmp_path / "frame.png", turn=turn))
    assert events.wait_for(BarcodeRead).text == "9521234567899"
    assert scanner.health() is Health.READY
    scanner.close()
    assert scanner.health() is Health.LOST
