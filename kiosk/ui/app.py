"""Owns the kiosk window, the only Kivy App: it draws the newest ScreenModel and posts tap ids.

It must not know the lane's state. `show` may be called from any thread, everything else runs on the window's.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from kiosk.ui import engine
from kiosk.ui.look import Look
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.sound import Sounds
from kiosk.ui.stage import Stage
from kiosk.ui.theme import PORTRAIT, Panel

from kivy.app import App  # isort: skip  (after engine: it sets Kivy's environment)
from kivy.clock import Clock  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

_log = logging.getLogger(__name__)
T = TypeVar("T")


class WindowError(Exception):
    """The window cannot be opened; the text says why, in words."""


class LaneWindow:
    """The shopper's window. `run` blocks the thread that owns it until `stop`.

    `post` gets the tap ids, on the window's thread: it must only queue them. `on_drawn` gets the serial of a
    model once the frame that shows it has been flipped.
    """

    def __init__(
        self,
        panel: Panel = PORTRAIT,
        post: Callable[[str], None] = lambda _tap_id: None,
        on_drawn: Callable[[int], None] | None = None,
        *,
        fullscreen: bool = False,
        reduced_motion: bool = False,
    ) -> None:
        self.panel = panel
        self.stage: Stage | None = None
        self.window: Any = None
        self._post = post
        self._on_drawn = on_drawn
        self._fullscreen = fullscreen
        self._reduced_motion = reduced_motion
        self._lock = threading.Lock()
        self._newest: ScreenModel | None = None
        self._sounds_due: list[str] = []
        self._undrawn: int | None = None
        self._waiting: set[Future[Any]] = set()
        self._running = threading.Event()
        self._sounds = Sounds()
        self._app: _LaneApp | None = None
        self._trigger = Clock.create_trigger(self._draw_newest, -1)

    def show(self, model: ScreenModel) -> None:
        """Draw this model on the next frame; the newest wins, a skipped one still makes its sound."""
        with self._lock:
            self._newest = model
            if model.sound:
                self._sounds_due.append(model.sound)
        if self._running.is_set():
            self._trigger()

    def run(self) -> None:
        """Open the window and draw until `stop`. Call it once, in the thread that shall own the window."""
        engine.configure(self.panel, fullscreen=self._fullscreen)
        engine.register_fonts()
        self._app = _LaneApp(self)
        try:
            self._app.run()
        finally:
            self._running.clear()
            with self._lock:
                waiting, self._waiting = self._waiting, set()
            for future in waiting:
                future.set_exception(RuntimeError("the window was closed"))

    def stop(self) -> None:
        """Close the window and let `run` return; from any thread, more than once if need be."""
        if self._running.is_set():
            Clock.schedule_once(lambda _elapsed_s: self._app and self._app.stop(), 0)

    def wait_until_running(self, timeout_s: float) -> bool:
        """Whether the window is open within `timeout_s` seconds."""
        return self._running.wait(timeout_s)

    def call(self, action: Callable[[], T], timeout_s: float = 10.0) -> T:
        """Run `action` on the window's thread, before its next frame; returns what it returns or raises."""
        if not self._running.is_set():
            raise RuntimeError("the window is not open")
        future: Future[T] = Future()
        with self._lock:
            self._waiting.add(future)

        def on_thread(_elapsed_s: float) -> None:
            with self._lock:
                if future not in self._waiting:
                    return
                self._waiting.remove(future)
            try:
                future.set_result(action())
            except Exception as error:  # noqa: BLE001  (it belongs to the caller, in its own thread)
                future.set_exception(error)

        Clock.schedule_once(on_thread, 0)
        return future.result(timeout_s)

    def turn_to(self, panel: Panel) -> None:
        """Draw for another panel from now on (window's thread), as when the monitor was turned."""
        self.panel = panel
        if (self.window.width, self.window.height) != (panel.width_px, panel.height_px):
            self.window.size = (panel.width_px, panel.height_px)
        if self.stage is not None:
            self.window.remove_widget(self.stage)
        self._put_stage()

    def draw_now(self) -> None:
        """Put the newest model on the stage at once (window's thread)."""
        self._draw_newest(0)

    def opened(self) -> Widget:
        """The window is there: make its stage and start to take models."""
        from kivy.core.window import Window  # noqa: PLC0415  (importing it opens the window)

        if Window is None:
            raise WindowError(
                "no window can be opened: there is no display, or its graphics library is missing"
            )
        self.window = Window
        Window.clearcolor = (1, 1, 1, 1)
        Window.bind(on_flip=self._flip)
        self._sounds.load()
        self._put_stage()
        return Widget(size_hint=(None, None), size=(0, 0))

    def started(self) -> None:
        self._running.set()
        self._trigger()

    def _put_stage(self) -> None:
        look = Look(self.panel, self._post, reduced_motion=self._reduced_motion)
        self.stage = Stage(look)
        self.window.add_widget(self.stage)
        self.stage.warm()
        with self._lock:
            model = self._newest
        if model is not None:
            self.stage.show(model)

    def _draw_newest(self, _elapsed_s: float) -> None:
        with self._lock:
            model = self._newest
            sounds, self._sounds_due = self._sounds_due, []
        if sounds:
            self._sounds.play(sounds[-1])
        if model is None or self.stage is None or self.stage.model is model:
            return
        self.stage.show(model)
        self._undrawn = model.serial
        self.window.canvas.ask_update()

    def _flip(self, window: Any) -> bool:
        """Flip the frame ourselves, so that `on_drawn` speaks after it and not before."""
        window.flip()
        serial, self._undrawn = self._undrawn, None
        if serial is not None and self._on_drawn is not None:
            self._on_drawn(serial)
        return True


class _LaneApp(App):
    """What Kivy wants to be told about an application; no settings panel, no key closes it."""

    use_kivy_settings = False
    title = "Lanelight"

    def __init__(self, owner: LaneWindow) -> None:
        super().__init__()
        self._owner = owner

    def build(self) -> Widget:
        return self._owner.opened()

    def on_start(self) -> None:
        self._owner.started()

    def open_settings(self, *_largs: Any) -> bool:
        return False
