"""Owns the ZVT payment terminal as the lane sees it.

It must not know ZVT itself (`hardware.protocols.zvt`) or what a payment is for.
"""

from __future__ import annotations

import threading

from hardware.drivers.terminal_on_line import TerminalOnLine
from hardware.line import OpenPipe
from hardware.ports import Emit, Health, Monotonic, OrderKind, TerminalCapabilities
from hardware.protocols.zvt import ZvtProtocol
from hardware.protocols.zvt_job import ZvtSettings
from hardware.transport import open_transport

LOG_OFF_LIMIT_S = 1.0
"""How long closing waits for the terminal's farewell; a terminal that gives none is left all the same."""

_LOOK_EVERY_S = 0.02


class ZvtTerminal(TerminalOnLine[ZvtProtocol]):
    """A `hardware.ports.PaymentTerminal`. `url` usually ends in `?baud=9600&stopbits=2`."""

    capabilities = TerminalCapabilities(query_last=True, abort=True, orders=frozenset(OrderKind))

    def __init__(
        self,
        name: str,
        url: str,
        settings: ZvtSettings,
        emit: Emit,
        monotonic: Monotonic,
        *,
        open_pipe: OpenPipe = open_transport,
        speed: float = 1.0,
    ) -> None:
        protocol = ZvtProtocol(name, settings)
        super().__init__(name, url, protocol, emit, monotonic, open_pipe=open_pipe, speed=speed)

    def close(self) -> None:
        """Logs off when the terminal is idle, and frees the line."""
        if self._line.health() is Health.READY:
            self._log_off()
        self._line.close()

    @property
    def needs(self) -> frozenset[OrderKind]:
        """Orders the terminal asked for when it registered, such as an initialisation."""
        return self._protocol.needs

    def _log_off(self) -> None:
        # Asked for and looked at from here, so that the line needs to know no farewells. The flag is written
        # by the line's thread alone and only ever read here.
        self._order(lambda protocol, now_s: protocol.log_off(now_s))
        pause = threading.Event()
        for _ in range(round(LOG_OFF_LIMIT_S / _LOOK_EVERY_S)):
            if self._protocol.has_parted:
                return
            pause.wait(_LOOK_EVERY_S)
