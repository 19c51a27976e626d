"""Owns the protocols that are fuzzed: their states, right frames, what peer and lane do meanwhile.

It must not check anything; the campaign does. A further protocol is one more entry in TARGETS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Final

from hardware.events import ProtocolError
from hardware.line import Output
from hardware.ports import PaymentRequest
from hardware.protocols import scale_8217, scanner, zvt_apdu, zvt_bmp
from hardware.protocols.printer_status import PrinterProtocol, parse_status
from hardware.protocols.scale_8217 import Scale8217Protocol
from hardware.protocols.scanner import ScannerProtocol
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings
from tests.campaigns import zvt_frames
from tests.campaigns.concert_target import concert
from tests.campaigns.rig import Parser, Rig, Target
from tests.campaigns.zvt_frames import ACK, NAK, framed, message

# --- ZVT -------------------------------------------------------------------------------------------

_REQUEST: Final = PaymentRequest("attempt-1", 1010, "EUR")
_STARTED: Final = framed(message("8000"))
_DONE: Final = framed(message("060F"))
_IDLE: Final = framed(message("060F", b"\x00"))
_APPROVED: Final = framed(zvt_frames.result(1010, 8))
_NOT_READY: Final = framed(message("060F", b"\x9c"))


def _zvt_rig() -> Rig:
    protocol = ZvtProtocol("terminal", ZvtSettings())

    def meddle(now_s: float, chance: Random) -> Iterable[Output]:
        match chance.randrange(6):
            case 0:
                return protocol.start(_REQUEST, now_s)
            case 1:
                return protocol.confirm("attempt-1", now_s)
            case 2:
                return protocol.refuse("attempt-1", now_s)
            case 3:
                return protocol.abort("attempt-1", now_s)
            case 4:
                return protocol.query_last("query-1", now_s)
            case _:
                return ()

    return Rig(protocol, lambda sent: b"" if sent in (ACK, NAK) else ACK, meddle)


def _zvt_scene(*frames: bytes, begin: str = "", then: str = "") -> Callable[[], Rig]:
    """A rig that has heard `frames` after it registered; `begin` and `then` are the lane's commands."""

    def make() -> Rig:
        rig = _zvt_rig()
        rig.hear(_STARTED)
        rig.hear(_DONE)
        _zvt_command(rig, begin)
        for frame in frames:
            rig.hear(frame)
        _zvt_command(rig, then)
        return rig

    return make


def _zvt_command(rig: Rig, name: str) -> None:
    protocol = rig.protocol
    assert isinstance(protocol, ZvtProtocol)
    match name:
        case "pay":
            rig.do(protocol.start(_REQUEST, rig.now_s))
        case "query":
            rig.do(protocol.query_last("query-1", rig.now_s))
        case "confirm":
            rig.do(protocol.confirm("attempt-1", rig.now_s))
        case "refuse":
            rig.do(protocol.refuse("attempt-1", rig.now_s))
        case "abort":
            rig.do(protocol.abort("attempt-1", rig.now_s))


def _zvt() -> Target:
    contents = (*zvt_frames.ordinary(), *zvt_frames.leaky_results(), *zvt_frames.slips())
    own = zvt_apdu
    return Target(
        scenes=(
            _zvt_rig,  # registering
            _zvt_scene(),  # resting
            _zvt_scene(begin="pay"),
            _zvt_scene(_STARTED, begin="pay"),
            _zvt_scene(_STARTED, begin="pay", then="abort"),
            _zvt_scene(_STARTED, _APPROVED, begin="pay"),
            _zvt_scene(_STARTED, _APPROVED, begin="pay", then="confirm"),
            _zvt_scene(_STARTED, _APPROVED, begin="pay", then="refuse"),
            _zvt_scene(_STARTED, _APPROVED, _DONE, begin="pay", then="query"),  # the payment ends in doubt
            _zvt_scene(begin="query"),
            _zvt_scene(_STARTED, _NOT_READY, begin="query"),
            _zvt_scene(_STARTED, _IDLE, begin="query"),
            _zvt_scene(_STARTED, _IDLE, _STARTED, _DONE, begin="query"),
            _zvt_scene(_STARTED, _IDLE, _STARTED, _DONE, _STARTED, _APPROVED, begin="query"),
        ),
        whole=(*(framed(content) for content in contents), ACK, NAK, b"\x15\x03\x69"),
        contents=tuple(contents),
        wrap=framed,
        telling=b"\x10\x02\x03\x06\x15\xff\xf0\xf1\xf9\x80\x81\x82\x1f\x27\x04\x60\x22\x23\x24\x2d",
        parsers=(
            Parser(own.parse_apdu, ProtocolError),
            Parser(lambda data: own.parse_status_information(data[3:]), ProtocolError),
            Parser(lambda data: own.parse_intermediate_status(data[3:]), ProtocolError),
            Parser(lambda data: own.parse_enquiry_completion(data[3:]), ProtocolError),
            Parser(lambda data: own.parse_abort(data[3:]), ProtocolError),
            Parser(zvt_bmp.parse_bmps, ProtocolError),
            Parser(zvt_bmp.parse_tlv, ProtocolError),
        ),
    )


# --- the scale -------------------------------------------------------------------------------------


def _scale_rig() -> Rig:
    protocol = Scale8217Protocol("scale")
    return Rig(protocol, meddle=lambda now_s, _chance: protocol.weigh(now_s))


def _scale_scene(*frames: bytes) -> Callable[[], Rig]:
    def make() -> Rig:
        rig = _scale_rig()
        for frame in frames:
            rig.hear(frame)
        protocol = rig.protocol
        assert isinstance(protocol, Scale8217Protocol)
        rig.do(protocol.weigh(rig.now_s))
        return rig

    return make


def _scale() -> Target:
    weights = tuple(
        b"\x02%s\r" % text for text in (b" 00.000", b"01.234", b" 30.000", b"99.999N", b"00.005N")
    )
    statuses = tuple(bytes((0x02, 0x3F, 0x40 | bits, 0x0D)) for bits in range(16))
    return Target(
        scenes=(_scale_rig, _scale_scene(), _scale_scene(weights[0]), _scale_scene(weights[0], statuses[1])),
        whole=weights + statuses + (b"\x02?\r\r",),
        telling=b"\x02\r?N. 09",
        parsers=(Parser(lambda data: scale_8217.extract_answer(bytearray(data))),),
    )


# --- the printer -----------------------------------------------------------------------------------


def _printer_scene(answers: int, *, job: bool = True) -> Callable[[], Rig]:
    def make() -> Rig:
        protocol = PrinterProtocol("printer")
        rig = Rig(
            protocol,
            meddle=lambda now_s, chance: protocol.print_job(
                "job-1", bytes(chance.choice((9, 3000))), now_s=now_s
            ),
        )
        if job:
            rig.do(protocol.print_job("job-1", bytes(3000), now_s=rig.now_s))
        for _ in range(answers):
            rig.hear(b"\x12")
        return rig

    return make


def _printer() -> Target:
    fine, off, open_cover, low, out = (
        b"\x12\x12\x12",
        b"\x1a\x12\x12",
        b"\x12\x16\x12",
        b"\x12\x12\x1e",
        b"\x12\x32\x72",
    )
    return Target(
        scenes=(
            _printer_scene(0, job=False),
            _printer_scene(3, job=False),
            *map(_printer_scene, (1, 3, 6, 9)),
        ),
        whole=(fine, off, open_cover, low, out, b"\x11", b"\x13", b"\x14\x00\x00\x0f"),
        telling=b"\x12\x16\x1a\x1e\x32\x52\x72\x11\x13",
        parsers=(Parser(lambda data: parse_status(*(data + bytes(3))[:3])),),
    )


# --- the scanner -----------------------------------------------------------------------------------


def _scanner() -> Target:
    codes = (
        b"]E08001234000004\r",
        b"8001234000004\r\n",
        b"]C1" + b"01" + b"0" * 14 + b"\x1d10A7\r",
        b"\r",
        b"]d2\r",
    )
    return Target(
        scenes=(lambda: Rig(ScannerProtocol("scanner")),),
        whole=(*codes, b"A" * 512 + b"\r", b"B" * 600 + b"\r", b"\xc3\xa9\x1b[2J\r"),
        telling=b"\r\n]\x1d\x00\x1b\x7f\xff",
        parsers=(Parser(lambda data: scanner.refusal_of(data.decode("latin-1"))),),
    )


TARGETS: Final[dict[str, Callable[[], Target]]] = {
    "zvt": _zvt,
    "scale": _scale,
    "printer": _printer,
    "scanner": _scanner,
    "concert": concert,
}
