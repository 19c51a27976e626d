"""Owns the device end of a Toledo 8217 scale: answers `W` with what lies on the plate.

It must not know who asks. Written from the 8217 interface description: `STX [sp]dd.ddd CR` for a stable
weight in kilograms, else `STX ? status CR` with bit 0 moving, 1 over, 2 negative, 3 outside zero capture.
"""

from __future__ import annotations

import threading
from enum import Enum
from pathlib import Path
from typing import Final

from hardware.simulators.pty_port import PtyPort

CAPACITY_G: Final = 15_000
READ_TIMEOUT_S: Final = 0.05
STATUS_BASE: Final = 0x40  # keeps a status byte printable, as the bits are drawn in the description


class Plate(Enum):
    """What the scale makes of its plate; the value is the status bits it sends, None where it sends none."""

    STEADY = None
    MOVING = 0x01
    OVERLOAD = 0x02
    NEGATIVE = 0x04
    NOT_ZEROED = 0x08
    GARBAGE = "garbage"
    SILENT = "silent"
    NET = "net"


class ScaleSimulator:
    """`put` a weight, or `show` one of the faults; both may be called from any thread."""

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)
        self.polls = 0
        self._weight_g = 0
        self._plate = Plate.STEADY
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scale-simulator", daemon=True)

    def start(self) -> None:
        self.port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.port.close()

    def put(self, weight_g: int) -> None:
        """Puts `weight_g` grams on the plate, steady; below zero or over the capacity shows as such."""
        self._weight_g = weight_g
        if weight_g < 0:
            self._plate = Plate.NEGATIVE
        elif weight_g > CAPACITY_G:
            self._plate = Plate.OVERLOAD
        else:
            self._plate = Plate.STEADY

    def show(self, plate: Plate) -> None:
        """Shows a state whatever lies on the plate, until the next `put` or `show`."""
        self._plate = plate

    def unplug(self) -> None:
        self.port.unplug()

    def replug(self) -> None:
        self.port.replug()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for byte in self.port.read(READ_TIMEOUT_S):
                if byte == ord("W"):
                    self.polls += 1
                    self.port.write(self._answer())

    def _answer(self) -> bytes:
        match self._plate:
            case Plate.SILENT:
                return b""
            case Plate.GARBAGE:
                return b"\x02#!.77\r"
            case Plate.STEADY:
                return b"\x02 " + self._digits() + b"\r"
            case Plate.NET:
                return b"\x02 " + self._digits() + b"N\r"
            case Plate(value=bits):
                return b"\x02?" + bytes((STATUS_BASE | bits,)) + b"\r"

    def _digits(self) -> bytes:
        kilograms, grams = divmod(self._weight_g, 1000)
        return b"%02d.%03d" % (kilograms, grams)
