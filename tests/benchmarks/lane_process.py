"""Owns the lane processes the window benchmarks time: real lane, real window, scanner on a pty.

It must not know percentiles: it prints raw seconds as one line of JSON. The window's own thread is the main
one; a second thread pulls the trigger.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

SETTLE_S = (0.06, 0.12)
"""Between two scans: longer than a frame and not in step with it."""

SCANS_A_BASKET = 30
WARM_SCANS = 5
SCANS_A_REDRAW = 6
LIMIT_S = 10.0
EARLY_SALES = 50
GOODS_A_SALE = 5


def first_frame(config_path: Path) -> None:
    """Runs the `lane` command as a shop does, and ends it once a finished screen has been flipped."""
    from kiosk.ui import app as window_module  # noqa: PLC0415 - its import is part of the time

    class FirstFrame(window_module.LaneWindow):
        def _flip(self, window: Any) -> bool:
            flipped = super()._flip(window)
            if self.stage is not None and self.stage.model is not None and not told:
                told.append(time.monotonic())
                self.stop()
            return flipped

    told: list[float] = []
    window_module.LaneWindow = FirstFrame  # type: ignore[misc]
    from main import app  # noqa: PLC0415

    app(["lane", "--config", str(config_path)], standalone_mode=False)
    _answer({"at_s": told[0]})


def scans(config_path: Path, count: int) -> None:
    """Times `count` scans, from the last byte on: its screen is finished, its frame is flipped."""
    from hardware.simulators.scanner import ScannerSimulator  # noqa: PLC0415
    from kiosk.bootstrap import WholeLane  # noqa: PLC0415 - Kivy reads its environment when imported
    from kiosk.config import read_lane_config  # noqa: PLC0415
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415
    from kiosk.ui.theme import Panel  # noqa: PLC0415

    config = read_lane_config(config_path)
    scanner = ScannerSimulator(config_path.with_name("scanner"))
    scanner.start()
    watch = _Watch()
    window = LaneWindow(Panel(config.panel.width_px, config.panel.height_px), _ignore, watch.drawn)

    def show(model: Any) -> None:
        watch.finished(model)
        window.show(model)

    lane = WholeLane(config, show, window.stop)
    shopper = _Shopper(lane, window, scanner.send_raw, watch)
    thread = threading.Thread(target=shopper.visit, args=(count,), name="shopper")
    lane.open()
    thread.start()
    try:
        window.run()
    finally:
        thread.join()
        lane.close()
        scanner.stop()
    if shopper.failure is not None:
        raise shopper.failure
    _answer(
        {
            "driver": shopper.driver,
            "redraws_s": shopper.redraws_s,
            "to_state_s": watch.to_state_s[WARM_SCANS:],
            "to_screen_s": watch.to_screen_s[WARM_SCANS:],
        }
    )


def sales(config_path: Path, count: int) -> None:
    """Sells `count` baskets by card and tells what the process holds after a few and after all of them."""
    from kiosk.bootstrap import WholeLane  # noqa: PLC0415 - Kivy reads its environment when imported
    from kiosk.config import read_lane_config  # noqa: PLC0415
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415
    from kiosk.ui.theme import Panel  # noqa: PLC0415

    config = read_lane_config(config_path)
    window = LaneWindow(Panel(config.panel.width_px, config.panel.height_px), _ignore)
    lane = WholeLane(config, window.show, window.stop)
    seller = _Seller(lane, window)
    thread = threading.Thread(target=seller.sell_all, args=(count,), name="shopper")
    lane.open()
    thread.start()
    try:
        window.run()
    finally:
        thread.join()
        lane.close()
    if seller.failure is not None:
        raise seller.failure
    _answer(seller.held)


class _Seller:
    """Basket after basket of five goods, paid by card, with its receipt; closes the window at the end."""

    def __init__(self, lane: Any, window: Any) -> None:
        self._lane = lane
        self._window = window
        self.held: dict[str, int] = {}
        self.failure: BaseException | None = None

    def sell_all(self, count: int) -> None:
        try:
            self._sell_all(count)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.failure = error
        finally:
            self._window.stop()

    def _sell_all(self, count: int) -> None:
        from hardware.events import BarcodeRead  # noqa: PLC0415
        from kiosk.checkout.state import Phase  # noqa: PLC0415
        from tests.benchmarks.samples import plain_goods  # noqa: PLC0415

        assert self._window.wait_until_running(LIMIT_S), "the window did not open"
        lane = self._lane.lane
        _until(lambda: "terminal" in lane.state.devices.ready and not lane.state.devices.asks_base)
        goods = plain_goods(self._lane.link.shelf.by_gtin.values())
        for number in range(1, count + 1):
            for step in range(GOODS_A_SALE):
                item = goods[(number * GOODS_A_SALE + step) % len(goods)]
                lane.post(BarcodeRead("scanner", item.gtin[1:], "EAN-13"))
            _until(
                lambda: lane.state.phase is Phase.SCANNING and lane.state.basket.piece_count >= GOODS_A_SALE
            )
            self._lane.tapped("pay")
            _until(lambda: lane.state.phase is Phase.THANKS)
            if number == EARLY_SALES:
                self.held |= {"early_sales": number, "early_kib": _resident_kib()}
        self.held |= {"sales": count, "late_kib": _resident_kib()}


def _resident_kib() -> int:
    """What the process holds in memory (proc(5), VmRSS)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])


def _until(true: Callable[[], bool]) -> None:
    until_s = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < until_s, "the lane is not getting there"
        time.sleep(0.005)


@dataclass
class _Watch:
    """Notes when the screen with a new row was finished, and when a frame at least as new was flipped."""

    to_state_s: list[float] = field(default_factory=list)
    to_screen_s: list[float] = field(default_factory=list)
    seen: threading.Event = field(default_factory=threading.Event)
    _start_s: float = 0.0
    _row: str = ""
    _serial: int | None = None
    _waiting: bool = False

    def start(self) -> None:
        self.seen.clear()
        self._serial, self._waiting = None, True
        self._start_s = time.perf_counter()

    def finished(self, model: Any) -> None:
        """Called on the lane's thread with every screen."""
        last = getattr(model.body, "last", None)
        row = "" if last is None else last.tap_id
        if self._waiting and row not in ("", self._row):
            self._waiting = False
            self.to_state_s.append(time.perf_counter() - self._start_s)
            self._serial = model.serial
        self._row = row

    def drawn(self, serial: int) -> None:
        """Called on the window's thread after a flip."""
        wanted = self._serial
        if wanted is not None and serial >= wanted:
            self.to_screen_s.append(time.perf_counter() - self._start_s)
            self._serial = None
            self.seen.set()


class _Shopper:
    """Scans basket after basket, one item at a time; closes the window at the end."""

    def __init__(self, lane: Any, window: Any, send: Callable[[bytes], None], watch: _Watch) -> None:
        self._lane = lane
        self._window = window
        self._send = send
        self._watch = watch
        self.redraws_s: list[float] = []
        self.driver = ""
        self.failure: BaseException | None = None

    def visit(self, count: int) -> None:
        try:
            self._work(count)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.failure = error
        finally:
            self._window.stop()

    def _work(self, count: int) -> None:
        from tests.benchmarks.samples import plain_goods  # noqa: PLC0415

        assert self._window.wait_until_running(LIMIT_S), "the window did not open"
        _until(lambda: "scanner" in self._lane.lane.state.devices.ready)
        goods = plain_goods(self._lane.link.shelf.by_gtin.values())
        random = Random(17)
        for number in range(count + WARM_SCANS):
            if number % SCANS_A_BASKET == 0:
                self._next_basket()
                wanted = random.sample(goods, SCANS_A_BASKET)
            time.sleep(random.uniform(*SETTLE_S))
            self._scan(wanted[number % SCANS_A_BASKET].gtin[1:])
            if number % SCANS_A_REDRAW == 0:  # among the scans: the same machine, as busy and as asleep
                time.sleep(random.uniform(*SETTLE_S))
                self.redraws_s.append(self._window.call(self._redraw))
        self.driver = self._window.call(_driver)

    def _scan(self, code: str) -> None:
        self._send(code.encode("ascii"))
        self._watch.start()
        self._send(b"\r")
        assert self._watch.seen.wait(LIMIT_S), f"{code} did not come to the screen"

    def _next_basket(self) -> None:
        from kiosk.checkout.messages import LineRemoved  # noqa: PLC0415

        for line in self._lane.lane.state.basket.lines:
            self._lane.lane.post(LineRemoved(line.line_id))
        _until(lambda: not self._lane.lane.state.basket.lines)

    def _redraw(self) -> float:
        """The floor: the whole window drawn and flipped, with nothing new in it (window's thread)."""
        window = self._window.window
        start_s = time.perf_counter()
        window.canvas.ask_update()
        window.dispatch("on_draw")
        window.flip()
        return time.perf_counter() - start_s


def _driver() -> str:
    """What draws: SDL's driver and the name OpenGL gives itself (window's thread)."""
    import os  # noqa: PLC0415

    from kivy.graphics.opengl import GL_RENDERER, glGetString  # noqa: PLC0415

    renderer = glGetString(GL_RENDERER)
    return f"sdl2 {os.environ.get('SDL_VIDEODRIVER', '')}, {renderer.decode('utf-8', 'replace')}"


def _ignore(_tap_id: str) -> None:
    """Nobody touches the glass."""


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    match sys.argv[1]:
        case "scans":
            scans(Path(sys.argv[2]), int(sys.argv[3]))
        case "sales":
            sales(Path(sys.argv[2]), int(sys.argv[3]))
        case _:
            first_frame(Path(sys.argv[2]))
