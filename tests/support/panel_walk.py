"""Owns an installer in a process of its own: `python -m tests.support.panel_walk LANE.TOML TAP…`.

It must not look behind the glass. It taps, and at a `?TEXT` waits until that can be read.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["SDL_VIDEODRIVER"] = "offscreen"
os.environ["SDL_AUDIODRIVER"] = "dummy"

from kiosk.panel_command import measure_panel
from kiosk.ui.hand import Hand

if TYPE_CHECKING:
    from kiosk.ui.app import LaneWindow

PATIENCE_S = 30.0


def main(config: Path, taps: list[str]) -> int:
    def at_hand(window: LaneWindow) -> None:
        threading.Thread(target=_walk, args=(window, taps), daemon=True).start()

    return 0 if measure_panel(config, at_hand) else 1


def _walk(window: LaneWindow, taps: list[str]) -> None:
    if not window.wait_until_running(PATIENCE_S):
        return
    hand = Hand(window)
    try:
        for tap in taps:
            _until(hand, tap[1:]) if tap.startswith("?") else hand.tap(tap)
    finally:
        window.stop()


def _until(hand: Hand, text: str) -> None:
    """Until somebody could read it: every page comes from another thread."""
    before = time.monotonic() + PATIENCE_S
    while not any(text in read for read in hand.texts()):
        if time.monotonic() > before:
            sys.stdout.write(f"never read: {text}; read: {hand.texts()}\n")
            sys.stdout.flush()
            raise TimeoutError(text)
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
