"""Owns the byte stream of a serial barcode scanner: bytes in, whole codes or refusals out.

It must not know symbologies, goods or ports; what a code means is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from hardware.events import BarcodeRead, BarcodeRefused, DeviceEvent, ScanRefusal
from hardware.line import Output, Ready, Report

CODE_LIMIT: Final = 512
"""Longest code in characters, without AIM prefix and suffix."""

SILENCE_S: Final = 0.25
"""A code whose next byte stays away this long is broken off: a scanner sends a code in one burst."""

_CR: Final = 0x0D
_LF: Final = 0x0A
_PREFIX_LENGTH: Final = 3
_AIM_PREFIX: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # ISO/IEC 15424: "]", code letter, modifier
_ALLOWED: Final = re.compile(r"[\x20-\x7e\x1d]*")  # printable ASCII and GS, GS1 General Specifications 7.8


def refusal_of(text: str) -> ScanRefusal | None:
    """Why `text` may not become a BarcodeRead, or None when it may."""
    if not text:
        return ScanRefusal.INCOMPLETE
    if len(text) > CODE_LIMIT:
        return ScanRefusal.TOO_LONG
    if not _ALLOWED.fullmatch(text):
        return ScanRefusal.CONTROL_CHARACTERS
    return None


class ScannerProtocol:
    """A LineProtocol. CR, LF or CR LF ends a code; an empty code between two suffixes is nothing.

    Keeps at most one code of CODE_LIMIT characters, however long the scanner goes on.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._kept = bytearray()
        self._length = 0
        self._last_byte_s = 0.0

    def opened(self, now_s: float) -> Iterable[Output]:
        self._forget()
        self._last_byte_s = now_s
        return [Ready()]  # a scanner says nothing until it scans: an open port is all there is to see

    def received(self, data: bytes, now_s: float) -> Iterable[Output]:
        outputs = list(self.elapsed(now_s))
        self._last_byte_s = now_s
        for byte in data:
            if byte not in (_CR, _LF):
                self._keep(byte)
            elif self._length:
                outputs.append(Report(self._judge()))
                self._forget()
        return outputs

    def elapsed(self, now_s: float) -> Iterable[Output]:
        if not self._length or now_s - self._last_byte_s < SILENCE_S:
            return []
        too_long = self._length > len(self._kept)
        reason = ScanRefusal.TOO_LONG if too_long else ScanRefusal.INCOMPLETE
        refused = BarcodeRefused(self._device, reason, self._length)
        self._forget()
        return [Report(refused)]

    def closed(self, now_s: float) -> Iterable[Output]:
        self._forget()
        self._last_byte_s = now_s
        return []

    def _keep(self, byte: int) -> None:
        self._length += 1
        if len(self._kept) < CODE_LIMIT + _PREFIX_LENGTH:
            self._kept.append(byte)

    def _judge(self) -> DeviceEvent:
        if self._length > len(self._kept):
            return BarcodeRefused(self._device, ScanRefusal.TOO_LONG, self._length)
        text = self._kept.decode("latin-1")  # every byte becomes one character, so the gate below sees all
        prefix = _AIM_PREFIX.match(text)
        symbology = prefix.group() if prefix else None
        code = text[_PREFIX_LENGTH:] if prefix else text
        reason = refusal_of(code)
        if reason is not None:
            return BarcodeRefused(self._device, reason, self._length)
        return BarcodeRead(self._device, code, symbology)

    def _forget(self) -> None:
        self._kept.clear()
        self._length = 0
