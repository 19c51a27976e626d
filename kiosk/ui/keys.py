"""Owns an ordinary keyboard as a stand-in for a tactile keypad: which of its keys mean which.

It must not know what a key does. A held key counts once (EN 301 549, 5.7), UP held for two seconds reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hardware.events import Key
from hardware.protocols.evdev import HOLD_S

KEYS = {
    273: Key.UP,
    274: Key.DOWN,
    276: Key.BACK,
    275: Key.NEXT,
    13: Key.SELECT,
    271: Key.SELECT,
    8: Key.BACK,
    282: Key.HELP,
    283: Key.READ,
    284: Key.PAUSE,
    19: Key.PAUSE,
    ord("+"): Key.VOLUME_UP,
    ord("="): Key.VOLUME_UP,
    270: Key.VOLUME_UP,
    ord("-"): Key.VOLUME_DOWN,
    269: Key.VOLUME_DOWN,
}
"""By Kivy's key codes: arrows, Enter, Backspace, F1 to F3, Pause, plus and minus, the keypad block's too."""


class KeyWatch:
    """Bound to the window's key events; returns True for a key it took."""

    def __init__(
        self, pressed: Callable[[Key], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._pressed = pressed
        self._monotonic = monotonic
        self._held: dict[int, float] = {}

    def down(self, _window: Any, code: int, *_rest: Any) -> bool:
        key = KEYS.get(code)
        if key is None:
            return False
        if code not in self._held:
            self._held[code] = self._monotonic()
            if key is not Key.UP:
                self._pressed(key)
        return True

    def up(self, _window: Any, code: int, *_rest: Any) -> bool:
        key, since_s = KEYS.get(code), self._held.pop(code, None)
        if key is Key.UP and since_s is not None:
            self._pressed(Key.READ if self._monotonic() - since_s >= HOLD_S else Key.UP)
        return key is not None
