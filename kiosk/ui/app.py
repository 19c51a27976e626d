"""Owns the kiosk window, the only Kivy App: it draws the newest ScreenModel and posts tap ids.

It must not know the lane's state. `show` may be called from any thread, everything else runs on the window's.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from hardware.events import Key
from kiosk.ui import engine, theme
from kiosk.ui.keys import KeyWatch
from kiosk.ui.look import Look
from kiosk.ui.manner import Manner, manner_of
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.sound import Sounds
from kiosk.ui.stage import Stage
from kiosk.ui.theme import PORTRAIT, Panel

from kivy.app import App  # isort: skip  (after engine: it sets Kivy's environment)
from kivy.clock import Clock  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

_log = logging.getLogger(__name__)
T = TypeVar("T")

TOUCHES_APART_S = 1.0
"""More often nobody needs to hear that the glass is touched."""


class WindowError(Exception):
    """The window cannot be opened; the text says why, in words."""


class LaneWindow:
    """The shopper's window. `run` blocks the thread that owns it until `stop`.

    `post` gets the tap ids, on the window's thread: it must only queue them. `on_drawn` gets the serial of a
    model once the frame that shows it has been flipped. `on_touch` is told of a finger anywhere on the glass,
    at most once a second, `pressed` of the keys of an ordinary keyboard that stand for a tactile keypad's.
    """

    def __init__(
        self,
        panel: Panel = PORTRAIT,
        post: Callable[[str], None] = lambda _tap_id: None,
        on_drawn: Callable[[int], None] | None = None,
        *,
        on_touch: Callable[[], None] | None = None,
        fullscreen: bool = False,
        reduced_motion: bool = False,
        brand: str = "",
        pressed: Callable[[Key], None] = lambda _key: None,
    ) -> None:
        self._keys = KeyWatch(pressed)
        self._focus = ""
        self.panel = panel
        self.stage: Stage | None = None
        self.window: Any = None
        self._post = post
        self._on_drawn = on_drawn
        self._on_touch = on_touch
        self._touched_at_s = float("-inf")
        self._fullscreen = fullscreen
        self._reduced_motion = reduced_motion
        self._brand = theme.Colour(brand, theme.NIGHT.high_contrast) if brand else theme.NIGHT
        self._lock = threading.Lock()
        self._newest: ScreenModel | None = None
        self._sounds_due: list[str] = []
        self._undrawn: int | None = None
        self._cold = True
        self._waiting: set[Future[Any]] = set()
        self._running = threading.Event()
        self._sounds = Sounds()
        self._app: _LaneApp | None = None
        self._ring_due = Clock.create_trigger(self._put_ring, -1)
        self._trigger = Clock.create_trigger(self._draw_newest, -1)

    def show(self, model: ScreenModel) -> None:
        """Draw this model on the next frame; the newest wins, a skipped one still makes its sound."""
        with self._lock:
            self._newest = model
            if model.sound:
                self._sounds_due.append(model.sound)
        if self._running.is_set():
            self._trigger()

    def focus(self, node_id: str) -> None:
        """Lay the ring around this node from the next frame on, or around none; from any thread."""
        self._focus = node_id
        if self._running.is_set():
            self._ring_due()

    def run(self) -> None:
        """Open the window and draw until `stop`. Call it once, in the thread that shall own the window."""
        engine.configure(self.panel, fullscreen=self._fullscreen)
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
        self._put_stage()

    def draw_now(self) -> None:
        """Put the newest model on the stage at once (window's thread)."""
        self._draw_newest(0)
        self._put_ring(0)

    def opened(self) -> Widget:
        """The window is there: make its stage and start to take models."""
        from kivy.core.window import Window  # noqa: PLC0415  (importing it opens the window)

        if Window is None:
            raise WindowError(
                "no window can be opened: there is no display, or its graphics library is missing"
            )
        self.window = Window
        Window.bind(on_flip=self._flip, on_touch_down=self._touched)
        Window.bind(on_key_down=self._keys.down, on_key_up=self._keys.up)
        self._sounds.load()
        self._put_stage()
        return Widget(size_hint=(None, None), size=(0, 0))

    def _touched(self, _window: Any, _touch: Any) -> bool:
        """Tell that somebody is there, and leave the touch to whatever it was meant for."""
        now_s = time.monotonic()
        if self._on_touch is not None and now_s - self._touched_at_s >= TOUCHES_APART_S:
            self._touched_at_s = now_s
            self._on_touch()
        return False

    def started(self) -> None:
        self._running.set()
        self._trigger()

    def _put_stage(self) -> None:
        with self._lock:
            model = self._newest
        self._change_stage(self._manner_for(model))
        assert self.stage is not None, "it was just made"
        self._cold = True
        self.stage.focus = self._focus
        if model is not None:
            self.stage.show(model)

    def _warm(self, _elapsed_s: float) -> None:
        """Make the other screens once the first is seen: nobody waits for them to see the welcome."""
        if self.stage is not None:
            self.stage.warm()

    def _manner_for(self, model: ScreenModel | None) -> Manner:
        return (
            Manner(still=self._reduced_motion)
            if model is None
            else manner_of(model, still=self._reduced_motion)
        )

    def _change_stage(self, manner: Manner) -> None:
        """Another manner is another stage: no part has to know how to become what it was not made as."""
        if self.stage is not None:
            self.window.remove_widget(self.stage)
        look = Look(self.panel, self._post, manner, brand=self._brand)
        self.window.clearcolor = (*look.rgb(theme.PAPER), 1)
        self.stage = Stage(look)
        self.window.add_widget(self.stage)

    def _draw_newest(self, _elapsed_s: float) -> None:
        with self._lock:
            model = self._newest
            sounds, self._sounds_due = self._sounds_due, []
        if sounds:
            self._sounds.play(sounds[-1])
        if model is None or self.stage is None or self.stage.model is model:
            return
        manner = self._manner_for(model)
        if manner != self.stage.look.manner:
            self._change_stage(manner)
        self.stage.focus = self._focus
        self.stage.show(model)
        self._undrawn = model.serial
        self.window.canvas.ask_update()

    def _put_ring(self, _elapsed_s: float) -> None:
        if self.stage is not None and self.stage.focus != self._focus:
            self.stage.focus = self._focus
            self.stage.put_ring()
            self.window.canvas.ask_update()

    def _flip(self, window: Any) -> bool:
        """Flip the frame ourselves, so that `on_drawn` speaks after it and not before."""
        window.flip()
        if self._cold:
            self._cold = False
            Clock.schedule_once(self._warm, 0)
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
