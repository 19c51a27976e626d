"""Owns the one window of a test process, with a hand on it and a record of what it posted and drew.

It must not know any one screen. Kivy is one to a process: the window is opened once and turned as tests ask.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PIL import Image

from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.taps import TapFilter
from kiosk.ui.theme import PORTRAIT, Panel
from tests.support.glass import Glass

if TYPE_CHECKING:
    from kiosk.ui.app import LaneWindow
    from kiosk.ui.hand import Hand


_PATIENCE_S = 60.0
"""How long the window may take for one thing: a busy machine is no finding."""


@dataclass
class Desk:
    """The open window with what it has posted and drawn."""

    window: LaneWindow
    hand: Hand
    posted: list[str] = field(default_factory=list)
    drawn: list[int] = field(default_factory=list)
    drew: threading.Event = field(default_factory=threading.Event)

    def show(self, model: ScreenModel, panel: Panel = PORTRAIT) -> None:
        """Show a model on a window of that shape, with no tap posted and none remembered."""
        self.window.show(model)
        self.window.call(lambda: self._prepare(panel), _PATIENCE_S)
        self.posted.clear()

    def _prepare(self, panel: Panel) -> None:
        if self.window.panel != panel:
            self.window.turn_to(panel)
        self.window.draw_now()
        assert self.window.stage is not None
        self.window.stage.look._filter = TapFilter()

    def look_at(self, check: Callable[[Any], list[str]]) -> list[str]:
        """Run a check over what is on the glass, on the window's thread."""
        found: list[str] = self.hand._call(lambda: check(self._glass()))
        return found

    def _glass(self) -> Glass:
        assert self.window.stage is not None
        return Glass(self.hand._walk(), self.window.stage.model)

    def pixels(self) -> Image.Image:
        """The window's next frame."""
        frame: Image.Image = self.hand._call(self.hand._frame)
        return frame


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The process's window, off screen, closed again at the end."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415  (imports Kivy: wanted by window tests alone)
    from kiosk.ui.hand import Hand  # noqa: PLC0415

    posted: list[str] = []
    drawn: list[int] = []
    drew = threading.Event()

    def on_drawn(serial: int) -> None:
        drawn.append(serial)
        drew.set()

    window = LaneWindow(PORTRAIT, posted.append, on_drawn)
    thread = threading.Thread(target=window.run, name="window", daemon=True)
    thread.start()
    assert window.wait_until_running(20), "the window did not open"
    yield Desk(window, Hand(window, _PATIENCE_S), posted, drawn, drew)
    window.stop()
    thread.join(10)
    assert not thread.is_alive()
