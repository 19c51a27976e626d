"""Owns the window process of the benchmarks of touching, scrolling, long baskets and resting.

It must not know percentiles: it prints raw seconds as one line of JSON. There is no lane behind the window,
only finished screens: what is timed is the window's own share.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

LIMIT_S = 10.0
SETTLE_S = 0.08
IDLE_S = 5.0
SHORT_ROWS, LONG_ROWS = 60, 300
SCROLL_STEP_PX = 37


@dataclass
class _Measured:
    """Raw seconds, and frames while nobody touched."""

    touches_s: list[float] = field(default_factory=list)
    short_s: list[float] = field(default_factory=list)
    long_s: list[float] = field(default_factory=list)
    scrolls_s: list[float] = field(default_factory=list)
    idle_frames: int = 0
    idle_s: float = IDLE_S


def main(count: int) -> None:
    """Opens the window, works it `count` times each way, and answers."""
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415 - Kivy reads its environment when imported

    class CountedWindow(LaneWindow):
        flips = 0
        flipped = threading.Condition()

        def _flip(self, window: Any) -> bool:
            done = super()._flip(window)
            with self.flipped:
                self.flips += 1
                self.flipped.notify_all()
            return done

    window = CountedWindow()
    worker = _Worker(window, count)
    thread = threading.Thread(target=worker.work, name="shopper")
    thread.start()
    window.run()
    thread.join()
    if worker.failure is not None:
        raise worker.failure
    sys.stdout.write(json.dumps(vars(worker.measured)) + "\n")


class _Worker:
    """Touches and changes the screen from a thread of its own; closes the window at the end."""

    def __init__(self, window: Any, count: int) -> None:
        self._window = window
        self._count = count
        self.measured = _Measured()
        self.failure: BaseException | None = None

    def work(self) -> None:
        try:
            assert self._window.wait_until_running(LIMIT_S), "the window did not open"
            self._touch()
            self._change_rows()
            self._scroll()
            self._rest()
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.failure = error
        finally:
            self._window.stop()

    def _until_flip(self, act: Callable[[], object]) -> float:
        """Seconds from just before `act` until the next frame has been flipped."""
        time.sleep(SETTLE_S)
        before, start_s = self._window.flips, time.perf_counter()
        act()
        with self._window.flipped:
            drawn = self._window.flipped.wait_for(lambda: self._window.flips > before, LIMIT_S)
        assert drawn, "nothing was drawn"
        return time.perf_counter() - start_s

    def _touch(self) -> None:
        """A finger comes down on Pay: until the button is seen pressed."""
        from kiosk.ui import gallery  # noqa: PLC0415

        self._show(gallery.english()["basket"])
        for _ in range(self._count):
            self.measured.touches_s.append(self._until_flip(lambda: self._finger("begin", "pay")))
            self._until_flip(lambda: self._finger("end", "pay"))

    def _finger(self, phase: str, tap_id: str) -> None:
        from kivy.base import EventLoop  # noqa: PLC0415
        from kivy.clock import Clock  # noqa: PLC0415

        from kiosk.ui.hand import _Touch  # noqa: PLC0415

        def on_thread(_elapsed_s: float) -> None:
            if phase == "begin":
                area = self._targets()[tap_id]
                self._last = _Touch(area.x + area.w / 2, area.y + area.h / 2, self._window.window)
            EventLoop.post_dispatch_input(phase, self._last)

        Clock.schedule_once(on_thread, 0)

    def _targets(self) -> dict[str, Any]:
        stage = self._window.stage
        return {part.tap_id: part.area for part in stage.walk(restrict=True) if getattr(part, "tap_id", "")}

    def _change_rows(self) -> None:
        """One more item joins a basket of 60 and of 300 rows, in turn."""
        from kiosk.ui import gallery  # noqa: PLC0415

        sample = gallery.english()["basket-full"]
        for number in range(self._count):
            for rows, samples_s in ((SHORT_ROWS, self.measured.short_s), (LONG_ROWS, self.measured.long_s)):
                self._show(replace(sample, body=gallery.full_basket(rows)))
                fresh = gallery.full_basket(rows, total=f"€1,{number % 900 + 100}.42")
                model = replace(sample, body=fresh, serial=number + 1)
                samples_s.append(self._until_flip(partial(self._window.show, model)))

    def _scroll(self) -> None:
        """A finger moves over a list of 300 rows."""
        from kiosk.ui import gallery  # noqa: PLC0415

        self._show(replace(gallery.english()["basket-full"], body=gallery.full_basket(LONG_ROWS)))
        rows = self._window.call(self._row_list)
        for number in range(self._count * 2):
            step = SCROLL_STEP_PX if number < self._count else -SCROLL_STEP_PX
            scroll = partial(self._window.call, partial(rows.scroll, step))
            self.measured.scrolls_s.append(self._until_flip(scroll))

    def _row_list(self) -> Any:
        from kiosk.ui.widgets.row_list import RowList  # noqa: PLC0415

        return next(part for part in self._window.stage.walk(restrict=True) if isinstance(part, RowList))

    def _rest(self) -> None:
        """Nobody touches, nothing changes."""
        from kiosk.ui import gallery  # noqa: PLC0415

        self._show(gallery.english()["basket"])
        before = self._window.flips
        time.sleep(IDLE_S)
        self.measured.idle_frames = self._window.flips - before

    def _show(self, model: Any) -> None:
        self._window.show(model)
        self._window.call(lambda: None)
        time.sleep(SETTLE_S * 2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
