"""Owns the four short sounds of the lane. With no sound device the window stays silent.

It must not know why a sound is asked for.
"""

from __future__ import annotations

import logging
from typing import Any

from kiosk.ui import engine

_log = logging.getLogger(__name__)
NAMES = ("scan_ok", "scan_fail", "attention", "paid")


class Sounds:
    """Loaded once; played from memory."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def load(self) -> None:
        """Read the files; a missing file or device leaves that sound out."""
        from kivy.core.audio import SoundLoader  # noqa: PLC0415  (opens the sound device)

        for name in NAMES:
            path = engine.ASSETS / "sounds" / f"{name}.wav"
            if not path.is_file():
                continue
            sound = SoundLoader.load(str(path))
            if sound is None:  # no device: the others would fail alike
                break
            self._loaded[name] = sound
        if not self._loaded:
            _log.info("no sound: the screen says everything a sound would")

    def play(self, name: str) -> None:
        """Play one sound from its start; unknown names are silent."""
        sound = self._loaded.get(name)
        if sound is not None:
            sound.stop()
            sound.play()
