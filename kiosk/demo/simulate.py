"""Owns the words by which a person works a simulated device, of a running demonstration or on its own.

It must not know lanes. The words of the terminal and the printer are those of journeys.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from hardware.bench import SimulatedBench
from hardware.simulators.printer import PrinterSimulator, Roll
from hardware.simulators.scale import ScaleSimulator
from hardware.simulators.scanner import ScannerSimulator
from hardware.simulators.zvt_cards import CardAction, CardScript
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from kiosk.commands import CommandError

MAX_LINE_BYTES = 16 * 1024
MAX_SLOW_S = 600.0
T = TypeVar("T")

HINTS = {
    "scanner": "a code to read",
    "terminal": "approve, decline, cancel, wrong-pin, silent, slow SECONDS, unplug, replug",
    "printer": "in, low, out, unplug, replug",
    "scale": "a weight in grams, unplug, replug",
}


class _Cable(Protocol):
    def unplug(self) -> None: ...
    def replug(self) -> None: ...


def work(device: str, simulator: object, words: list[str]) -> None:
    """Lets a simulator do what `words` say. Raises CommandError naming what it can do."""
    try:
        match device, words:
            case _, ["unplug" | "replug" as what]:
                _pull(simulator, what)
            case "scanner", [code]:
                _as(simulator, ScannerSimulator).send(code)
            case "scale", [grams]:
                _as(simulator, ScaleSimulator).put(int(grams))
            case "printer", [roll]:
                _as(simulator, PrinterSimulator).set_roll(Roll(roll))
            case "terminal", ["slow", seconds]:
                card = CardScript(CardAction.APPROVE, slow_s=_seconds(seconds))
                _as(simulator, ZvtTerminalSimulator).present(card)
            case "terminal", [action]:
                _as(simulator, ZvtTerminalSimulator).present(CardScript(CardAction(action)))
            case _:
                raise ValueError
    except ValueError as error:
        raise CommandError(f"The {device} takes: {HINTS[device]}.") from error


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= MAX_SLOW_S:  # neither nan nor inf passes
        raise ValueError(text)
    return seconds


def _pull(simulator: object, what: str) -> None:
    cable: _Cable = simulator  # type: ignore[assignment]  # all four have both ends of the cable
    cable.unplug() if what == "unplug" else cable.replug()


def _as(simulator: object, kind: type[T]) -> T:
    assert isinstance(simulator, kind), "each name stands for its own simulator"
    return simulator


# --- a device on its own -------------------------------------------------------------------------


def run_simulator(device: str, link: Path, words: list[str]) -> None:
    """Offers one device at `link` until the input ends; every line of input works it."""
    makers: dict[str, Callable[[], object]] = {
        "scanner": lambda: ScannerSimulator(link),
        "scale": lambda: ScaleSimulator(link),
        "printer": lambda: PrinterSimulator(link),
        "terminal": lambda: ZvtTerminalSimulator(link, link.with_suffix(".journal")),
    }
    if link.exists():  # a link that leads nowhere is left over from a simulator that was killed
        raise CommandError(f"{link} is there already; end what made it, or choose another with --link.")
    simulator = makers[device]()
    try:
        simulator.start()  # type: ignore[attr-defined]
    except OSError as error:
        raise CommandError(f"{link} cannot be made: {error.strerror}.") from error
    try:
        sys.stdout.write(f"A simulated {device} is at serial://{link.absolute()}\n")
        sys.stdout.write(f"Type {HINTS[device]}; end with Ctrl-D.\n")
        sys.stdout.flush()
        if words:
            work(device, simulator, words)
        for line in sys.stdin:
            try:
                work(device, simulator, line.split())
            except CommandError as error:
                sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    finally:
        simulator.stop()  # type: ignore[attr-defined]
        if device == "printer":
            sys.stdout.write(_as(simulator, PrinterSimulator).text() + "\n")


# --- the devices of a running demonstration ------------------------------------------------------


class BenchDoor:
    """A Unix socket in the bench's folder: one line a deed, "ok" or the reason as the answer."""

    def __init__(self, bench: SimulatedBench, folder: Path) -> None:
        self._devices = {
            "scanner": bench.scanner,
            "terminal": bench.terminal,
            "printer": bench.printer,
            "scale": bench.scale,
        }
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / "door"))
        self._server.listen(4)
        threading.Thread(target=self._serve, name="bench-door", daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed
                return
            with connection, contextlib.suppress(OSError):  # whoever asked has gone; the next may not suffer
                connection.settimeout(2)
                connection.sendall(self._answer(connection).encode())

    def _answer(self, connection: socket.socket) -> str:
        try:
            device, *words = connection.recv(MAX_LINE_BYTES).decode().split("\x1f")
            work(device, self._devices[device], words)
        except (CommandError, OSError, KeyError, ValueError) as error:
            return str(error) or "that was not understood"
        return "ok"


def tell_bench(bench: Path, device: str, words: list[str]) -> None:
    """Works a device of the demonstration whose bench is in folder `bench`. Raises CommandError."""
    if not words:
        raise CommandError(f"The {device} takes: {HINTS[device]}.")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        try:
            connection.connect(str(bench / "door"))
            connection.sendall("\x1f".join((device, *words)).encode())
            answer = connection.recv(MAX_LINE_BYTES).decode()
        except OSError as error:
            raise CommandError(f"No demonstration answers at {bench}: {error.strerror}.") from error
    if answer != "ok":
        raise CommandError(answer)
