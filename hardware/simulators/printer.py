"""Owns the device end of an ESC/POS receipt printer: prints slips, tells its state, runs out of paper.

It must not know who prints or what for. Written from the ESC/POS command reference; answers to DLE EOT are
sent at once, whatever waits in the buffer, as a printer's real-time commands are.
"""

from __future__ import annotations

import threading
from enum import Enum
from pathlib import Path
from typing import Final

from PIL import Image

from hardware.simulators import receipt_paper
from hardware.simulators.pty_port import PtyPort

READ_TIMEOUT_S: Final = 0.05
BUFFER_LIMIT: Final = 1_000_000

_DLE: Final = 0x10
_EOT: Final = 0x04
_DC4: Final = 0x14


class Roll(Enum):
    IN = "in"
    LOW = "low"
    OUT = "out"


class PrinterSimulator:
    """Keeps the bytes of each slip up to its cut in `slips`. All methods may be called from any thread.

    Without paper, or with the cover open, it is off line: bytes wait in its buffer and come out later.
    """

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)
        self.slips: list[bytes] = []
        self.drawer_kicks = 0
        self._lock = threading.Lock()
        self._roll = Roll.IN
        self._cover_open = False
        self._is_mute = False
        self._feeds_left: int | None = None
        self._held = b""
        self._buffer = bytearray()
        self._slip = bytearray()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printer-simulator", daemon=True)

    def start(self) -> None:
        self.port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.port.close()

    # -- what a person does to it ----------------------------------------------------------------

    def set_roll(self, roll: Roll) -> None:
        with self._lock:
            self._roll = roll
            self._feeds_left = None
            self._print()

    def run_out_after(self, feeds: int) -> None:
        """The paper ends after that many more lines, pictures or feeds."""
        with self._lock:
            self._feeds_left = feeds

    def open_cover(self) -> None:
        with self._lock:
            self._cover_open = True

    def close_cover(self) -> None:
        with self._lock:
            self._cover_open = False
            self._print()

    def mute(self) -> None:
        """Stops answering, as a printer does whose cable has no way back."""
        self._is_mute = True

    def unmute(self) -> None:
        self._is_mute = False

    def unplug(self) -> None:
        self.port.unplug()

    def replug(self) -> None:
        self.port.replug()

    # -- what came out of it ---------------------------------------------------------------------

    def text(self) -> str:
        """All slips as plain text, one empty line between them."""
        return "\n\n".join(receipt_paper.read_text(slip) for slip in list(self.slips))

    def picture(self, slip: bytes, *, font: Path = receipt_paper.FONT) -> Image.Image:
        """One slip as a grey picture of paper, its text drawn with the TrueType file `font`."""
        return receipt_paper.draw_slip(slip, font=font)

    def unfinished(self) -> bytes:
        """What is on paper since the last cut."""
        with self._lock:
            return bytes(self._slip)

    # -- the printer's own thread ----------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            data = self.port.read(READ_TIMEOUT_S)
            if data:
                answers = self._receive(data)
                if not self._is_mute:
                    self.port.write(answers)

    def _receive(self, data: bytes) -> bytes:
        """Obeys real-time commands wherever they stand, buffers and prints the rest; returns the answers."""
        with self._lock:
            data = self._held + data
            self._held = b""
            answers = bytearray()
            at = 0
            while at < len(data):
                length = _realtime_length(data[at : at + 5])
                if at + length > len(data):
                    self._held = data[at:]
                    break
                if length == 3:
                    answers.append(self._status(data[at + 2]))
                elif length == 5:
                    self.drawer_kicks += 1
                else:
                    length = 1
                    self._buffer += data[at : at + 1]
                at += length
            del self._buffer[BUFFER_LIMIT:]
            self._print()
            return bytes(answers)

    def _status(self, question: int) -> int:
        out = self._roll is Roll.OUT
        match question:
            case 1:
                return 0x12 | (0x08 if self._is_offline() else 0)
            case 2:
                return 0x12 | (0x04 if self._cover_open else 0) | (0x20 if out else 0)
            case 4:
                return 0x12 | (0x0C if self._roll is not Roll.IN else 0) | (0x60 if out else 0)
            case _:
                return 0x12

    def _is_offline(self) -> bool:
        return self._cover_open or self._roll is Roll.OUT

    def _print(self) -> None:
        while self._buffer and not self._is_offline():
            length = receipt_paper.command_length(self._buffer)
            if not length:
                return
            command = bytes(self._buffer[:length])
            del self._buffer[:length]
            self._slip += command
            self.drawer_kicks += receipt_paper.is_drawer_kick(command)
            if receipt_paper.is_cut(command):
                self.slips.append(bytes(self._slip))
                self._slip.clear()
            if receipt_paper.feeds_paper(command):
                self._wear()

    def _wear(self) -> None:
        if self._feeds_left is None:
            return
        self._feeds_left -= 1
        if self._feeds_left <= 0:
            self._roll = Roll.OUT
            self._feeds_left = None


def _realtime_length(data: bytes) -> int:
    """3 for DLE EOT n, 5 for DLE DC4 1 m t, 0 for anything else; a cut-off one counts as whole."""
    if data[0] != _DLE or (len(data) > 1 and data[1] not in (_EOT, _DC4)):
        return 0
    if len(data) == 1:
        return 3
    if data[1] == _EOT:
        return 3 if len(data) < 3 or 1 <= data[2] <= 4 else 0
    return 5 if len(data) < 3 or data[2] == 1 else 0
