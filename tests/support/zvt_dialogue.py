"""Owns a ZVT terminal that follows a script: it says what a dialogue tells and compares what it is told.

It must not use the product's frame encoder, decoder or CRC: frames are made and read here by the document
alone (VdTH PA00P016 section 3), the CRC by the crccheck library.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from crccheck.crc import Crc16Kermit

from hardware.events import CardAuthorised, DeviceEvent
from hardware.line import HangUp, Output, Ready, Report, Send
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings

ACK = b"\x06"
ATTEMPT = "attempt-1"
ACCEPTED = "800000"
REGISTERED = "060f0a19002952000001490978"


def frame_of(apdu: bytes) -> bytes:
    """The APDU as it stands on a serial line."""
    crc = int(Crc16Kermit.calc(apdu + b"\x03"))
    return b"\x10\x02" + apdu.replace(b"\x10", b"\x10\x10") + b"\x10\x03" + crc.to_bytes(2, "little")


def apdu_in(frame: bytes) -> bytes:
    """The APDU in exactly one whole frame. Raises ValueError for anything else."""
    if frame[:2] != b"\x10\x02" or frame[-4:-2] != b"\x10\x03":
        raise ValueError(f"no frame: {frame.hex()}")
    apdu = frame[2:-4].replace(b"\x10\x10", b"\x10")
    if frame_of(apdu) != frame:
        raise ValueError(f"stuffing or CRC is wrong: {frame.hex()}")
    return apdu


class Dialogue:
    """`confirming`: the lane confirms every authorisation at once."""

    def __init__(self, settings: ZvtSettings | None = None, *, confirming: bool = True) -> None:
        self.protocol = ZvtProtocol("terminal", settings or ZvtSettings())
        self.now_s = 0.0
        self.events: list[DeviceEvent] = []
        self.hang_ups: list[str] = []
        self.readies = 0
        self.said: deque[str] = deque()
        """APDUs of ours that no script has compared yet."""
        self._confirming = confirming

    def do(self, outputs: Iterable[Output]) -> None:
        for output in list(outputs):
            match output:
                case Send(data) if data == ACK:
                    continue
                case Send(data):
                    self.said.append(apdu_in(data).hex())
                    self.do(self.protocol.received(ACK, self.now_s))
                case Report(event):
                    self.events.append(event)
                    if self._confirming and isinstance(event, CardAuthorised):
                        self.do(self.protocol.confirm(event.attempt_id, self.now_s))
                case Ready():
                    self.readies += 1
                case HangUp(reason):
                    self.hang_ups.append(reason)
                    self.do(self.protocol.closed(self.now_s))

    def hear(self, apdu: str) -> None:
        self.do(self.protocol.received(frame_of(bytes.fromhex(apdu)), self.now_s))

    def wait_until(self, now_s: float, step_s: float = 1.0) -> None:
        while self.now_s < now_s:
            self.now_s = min(self.now_s + step_s, now_s)
            self.do(self.protocol.elapsed(self.now_s))

    def open(self) -> None:
        self.do(self.protocol.opened(self.now_s))

    def registered(self) -> Dialogue:
        self.open()
        self.hear(ACCEPTED)
        self.hear(REGISTERED)
        assert self.said.popleft().startswith("0600")
        assert self.said.popleft() == ACCEPTED
        return self

    def follow(self, script: str) -> Dialogue:
        """Lines `E ...` are what we must say next, lines `P ...` what the terminal says, # a comment."""
        for line in filter(None, (line.split("#")[0].strip() for line in script.splitlines())):
            sender, apdu = line[0], bytes.fromhex(line[1:]).hex()
            if sender == "P":
                self.hear(apdu)
                continue
            assert self.said, f"{line}: nothing was said"
            assert self.said.popleft() == apdu, line
        assert not self.said, f"said more than the dialogue holds: {list(self.said)}"
        return self
