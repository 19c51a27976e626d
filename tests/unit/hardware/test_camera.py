"""Owns the proof that two decoders become one honest scanner."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from hardware.drivers.camera import (
    ZBAR,
    ZXING,
    Box,
    CameraScanner,
    CameraUnavailable,
    Decoded,
    Decoders,
    decode_frame,
    load_decoders,
    merge,
)
from hardware.events import BarcodeRead, BarcodeRefused, DeviceEvent, DeviceLost, DeviceReady, ScanRefusal
from hardware.ports import Health

EAN = "9521234567899"
HERE = Box(100, 100, 300, 200)
ELSEWHERE = Box(500, 100, 700, 200)


def symbol(text: str, kind: str, **options: Any) -> Image.Image:
    drawn = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind), **options)
    return Image.fromarray(drawn.to_image(scale=3))


def frame(*symbols: Image.Image) -> Image.Image:
    """A grey 1280x720 frame with the symbols side by side on white."""
    picture = Image.new("L", (1280, 720), 255)
    left = 40
    for drawn in symbols:
        picture.paste(drawn, (left, 60))
        left += drawn.width + 60
    return picture


def read(text: str, *, by: str, kind: str = "EAN/UPC", box: Box = HERE) -> Decoded:
    symbology = "]E0" if by == ZXING else None
    return Decoded(text, kind, symbology, box, (by,))


class Camera:
    """A camera with its own clock that keeps what it emitted."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.events: list[DeviceEvent] = []
        self.scanner = CameraScanner("camera", emit=self.events.append, monotonic=lambda: self.now_s)
        self.scanner.open()
        assert self.events == [DeviceReady("camera")]
        self.events.clear()

    def show(self, picture: Image.Image | Path) -> list[DeviceEvent]:
        self.events.clear()
        self.scanner.show(picture)
        return list(self.events)


def test_an_ean_read_by_both_decoders_is_one_barcode() -> None:
    assert Camera().show(frame(symbol(EAN, "EAN13"))) == [BarcodeRead("camera", EAN, "]E0", (ZXING, ZBAR))]


@pytest.mark.parametrize(
    ("kind", "text", "seen"),
    [
        ("EAN8", "95212340", "95212340"),
        ("UPCA", "012345678905", "0012345678905"),
        ("UPCE", "01234565", "0012345000065"),
        ("Code128", "SHELF-7", "SHELF-7"),
        ("QRCode", "https://store.example/01/09521234567899", "https://store.example/01/09521234567899"),
    ],
)
def test_both_decoders_agree_on_retail_symbols(kind: str, text: str, seen: str) -> None:
    (found,) = decode_frame(frame(symbol(text, kind)))
    assert (found.text, found.read_by) == (seen, (ZXING, ZBAR))


@pytest.mark.parametrize(
    ("kind", "symbology"),
    [("Code128", "]C1"), ("DataMatrix", "]d2"), ("QRCode", "]Q3"), ("DataBarExp", "]e0")],
)
def test_gs1_symbols_arrive_as_element_strings_not_as_printed(kind: str, symbology: str) -> None:
    (found,) = decode_frame(frame(symbol("(01)09521234567899(10)A1(17)261231", kind, gs1=True)))
    assert found.text == "010952123456789910A1\x1d17261231"
    assert found.symbology == symbology


def test_two_labels_in_one_frame_are_two_barcodes() -> None:
    found = decode_frame(frame(symbol(EAN, "EAN13"), symbol("95212340", "EAN8")))
    assert sorted(decoded.text for decoded in found) == ["95212340", EAN]


def test_an_empty_frame_holds_nothing() -> None:
    assert decode_frame(frame()) == ()


def test_a_code_one_decoder_alone_reads_is_kept() -> None:
    assert merge((), (read(EAN, by=ZBAR),)) == (read(EAN, by=ZBAR),)
    assert merge((read(EAN, by=ZXING),), ()) == (read(EAN, by=ZXING),)


def test_decoders_that_contradict_each_other_at_one_place_give_nothing() -> None:
    assert merge((read("9521234567899", by=ZXING),), (read("9521234567890", by=ZBAR),)) == ()


def test_different_codes_at_different_places_are_both_kept() -> None:
    first, second = read("9521234567899", by=ZXING), read("95212340", by=ZBAR, box=ELSEWHERE)
    assert merge((first,), (second,)) == (first, second)


def test_different_kinds_at_one_place_do_not_contradict() -> None:
    first, second = read(EAN, by=ZXING), read("A", by=ZBAR, kind="QR Code")
    assert merge((first,), (second,)) == (first, second)


def test_an_agreed_code_stands_against_a_stray_read_beside_it() -> None:
    seen = merge((read(EAN, by=ZXING),), (read(EAN, by=ZBAR), read("95212340", by=ZBAR)))
    assert [(decoded.text, decoded.read_by) for decoded in seen] == [(EAN, (ZXING, ZBAR))]


def test_group_separators_do_not_count_as_a_difference() -> None:
    first = Decoded("10A\x1d17261231", "Code 128", "]C1", HERE, (ZXING,))
    second = Decoded("10A17261231", "Code 128", None, HERE, (ZBAR,))
    (seen,) = merge((first,), (second,))
    assert (seen.text, seen.symbology, seen.read_by) == ("10A\x1d17261231", "]C1", (ZXING, ZBAR))


def test_a_code_that_stays_in_view_is_scanned_once() -> None:
    camera = Camera()
    picture = frame(symbol(EAN, "EAN13"))
    assert len(camera.show(picture)) == 1
    for _ in range(3):
        camera.now_s += 1.4
        assert camera.show(picture) == []
    camera.now_s += 1.5
    assert len(camera.show(picture)) == 1


def test_another_code_is_not_held_back_by_the_first() -> None:
    camera = Camera()
    camera.show(frame(symbol(EAN, "EAN13")))
    assert len(camera.show(frame(symbol("95212340", "EAN8")))) == 1


@pytest.mark.parametrize("text", ["rm -rf\n", "caff\u00e8", "\x1b[2J"])
def test_a_symbol_with_foreign_characters_is_refused(text: str) -> None:
    (event,) = Camera().show(frame(symbol(text, "QRCode")))
    assert isinstance(event, BarcodeRefused)
    assert event.reason is ScanRefusal.CONTROL_CHARACTERS


def test_a_symbol_that_holds_too_much_is_refused() -> None:
    assert Camera().show(frame(symbol("A" * 600, "QRCode"))) == [
        BarcodeRefused("camera", ScanRefusal.TOO_LONG, 600)
    ]


def test_a_closed_camera_sees_nothing() -> None:
    camera = Camera()
    camera.scanner.close()
    assert camera.show(frame(symbol(EAN, "EAN13"))) == []
    assert camera.scanner.health() is Health.LOST


def test_a_picture_file_is_read_and_a_missing_one_is_an_os_error(tmp_path: Path) -> None:
    path = tmp_path / "frame.png"
    frame(symbol(EAN, "EAN13")).save(path)
    assert len(Camera().show(path)) == 1
    with pytest.raises(OSError, match="absent"):
        Camera().show(tmp_path / "absent.png")


@pytest.mark.parametrize(("absent", "remedy"), [("zxingcpp", "zxing-cpp"), ("pyzbar.pyzbar", "libzbar0")])
def test_a_missing_decoder_is_one_sentence_that_says_what_to_install(absent: str, remedy: str) -> None:
    def find(name: str) -> ModuleType:
        if name == absent:
            raise ImportError("Unable to find shared library")
        return zxingcpp

    def load() -> Decoders:
        return load_decoders(find)

    with pytest.raises(CameraUnavailable, match=remedy):
        load()
    events: list[DeviceEvent] = []
    camera = CameraScanner("camera", emit=events.append, monotonic=lambda: 0.0, load=load)
    camera.open()
    (lost,) = events
    assert isinstance(lost, DeviceLost)
    assert remedy in lost.reason
    assert lost.reason.count(".") == 1
    assert camera.health() is Health.LOST
