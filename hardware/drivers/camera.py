"""Owns the reading of barcodes off camera frames with two decoders, zxing-cpp and zbar, side by side.

It must not know goods, nor where frames come from. The only module that imports pyzbar and zxingcpp.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Final

from PIL import Image

from hardware.events import BarcodeRead, BarcodeRefused, DeviceError, DeviceEvent, DeviceLost, DeviceReady
from hardware.ports import Emit, Health, Monotonic
from hardware.protocols.scanner import refusal_of

REPEAT_WINDOW_S: Final = 1.5
"""A code must be out of sight this long before it counts as scanned again."""

ZXING: Final = "zxing-cpp"
ZBAR: Final = "pyzbar"

Decoders = tuple[ModuleType, ModuleType]

_PLACE_MARGIN_PX: Final = (
    12  # decoders disagree on where a symbol's edge is, never by more than a module or two
)
_GS: Final = "\x1d"

_RETAIL: Final = "EAN/UPC"
_ZXING_FORMATS: Final = (
    "EAN13",
    "EAN8",
    "UPCA",
    "UPCE",
    "Code128",
    "ITF14",
    "DataBarOmni",
    "DataBarStk",
    "DataBarStkOmni",
    "DataBarLtd",
    "DataBarExp",
    "DataBarExpStk",
    "QRCode",
    "DataMatrix",
)
# zbar's DataBar is left out: zxing-cpp reads it with its symbology. UPC-A and UPC-E are read as EAN13 and
# come out in 13 digits, as zxing-cpp gives them; asked for by name, zbar would give the short forms.
_ZBAR_KINDS: Final = {
    "EAN13": _RETAIL,
    "EAN8": _RETAIL,
    "CODE128": "Code 128",
    "QRCODE": "QR Code",
}


class CameraUnavailable(DeviceError):  # noqa: N818 - named for what the operator is told
    """A decoder cannot be loaded. The message says in one sentence what to install."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle around a symbol, in pixels of the frame."""

    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: Box) -> bool:
        """Whether both lie at the same place, give or take _PLACE_MARGIN_PX."""
        return (
            self.left - _PLACE_MARGIN_PX <= other.right
            and other.left - _PLACE_MARGIN_PX <= self.right
            and self.top - _PLACE_MARGIN_PX <= other.bottom
            and other.top - _PLACE_MARGIN_PX <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Decoded:
    """One symbol in a frame. `kind` groups symbologies two decoders can confuse, such as "EAN/UPC".

    `text` is what the symbol holds, with GS between GS1 fields; `symbology` the AIM identifier or None.
    """

    text: str
    kind: str
    symbology: str | None
    box: Box
    read_by: tuple[str, ...]


def decode_frame(image: Image.Image) -> tuple[Decoded, ...]:
    """Every symbol both decoders find in `image`, merged. Raises CameraUnavailable."""
    zxing, zbar = load_decoders()
    grey = image.convert("L")
    return merge(tuple(_read_zxing(zxing, grey)), tuple(_read_zbar(zbar, grey)))


def merge(first: tuple[Decoded, ...], second: tuple[Decoded, ...]) -> tuple[Decoded, ...]:
    """One Decoded per symbol: agreeing reads become one, contradicting reads are dropped.

    Two reads contradict when they are of one kind, at one place, and hold different texts. A read both
    decoders agree on stands against a contradiction. GS is left out of the comparison.
    """
    agreed: list[Decoded] = []
    doubtful: list[Decoded] = list(second)
    alone: list[Decoded] = []
    for read in first:
        twins = [other for other in doubtful if _plain(other) == _plain(read)]
        if twins:
            agreed.append(replace(read, read_by=read.read_by + twins[0].read_by))
            doubtful = [other for other in doubtful if other not in twins]
        else:
            alone.append(read)
    kept = [read for read in alone if not _contradicts(read, doubtful)]
    kept += [read for read in doubtful if not _contradicts(read, [*agreed, *alone])]
    return tuple(agreed + kept)


def _plain(read: Decoded) -> tuple[str, str]:
    return read.kind, read.text.replace(_GS, "")


def _contradicts(read: Decoded, others: Iterable[Decoded]) -> bool:
    return any(other.kind == read.kind and other.box.overlaps(read.box) for other in others)


def load_decoders(find: Callable[[str], ModuleType] = importlib.import_module) -> Decoders:
    """zxingcpp and pyzbar.pyzbar. Raises CameraUnavailable with the package to install."""
    try:
        zxing = find("zxingcpp")
    except ImportError as error:
        raise CameraUnavailable(
            "The camera needs zxing-cpp: install the Python package zxing-cpp."
        ) from error
    try:
        zbar = find("pyzbar.pyzbar")
    except ImportError as error:  # pyzbar raises it too when the shared library is absent
        raise CameraUnavailable("The camera needs zbar: install the system package libzbar0.") from error
    return zxing, zbar


def _read_zxing(zxing: ModuleType, grey: Image.Image) -> Iterator[Decoded]:
    formats = tuple(getattr(zxing.BarcodeFormat, name) for name in _ZXING_FORMATS)
    for found in zxing.read_barcodes(grey, formats=formats):
        corners = found.position
        xs = [p.x for p in (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)]
        ys = [p.y for p in (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)]
        yield Decoded(
            # The bytes, not the text: the text of a GS1 symbol is written for people, with parentheses.
            text=_as_text(found.bytes),
            kind=str(found.symbology),
            symbology=found.symbology_identifier or None,
            box=Box(min(xs), min(ys), max(xs), max(ys)),
            read_by=(ZXING,),
        )


def _read_zbar(zbar: ModuleType, grey: Image.Image) -> Iterator[Decoded]:
    symbols = [zbar.ZBarSymbol[name] for name in _ZBAR_KINDS]
    for found in zbar.decode(grey, symbols=symbols):
        left, top, width, height = found.rect
        yield Decoded(
            text=_as_text(found.data),
            kind=_ZBAR_KINDS[found.type],
            symbology=None,
            box=Box(left, top, left + width, top + height),
            read_by=(ZBAR,),
        )


def _as_text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


class CameraScanner:
    """A ports.Scanner fed with frames. `show` decodes in the caller's thread; one thread at a time."""

    def __init__(
        self,
        name: str,
        *,
        emit: Emit,
        monotonic: Monotonic,
        load: Callable[[], Decoders] = load_decoders,
    ) -> None:
        self.name = name
        self._load = load
        self._emit = emit
        self._monotonic = monotonic
        self._health = Health.LOST
        self._seen_s: dict[str, float] = {}

    def open(self) -> None:
        """Loads the decoders; emits DeviceReady, or DeviceLost with what to install."""
        try:
            self._load()
        except CameraUnavailable as error:
            self._emit(DeviceLost(self.name, str(error)))
            return
        self._health = Health.READY
        self._emit(DeviceReady(self.name))

    def close(self) -> None:
        self._health = Health.LOST
        self._seen_s.clear()

    def health(self) -> Health:
        return self._health

    def show(self, frame: Path | Image.Image) -> None:
        """Reads one frame and emits what is new in it; a closed camera sees nothing.

        Raises OSError when `frame` is a path to no readable picture.
        """
        if self._health is not Health.READY:
            return
        if isinstance(frame, Path):
            with Image.open(frame) as picture:
                found = decode_frame(picture)
        else:
            found = decode_frame(frame)
        now_s = self._monotonic()
        for decoded in found:
            if self._is_new(decoded.text, now_s):
                self._emit(self._event(decoded))

    def _is_new(self, text: str, now_s: float) -> bool:
        self._seen_s = {t: s for t, s in self._seen_s.items() if now_s - s < REPEAT_WINDOW_S}
        is_new = text not in self._seen_s
        self._seen_s[text] = now_s
        return is_new

    def _event(self, decoded: Decoded) -> DeviceEvent:
        reason = refusal_of(decoded.text)
        if reason is not None:
            return BarcodeRefused(self.name, reason, len(decoded.text))
        return BarcodeRead(self.name, decoded.text, decoded.symbology, decoded.read_by)
