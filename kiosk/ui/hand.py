"""Owns a finger and an eye for journeys: it taps and reads what a shopper could tap and read.

It must not reach round the window: a tap is a real touch, so covering, disabling and release all count.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.ui.app import LaneWindow
from kiosk.ui.area import Area
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Text

from kivy.base import EventLoop  # isort: skip  (after the window's modules: they set Kivy's environment)
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # isort: skip
from kivy.input.motionevent import MotionEvent  # isort: skip
from PIL import Image


class HandError(Exception):
    """The target is absent, disabled, covered or out of sight. The message names what could be tapped."""


class _Touch(MotionEvent):
    """One finger, known to Kivy like any other."""

    _count = 0

    def __init__(self, x: float, y: float, window: Any) -> None:
        _Touch._count += 1
        place = {"x": x / (window.width - 1), "y": y / (window.height - 1)}
        super().__init__("hand", _Touch._count, place, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        self.profile = ["pos"]
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class Hand:
    """Every call runs on the window's thread, after the newest model has been put on the stage."""

    def __init__(self, window: LaneWindow, timeout_s: float = 10.0) -> None:
        self._window = window
        self._timeout_s = timeout_s

    def tap(self, tap_id: str) -> None:
        """Touch and release the target in its middle. HandError when a shopper could not."""
        self._call(lambda: self._tap(tap_id))

    def tap_at(self, x: float, y: float) -> None:
        """Touch and release one point (window pixels from the bottom left)."""
        self._call(lambda: self._touch(x, y, x, y))

    def slide(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Touch one point, move to another and release there (window pixels from the bottom left)."""
        self._call(lambda: self._touch(*start, *end))

    def flail(self, slides: list[tuple[float, float, float, float]], keys: list[int]) -> None:
        """Touches from one point to another, then keys of a keyboard (SDL key codes), within one frame."""
        self._call(lambda: self._flail(slides, keys))

    def texts(self) -> list[str]:
        """Every text that can be read now, from the top down: none clipped away, none behind a sheet."""
        return self._call(lambda: [part.shown for part in self._texts()])

    def rectangles(self) -> dict[str, tuple[float, float, float, float]]:
        """x, y, width, height of every target in sight, by tap id; pixels from the bottom left."""
        return self._call(
            lambda: {tap_id: (a.x, a.y, a.w, a.h) for tap_id, (_, a) in self._targets().items()}
        )

    def model(self) -> ScreenModel | None:
        """The model the stage shows."""
        return self._call(lambda: self._window.stage.model if self._window.stage is not None else None)

    def screenshot(self, path: str | Path) -> None:
        """Write the window's next frame as a PNG."""
        self._call(lambda: self._frame().save(path))

    def _call(self, action: Any) -> Any:
        def drawn_first() -> Any:
            self._window.draw_now()
            return action()

        return self._window.call(drawn_first, self._timeout_s)

    def _tap(self, tap_id: str) -> None:
        targets = self._targets()
        can = ", ".join(sorted(name for name, (part, _) in targets.items() if part.enabled)) or "nothing"
        if tap_id not in targets:
            raise HandError(f"{tap_id!r} is not on the screen; can be tapped: {can}")
        part, area = targets[tap_id]
        if not part.enabled:
            raise HandError(f"{tap_id!r} is disabled; can be tapped: {can}")
        x, y = area.centre
        top = self._top_at(x, y)
        if top is not part:
            raise HandError(f"{tap_id!r} is covered; can be tapped: {can}")
        self._touch(x, y, x, y)

    def _touch(self, x: float, y: float, to_x: float, to_y: float) -> None:
        touch = _Touch(x, y, self._window.window)
        EventLoop.post_dispatch_input("begin", touch)
        if (x, y) != (to_x, to_y):
            window = self._window.window
            touch.move({"x": to_x / (window.width - 1), "y": to_y / (window.height - 1)})
            EventLoop.post_dispatch_input("update", touch)
        EventLoop.post_dispatch_input("end", touch)

    def _flail(self, slides: list[tuple[float, float, float, float]], keys: list[int]) -> None:
        for slide in slides:
            self._touch(*slide)
        window = self._window.window
        for key in keys:
            text = chr(key) if 0x20 <= key < 0x7F else ""
            window.dispatch("on_key_down", key, 0, text, [])
            window.dispatch("on_key_up", key, 0)

    def _frame(self) -> Image.Image:
        window = self._window.window
        window.dispatch("on_draw")
        pixels = glReadPixels(0, 0, window.width, window.height, GL_RGB, GL_UNSIGNED_BYTE)
        window.dispatch("on_flip")
        image = Image.frombytes("RGB", (window.width, window.height), pixels)
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def _walk(self) -> Iterator[tuple[Part, Area]]:
        """Every part on the stage with the part of the window it may draw in, back to front."""
        stage = self._window.stage
        if stage is not None:
            yield from _parts(stage, stage.area)

    def _targets(self) -> dict[str, tuple[Part, Area]]:
        found: dict[str, tuple[Part, Area]] = {}
        for part, clip in self._walk():
            seen = part.seen.overlap(clip) if part.tap_id else None
            if seen is not None and self._reachable(part):
                found.setdefault(part.tap_id, (part, seen))
        return found

    def _reachable(self, part: Part) -> bool:
        stage = self._window.stage
        assert stage is not None, "there are parts, so there is a stage"
        return stage.sheet is None or part in stage.fixed or stage.sheet in _ancestors(part)

    def _top_at(self, x: float, y: float) -> Part | None:
        top: Part | None = None
        for part, clip in self._walk():
            if part.touchable() and part.seen.holds(x, y) and clip.holds(x, y):
                top = part
        return top

    def _texts(self) -> list[Text]:
        seen: list[Text] = []
        for part, clip in self._walk():
            if isinstance(part, Text) and part.value and self._legible(part, clip):
                seen.append(part)
        return sorted(seen, key=lambda part: (-part.seen.top, part.seen.x))

    def _legible(self, part: Text, clip: Area) -> bool:
        """More than half of the height in sight; behind a sheet nothing is."""
        seen = part.seen.overlap(clip)
        if seen is None or seen.h < part.area.h / 2:
            return False
        stage = self._window.stage
        assert stage is not None, "there are parts, so there is a stage"
        return stage.sheet is None or bool({stage.sheet, *stage.fixed} & set(_ancestors(part)))


def _parts(part: Any, clip: Area) -> Iterator[tuple[Part, Area]]:
    if isinstance(part, Part):
        yield part, clip
        if getattr(part, "clips", False):
            inner = part.seen.overlap(clip)
            if inner is None:
                return
            clip = inner
    for child in reversed(part.children):
        yield from _parts(child, clip)


def _ancestors(part: Any) -> list[Any]:
    chain = [part]
    while chain[-1].parent is not None and chain[-1].parent is not chain[-1]:
        chain.append(chain[-1].parent)
    return chain
