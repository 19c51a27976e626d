"""Owns the lane process that times a call for help: real lane, real window, a simulated light on a pty.

It must not know percentiles: it prints raw seconds as one line of JSON. The store is down, the longer
of the two ways: the call is journaled, the light pulses fast, the buzzer sounds.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.lane_process import LIMIT_S, SETTLE_S, _answer, _until

WARM_CALLS = 3
_POLL_S = 0.0005


def main(config_path: Path, count: int) -> None:
    """Times `count` taps on Help: the banner's frame is flipped, the light over the lane calls."""
    from hardware.simulators.light import LightSimulator  # noqa: PLC0415
    from kiosk.bootstrap import WholeLane  # noqa: PLC0415 - Kivy reads its environment when imported
    from kiosk.config import read_lane_config  # noqa: PLC0415
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415
    from kiosk.ui.theme import Panel  # noqa: PLC0415

    config = read_lane_config(config_path)
    light = LightSimulator(config_path.with_name("light"))
    light.start()
    watch = _Watch()
    window = LaneWindow(Panel(config.panel.width_px, config.panel.height_px), lambda _tap: None, watch.drawn)

    def show(model: Any) -> None:
        watch.finished(model)
        window.show(model)

    lane = WholeLane(config, show, window.stop)
    caller = _Caller(lane, window, watch, light)
    thread = threading.Thread(target=caller.visit, args=(count,), name="shopper")
    lane.open()
    thread.start()
    try:
        window.run()
    finally:
        thread.join()
        lane.close()
        light.stop()
    if caller.failure is not None:
        raise caller.failure
    _answer({"to_banner_s": watch.banners_s[WARM_CALLS:], "to_light_s": caller.lights_s[WARM_CALLS:]})


@dataclass
class _Watch:
    """Notes when a frame at least as new as the first screen with a banner was flipped."""

    banners_s: list[float] = field(default_factory=list)
    seen: threading.Event = field(default_factory=threading.Event)
    _start_s: float = 0.0
    _serial: int | None = None
    _waiting: bool = False

    def start(self) -> None:
        self.seen.clear()
        self._serial, self._waiting = None, True
        self._start_s = time.perf_counter()

    def finished(self, model: Any) -> None:
        """Called on the lane's thread with every screen."""
        if self._waiting and model.banner is not None:
            self._waiting, self._serial = False, model.serial

    def drawn(self, serial: int) -> None:
        """Called on the window's thread after a flip."""
        if self._serial is not None and serial >= self._serial:
            self.banners_s.append(time.perf_counter() - self._start_s)
            self._serial = None
            self.seen.set()


class _Caller:
    """Calls and takes it back, again and again; closes the window at the end."""

    def __init__(self, lane: Any, window: Any, watch: _Watch, light: Any) -> None:
        self._lane, self._window, self._watch, self._light = lane, window, watch, light
        self.lights_s: list[float] = []
        self.failure: BaseException | None = None

    def visit(self, count: int) -> None:
        try:
            assert self._window.wait_until_running(LIMIT_S), "the window did not open"
            _until(lambda: "light" in self._lane.lane.state.devices.ready)
            random = Random(17)
            for _ in range(count + WARM_CALLS):
                time.sleep(random.uniform(*SETTLE_S))
                self._call()
                self._lane.tapped("cancel")
                self._until(lambda: self._light.shown.startswith("green"))
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.failure = error
        finally:
            self._window.stop()

    def _call(self) -> None:
        self._watch.start()
        start_s = time.perf_counter()
        self._lane.tapped("help")
        self._until(lambda: self._light.shown.startswith("amber"))
        self.lights_s.append(time.perf_counter() - start_s)
        assert self._watch.seen.wait(LIMIT_S), "the banner did not come to the screen"

    @staticmethod
    def _until(true: Callable[[], bool]) -> None:
        until_s = time.perf_counter() + LIMIT_S
        while not true():
            assert time.perf_counter() < until_s, "the light does not change"
            time.sleep(_POLL_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
