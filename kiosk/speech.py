"""Owns the lane's reader at work: screens, keys and the headset go in, taps, words and the ring come out.

It must not decide what is said: `kiosk.assist.reading` does. Calls come from any thread, one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from hardware.events import HeadsetChanged, Key, KeyPressed
from kiosk.assist import reading
from kiosk.assist.reading import Hush, Pause, Reader, Say, Tap, Turn
from kiosk.assist.surroundings import Surroundings
from kiosk.checkout.preferences import Preference
from kiosk.speech_queue import Spoken, Voice
from kiosk.ui.screen_model import ScreenModel
from kiosk.ui.taps import TapFilter

_MOVING = frozenset({Key.UP, Key.DOWN, Key.NEXT, Key.VOLUME_UP, Key.VOLUME_DOWN})


class Narrator:
    """`tap` gets the ids the keys chose, `focus` the id the ring shall lie around ("" for none)."""

    def __init__(
        self,
        voice: Voice,
        place: Surroundings,
        *,
        tap: Callable[[str], None],
        focus: Callable[[str], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._voice = voice
        self._tap = tap
        self._focus = focus
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._filter = TapFilter()
        self._reader = Reader(place)

    @property
    def reader(self) -> Reader:
        return self._reader

    def open(self) -> None:
        self._voice.open()

    def close(self) -> None:
        self._voice.close()

    def shown(self, model: ScreenModel) -> None:
        self._take(lambda reader: reading.shown(reader, model))

    def touched(self) -> None:
        self._take(reading.touched)

    def device(self, event: KeyPressed | HeadsetChanged) -> None:
        """What a keypad or a jack told."""
        if isinstance(event, KeyPressed):
            self.pressed(event.key)
        else:
            self._take(lambda reader: reading.jack(reader, inserted=event.inserted))

    def pressed(self, key: Key) -> None:
        """A key went down. The same key again within half a second is one press (EN 301 549, 5.8): always
        for what acts, and with more time for what only moves.
        """
        model = self._reader.model
        slow = model is not None and Preference.SLOWER in model.preferences
        if self._filter.takes(key.value, self._monotonic(), repeats=key in _MOVING and not slow):
            self._take(lambda reader: reading.pressed(reader, key))

    def spoken(self) -> list[Spoken]:
        return self._voice.spoken()

    def _take(self, turn: Callable[[Reader], Turn]) -> None:
        with self._lock:
            before = self._reader.focus
            self._reader, deeds = turn(self._reader)
            after = self._reader.focus
            for deed in deeds:
                match deed:
                    case Say():
                        self._voice.say(deed)
                    case Hush():
                        self._voice.hush()
                    case Pause():
                        self._voice.pause()
                    case Tap():
                        pass
            if after != before:
                self._focus(after)
        for deed in deeds:
            if isinstance(deed, Tap):  # outside the lock: the lane may be waiting for it with a new screen
                self._tap(deed.tap_id)
