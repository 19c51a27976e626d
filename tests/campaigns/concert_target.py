"""Owns the Concert V2 protocol as a fuzz target: its states, its answers short and long, the line's signs.

It must not use the lane's codecs for what the terminal sends: frames and LRC are made here.
Source: Concert V2 (protocol E+).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Final

from hardware.events import ProtocolError
from hardware.line import Output
from hardware.ports import PaymentRequest
from hardware.protocols.concert import ConcertProtocol
from hardware.protocols.concert_message import parse_answer
from hardware.protocols.concert_settings import ConcertSettings
from tests.campaigns.rig import Parser, Rig, Target
from tests.support.card_scan import CANARIES

_ENQ, _ACK, _NAK, _EOT = b"\x05", b"\x06", b"\x15", b"\x04"
_REQUEST: Final = PaymentRequest("attempt-1", 1010, "EUR")


def framed(text: bytes) -> bytes:
    """STX, text, ETX, and the XOR of all behind STX."""
    check = 0
    for byte in text + b"\x03":
        check ^= byte
    return b"\x02" + text + b"\x03" + bytes((check,))


def _short(result: int, amount_minor: int = 1010) -> bytes:
    return b"01%d%08d1978" % (result, amount_minor) + b"0" * 10


def _long(number: str) -> bytes:
    """The long answer, which nobody asked for: a report of 55 characters with the card number in it."""
    return b"010000010101" + number.encode().ljust(55) + b"978" + b"0" * 10


_APPROVED: Final = framed(_short(0))


def _rig() -> Rig:
    protocol = ConcertProtocol("terminal", ConcertSettings())

    def meddle(now_s: float, chance: Random) -> Iterable[Output]:
        match chance.randrange(5):
            case 0:
                return protocol.start(_REQUEST, now_s)
            case 1:
                return protocol.confirm("attempt-1", now_s)
            case 2:
                return protocol.refuse("attempt-1", now_s)
            case 3:
                return protocol.abort("attempt-1", now_s)
            case _:
                return protocol.query_last("query-1", now_s)

    return Rig(protocol, lambda sent: _ACK if sent == _ENQ else b"", meddle)


def _scene(*heard: bytes, confirm: bool = False) -> Callable[[], Rig]:
    """A ready terminal that was asked to charge, and what came from it since."""

    def make() -> Rig:
        rig = _rig()
        protocol = rig.protocol
        assert isinstance(protocol, ConcertProtocol)
        rig.do(protocol.start(_REQUEST, rig.now_s))
        for data in heard:
            rig.hear(data)
        if confirm:
            rig.do(protocol.confirm("attempt-1", rig.now_s))
        return rig

    return make


def concert() -> Target:
    texts = (*(_short(result) for result in range(10)), _short(0, 99_999_999), *map(_long, CANARIES))
    return Target(
        scenes=(
            _rig,
            _scene(),
            _scene(_ACK),
            _scene(_ACK, _ENQ),
            _scene(_ACK, _ENQ, _APPROVED),
            _scene(_ACK, _ENQ, _APPROVED, confirm=True),
        ),
        whole=(*(framed(text) for text in texts), _ENQ, _ACK, _NAK, _EOT),
        contents=texts,
        wrap=framed,
        telling=b"\x02\x03\x04\x05\x06\x15 0179",
        parsers=(Parser(lambda data: parse_answer(data.decode("latin-1")), ProtocolError),),
    )
