"""Owns the Concert V2 payment terminal as the lane sees it.

It must not know Concert itself (`hardware.protocols.concert`) or what a payment is for.
"""

from __future__ import annotations

from hardware.drivers.terminal_on_line import TerminalOnLine
from hardware.line import OpenPipe
from hardware.ports import Emit, Monotonic, TerminalCapabilities
from hardware.protocols.concert import ConcertProtocol
from hardware.protocols.concert_settings import ConcertSettings
from hardware.transport import open_transport


class ConcertTerminal(TerminalOnLine[ConcertProtocol]):
    """A `hardware.ports.PaymentTerminal` that can be asked nothing afterwards, and takes no orders.

    `url` ends in `?bytesize=7&parity=E` for a real serial line (7E1); USB-CDC needs no options (8N1).
    """

    capabilities = TerminalCapabilities(query_last=False, abort=False, orders=frozenset())

    def __init__(
        self,
        name: str,
        url: str,
        settings: ConcertSettings,
        emit: Emit,
        monotonic: Monotonic,
        *,
        open_pipe: OpenPipe = open_transport,
        speed: float = 1.0,
    ) -> None:
        protocol = ConcertProtocol(name, settings)
        super().__init__(name, url, protocol, emit, monotonic, open_pipe=open_pipe, speed=speed)
