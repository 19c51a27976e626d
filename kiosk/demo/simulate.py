"""Owns the words by which a person works a simulated device, of a running demonstration or on its own.

It must not know lanes. The words of the terminal and the printer are those of journeys.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hardware.bench import SimulatedBench
from hardware.simulators.concert_terminal import ConcertTerminalSimulator
from hardware.simulators.fault_line import FaultLine
from hardware.simulators.fault_plan import FaultPlan
from hardware.simulators.keypad import CODES, KeypadSimulator
from hardware.simulators.printer import PrinterSimulator, Roll
from hardware.simulators.scale import ScaleSimulator
from hardware.simulators.scanner import ScannerSimulator
from hardware.simulators.zvt_cards import CardAction, CardScript
from hardware.simulators.zvt_personality import Personality
from hardware.simulators.zvt_tempo import Tempo
from hardware.simulators.zvt_terminal import ZvtTerminalSimulator
from kiosk.commands import CommandError

MAX_LINE_BYTES = 16 * 1024
MAX_SLOW_S = 600.0
LONGEST_DELAY_S = 1.0
"""Of a bad cable, at the speed of life."""
MAX_HELD_S = 5.0
T = TypeVar("T")

HINTS = {
    "scanner": "a code to read",
    "terminal": "approve, decline, cancel, wrong-pin, silent, slow SECONDS, personality NAME, unplug, replug",
    "concert": "approve, decline, cancel, silent, slow SECONDS, unplug, replug",
    "printer": "in, low, out, unplug, replug",
    "scale": "a weight in grams, unplug, replug",
    "light": "unplug, replug",
    "keypad": f"{', '.join(CODES)}, KEY SECONDS for a held key, in and out for the headset, unplug, replug",
}


class _Simulator(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...
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
            case "keypad", ["in" | "out" as way]:
                _as(simulator, KeypadSimulator).plug(inserted=way == "in")
            case "keypad", [key, *held] if key in CODES and len(held) < 2:
                seconds_held = _seconds(held[0], MAX_HELD_S) if held else 0.0
                _as(simulator, KeypadSimulator).press(key, held_s=seconds_held)
            case "terminal", ["slow", seconds]:
                _as(simulator, ZvtTerminalSimulator).present(_slow_card(seconds))
            case "terminal", ["personality", name]:
                _as(simulator, ZvtTerminalSimulator).adopt(Personality(name).traits)
            case "terminal", [action]:
                _as(simulator, ZvtTerminalSimulator).present(CardScript(CardAction(action)))
            case "concert", ["slow", seconds]:
                _as(simulator, ConcertTerminalSimulator).present(_slow_card(seconds))
            case "concert", ["approve" | "decline" | "cancel" | "silent" as action]:
                _as(simulator, ConcertTerminalSimulator).present(CardScript(CardAction(action)))
            case _:
                raise ValueError
    except ValueError as error:
        raise CommandError(f"The {device} takes: {HINTS[device]}.") from error


def _slow_card(seconds: str) -> CardScript:
    return CardScript(CardAction.APPROVE, slow_s=_seconds(seconds))


def _seconds(text: str, most_s: float = MAX_SLOW_S) -> float:
    seconds = float(text)
    if not 0 <= seconds <= most_s:  # neither nan nor inf passes
        raise ValueError(text)
    return seconds


def _pull(simulator: object, what: str) -> None:
    cable: _Simulator = simulator  # type: ignore[assignment]  # all of them have both ends of the cable
    cable.unplug() if what == "unplug" else cable.replug()


def _as(simulator: object, kind: type[T]) -> T:
    assert isinstance(simulator, kind), "each name stands for its own simulator"
    return simulator


# --- a device on its own -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TerminalChoice:
    """What the command line says of a terminal of its own. `faults` is the seed of a bad cable before it.

    With `canary` it lets whole test card numbers out. `speed` divides all its waits.
    """

    personality: str = Personality.KEEPS.value
    canary: bool = False
    speed: float = 1.0
    faults: int | None = None


PLAIN = TerminalChoice()


def _beside(link: Path) -> Path:
    """The journal of the terminal at `link`: `PATH.journal`, whatever dots stand in PATH."""
    return link.with_name(f"{link.name}.journal")


def run_simulator(device: str, link: Path, words: list[str], choice: TerminalChoice = PLAIN) -> None:
    """Offers one device at `link` until the input ends; every line of input works it. Raises CommandError."""
    if link.exists():  # a link that leads nowhere is left over from a simulator that was killed
        raise CommandError(f"{link} is there already; end what made it, or choose another with --link.")
    if device != "terminal" and choice != PLAIN:
        raise CommandError(f"Personality, canary, speed and faults are for the terminal, not the {device}.")
    with contextlib.ExitStack() as stack:
        try:
            simulator = _offer(device, link, choice, stack)
        except OSError as error:
            raise CommandError(f"{link} cannot be made: {error.strerror}.") from error
        _converse(device, simulator, link, words)


def _offer(device: str, link: Path, choice: TerminalChoice, stack: contextlib.ExitStack) -> _Simulator:
    """Starts what was chosen; `stack` ends it. Raises OSError, CommandError."""
    own = link if choice.faults is None else link.with_name(f"{link.name}.device")
    makers: dict[str, Callable[[], _Simulator]] = {
        "scanner": lambda: ScannerSimulator(link),
        "scale": lambda: ScaleSimulator(link),
        "printer": lambda: PrinterSimulator(link),
        "keypad": lambda: KeypadSimulator(link),
        "concert": lambda: ConcertTerminalSimulator(link, _beside(link)),
        "terminal": lambda: _terminal(own, _beside(link), choice),
    }
    simulator = makers[device]()
    simulator.start()
    stack.callback(simulator.stop)
    if choice.faults is not None:
        plan = FaultPlan.drawn(choice.faults, longest_delay_s=LONGEST_DELAY_S / choice.speed)
        line = FaultLine(own, link, plan, choice.faults)
        line.start()
        stack.callback(lambda: sys.stdout.write(f"Faults: {_named(line.counts())}\n"))
        stack.callback(line.stop)
    return simulator


def _terminal(link: Path, journal: Path, choice: TerminalChoice) -> ZvtTerminalSimulator:
    try:
        tempo = Tempo(speed=choice.speed)
    except ValueError as error:
        raise CommandError(f"{choice.speed} is no speed; it is a number above zero.") from error
    traits = personality_named(choice.personality).traits
    return ZvtTerminalSimulator(link, journal, traits=traits, tempo=tempo, canary=choice.canary)


def personality_named(name: str) -> Personality:
    """Raises CommandError for a name that is none, after listing those there are."""
    try:
        return Personality(name)
    except ValueError as error:
        list_personalities()
        raise CommandError(f"{name!r} is no terminal's personality; the list above has them all.") from error


def list_personalities() -> None:
    """Name and description of each terminal, one a line."""
    width = max(len(personality.value) for personality in Personality)
    for personality in Personality:
        sys.stdout.write(f"{personality.value:<{width}}  {personality.description}\n")
    sys.stdout.flush()


def _named(counts: dict[str, int]) -> str:
    return (
        ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.items() if number) or "none"
    )


def _converse(device: str, simulator: _Simulator, link: Path, words: list[str]) -> None:
    what = "Concert terminal" if device == "concert" else device
    scheme = "input" if device == "keypad" else "serial"
    sys.stdout.write(f"A simulated {what} is at {scheme}://{link.absolute()}\n")
    sys.stdout.write(f"Type {HINTS[device]}; end with Ctrl-D.\n")
    sys.stdout.flush()
    try:
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
            "keypad": bench.keypad,
            "light": bench.light,
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
            if device not in self._devices:
                raise CommandError(f"This bench has no {device}.")
            work(device, self._devices[device], words)
        except (CommandError, OSError, ValueError) as error:
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
