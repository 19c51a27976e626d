"""Owns a ZVT terminal that masks nothing: whole card numbers in every field, text and tag it sends.

It must not use the lane's codecs: frames come from the campaigns' encoder and the simulators' wire. It keeps
what it sent, so that a test can see that the numbers really went over the cable.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_wire import ZvtWire
from tests.campaigns.zvt_frames import (
    TERMINAL_ID,
    bcd,
    container,
    ll,
    message,
    packed,
    slips,
    tlv,
    track_2,
)
from tests.support.card_scan import CANARIES

ANSWER_S: Final = 5.0
_POSITIVE: Final = (b"\x80\x00", b"\x84\x00")


class LeakyTerminal:
    """Approves every payment and keeps it. `cut_after_result` pulls the cable once, before our answer."""

    def __init__(self, link: Path) -> None:
        self.port = PtyPort(link)
        self.sent: list[bytes] = []
        self.cut_after_result = False
        self._receipt_no = 7
        self._amount_minor = 500
        self._turn = 0
        self._stopping = threading.Event()
        self._wire = ZvtWire(self.port, Tempo(), lambda: not self._stopping.is_set())
        self._thread = threading.Thread(target=self._run, name="leaky-terminal", daemon=True)

    def start(self) -> None:
        self.port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=10)
        self.port.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._wire.connected:
                self.port.replug()
                self._wire.connect()
            apdu = self._wire.receive(0.1)
            if apdu is not None:
                self._obey(apdu)

    def _obey(self, apdu: bytes) -> None:
        match apdu[:2]:
            case b"\x06\x00":
                self._say(message("8000"))
                self._ask(message("060F", b"\x19\x00\x29" + bcd(TERMINAL_ID, 4) + _tags(CANARIES[0])))
            case b"\x05\x01":
                self._say(message("8000"))
                self._ask(message("060F", b"\x00" + _tags(CANARIES[1])))
            case b"\x06\x20":
                self._say(message("8000"))
                self._ask(self._result())
                self._ask(message("060F"))
            case b"\x06\x01":
                self._pay(int(apdu[4:10].hex()))

    def _pay(self, amount_minor: int) -> None:
        self._amount_minor = amount_minor
        self._receipt_no += 1
        self._say(message("8000"))
        for number in CANARIES:
            self._ask(
                message("04FF", b"\x0a\x02" + container(tlv("24", tlv("07", b"Karte " + number.encode()))))
            )
        for slip in slips():
            self._ask(slip)
        if self.cut_after_result:
            self.cut_after_result = False
            self._say(self._result())
            self.port.unplug()
            return
        if self._ask(self._result())[:2] in _POSITIVE:
            for slip in slips():
                self._ask(slip)
            self._ask(message("060F", _tags(CANARIES[2])))
        else:
            self._receipt_no -= 1
            self._ask(message("061E", b"\x6c" + container(tlv("1F17", CANARIES[3].encode()))))

    def _result(self) -> bytes:
        """Another number in another set of fields each time, and all of them in the tags."""
        number = CANARIES[self._turn % len(CANARIES)]
        self._turn += 1
        fields = b"\x27\x00\x04" + bcd(self._amount_minor, 6) + b"\x87" + bcd(self._receipt_no, 2)
        fields += b"\x0b" + bcd(self._receipt_no, 3) + b"\x29" + bcd(TERMINAL_ID, 4) + b"\x49\x09\x78"
        fields += (
            b"\x22" + ll(packed(number)) + b"\x23" + ll(track_2(number)) + b"\x24" + ll(track_2(number), 3)
        )
        fields += b"\x2d" + ll(f"B{number}^SHOPPER/A^2912201".encode()) + b"\x3c" + ll(number.encode(), 3)
        return message("040F", fields + b"\x8b" + ll(f"Visa {number}".encode()) + _tags(*CANARIES))

    def _say(self, apdu: bytes) -> None:
        self.sent.append(apdu)
        self._wire.send(apdu)

    def _ask(self, apdu: bytes) -> bytes:
        """Sends and takes the lane's answer; b"" when none came."""
        self._say(apdu)
        return self._wire.receive(ANSWER_S) or b""


def _tags(*numbers: str) -> bytes:
    """Tags a lane has never heard of, EMV's own for number and track, and the long trace, all in one."""
    parts = []
    for number in numbers:
        parts += [tlv("5A", packed(number)), tlv("57", track_2(number)), tlv("1F2B", packed(number))]
        parts += [
            tlv("DF7E", number.encode()),
            tlv("60", tlv("50", number.encode()) + tlv("44", packed(number))),
        ]
    return container(*parts)
