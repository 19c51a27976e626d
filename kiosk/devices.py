"""Owns the choice of drivers: which the configuration asks for, under the names the lane knows them by.

It must not talk to a device: a driver is made here and opened by whoever starts the lane.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.drivers.camera import CameraScanner
from hardware.drivers.keypad import InputKeypad
from hardware.drivers.light import TextLight
from hardware.drivers.printer import EscPosPrinter
from hardware.drivers.scale import SerialScale
from hardware.drivers.scanner import SerialScanner
from hardware.drivers.terminal_concert import ConcertTerminal
from hardware.drivers.terminal_zvt import ZvtTerminal
from hardware.events import DeviceEvent
from hardware.line import OpenPipe
from hardware.ports import Device, PaymentTerminal
from hardware.protocols.concert_settings import ConcertSettings
from hardware.protocols.zvt_job import ZvtSettings
from kiosk.checkout.machine import TERMINAL
from kiosk.checkout.state import LaneState
from kiosk.clock import Clock
from kiosk.config import LaneConfig
from kiosk.lane import Ports


class Devices:
    """Every device of one lane; `post` is called from their own threads."""

    def __init__(
        self, config: LaneConfig, post: Callable[[DeviceEvent], None], clock: Clock, pipe: OpenPipe
    ) -> None:
        urls, now, speed = config.devices, clock.monotonic, clock.speed
        self.terminal = self._terminal(config, post, clock, pipe)
        self.printer = self.scale = scanner = None
        if urls.printer:
            self.printer = EscPosPrinter(
                "printer", urls.printer, emit=post, monotonic=now, open_pipe=pipe, speed=speed
            )
        if urls.scale:
            self.scale = SerialScale("scale", urls.scale, emit=post, monotonic=now, open_pipe=pipe)
        if urls.scanner:
            scanner = SerialScanner("scanner", urls.scanner, emit=post, monotonic=now, open_pipe=pipe)
        self.camera = CameraScanner("camera", emit=post, monotonic=now) if urls.camera else None
        keys = [
            InputKeypad(name, url, emit=post, monotonic=now, open_pipe=pipe)
            for name, url in (("keypad", urls.keypad), ("headset", urls.headset))
            if url
        ]
        self.light = (
            TextLight("light", urls.light, emit=post, monotonic=now, open_pipe=pipe) if urls.light else None
        )
        every: tuple[Device | None, ...] = (
            *(scanner, self.camera, self.terminal, self.printer, self.scale),
            *keys,
            self.light,
        )
        self.all: tuple[Device, ...] = tuple(device for device in every if device is not None)
        self.ports = Ports(self.terminal, self.printer, self.scale, self.light)

    @staticmethod
    def _terminal(
        config: LaneConfig, post: Callable[[DeviceEvent], None], clock: Clock, pipe: OpenPipe
    ) -> PaymentTerminal | None:
        urls, currency, now, speed = config.devices, config.lane.currency, clock.monotonic, clock.speed
        if not urls.terminal:
            return None
        match urls.terminal_protocol:
            case "zvt":
                zvt = ZvtSettings(
                    urls.terminal_password.get_secret_value(),
                    currency,
                    charset=urls.terminal_charset,
                    receipts=urls.terminal_receipts,
                )
                return ZvtTerminal(TERMINAL, urls.terminal, zvt, post, now, open_pipe=pipe, speed=speed)
            case "concert":
                concert = ConcertSettings(currency, urls.terminal_pos_number)
                return ConcertTerminal(
                    TERMINAL, urls.terminal, concert, post, now, open_pipe=pipe, speed=speed
                )

    def words(self, state: LaneState) -> dict[str, str]:
        """Each device's health in one word for the tablet; the printer's paper where it is not fine."""
        words = {device.name: device.health().value for device in self.all}
        if words.get("printer") == "ready" and state.devices.paper.value in ("low", "out"):
            words["printer"] = f"paper {state.devices.paper.value}"
        return words
