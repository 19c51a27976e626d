"""Owns a whole simulated lane in one folder: cables of scanner, card terminal, printer, scale, keypad, light.

It must not know the lane that plugs in: it hands out paths as URLs, and nothing else. Only tests and the
demo use it.
"""

from __future__ import annotations

from pathlib import Path

from hardware.simulators.keypad import KeypadSimulator
from hardware.simulators.light import LightSimulator
from hardware.simulators.printer import PrinterSimulator
from hardware.simulators.scale import ScaleSimulator
from hardware.simulators.scanner import ScannerSimulator
from hardware.simulators.zvt_personality import Personality
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator


class SimulatedBench:
    """Links `scanner`, `terminal`, `printer`, `scale`, `keypad`, `light` in `folder`, made if missing.

    The terminal keeps its journal in `folder` too, so that a second bench there remembers the charges of
    the first. `pace_s` slows the terminal down for eyes, `personality` is its character. One `start`, one
    `stop`.
    """

    def __init__(
        self, folder: Path, *, pace_s: float = 0.0, personality: Personality = Personality.KEEPS
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.scanner = ScannerSimulator(folder / "scanner")
        self.terminal = ZvtTerminalSimulator(
            folder / "terminal",
            folder / "terminal.journal",
            traits=personality.traits,
            tempo=Tempo(pace_s=pace_s),
        )
        self.printer = PrinterSimulator(folder / "printer")
        self.scale = ScaleSimulator(folder / "scale")
        self.light = LightSimulator(folder / "light")
        self.urls = {name: f"serial://{folder / name}" for name in ("scanner", "printer", "scale", "light")}
        self.keypad = KeypadSimulator(folder / "keypad")
        self.urls["keypad"] = f"input://{folder / 'keypad'}"
        # Eight bits, no parity, two stop bits: the ZVT serial line (PA00P016).
        self.urls["terminal"] = f"serial://{folder / 'terminal'}?stopbits=2"

    def start(self) -> None:
        """Opens all six cables. Raises OSError when a link cannot be made."""
        for simulator in (self.scanner, self.terminal, self.printer, self.scale, self.keypad, self.light):
            simulator.start()

    def stop(self) -> None:
        for simulator in (self.light, self.keypad, self.scale, self.printer, self.terminal, self.scanner):
            simulator.stop()
