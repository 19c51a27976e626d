"""Owns the choice between a demonstration somebody watches and a journey played off screen.

It must not know how either works. Every failure a person can mend becomes one sentence.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.simulators.zvt_personality import Personality
from kiosk.commands import CommandError
from kiosk.demo.film import poses_of
from kiosk.demo.home import LaneProcessError
from kiosk.demo.journey import JourneyError, read_journey
from kiosk.demo.run import DemoOptions, OpenStore, play_journey, unreadable_journey, watch
from kiosk.demo.simulate import personality_named

FIRST_SALE = Path(__file__).with_name("first_sale.journey")


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """The words of the command line. `names` are the demonstration store's (see `inventory.demo_names`)."""

    program: tuple[str, ...]
    journey: Path | None
    out: Path
    language: str
    landscape: bool
    headless: bool
    names: Any
    port: int
    personality: str = Personality.KEEPS.value
    film: tuple[str, ...] = ()
    """Languages."""


def start_demo(choice: DemoChoice, open_store: OpenStore) -> bool:
    """Runs the demonstration; False when a journey did not come true. Raises CommandError."""
    off_screen = choice.headless or choice.journey is not None or not has_display()
    options = DemoOptions(
        program=choice.program,
        store_id=choice.names.store_id,
        store_name=choice.names.store_name,
        lane_id=choice.names.lane_id,
        bag_gtin=choice.names.bag_gtin,
        language=choice.language,
        landscape=choice.landscape,
        headless=choice.headless or not has_display(),
        film=poses_of(choice.film),
        port=choice.port,
        personality=personality_named(choice.personality),
    )
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end: tidy up as for Ctrl-C
        if not off_screen:
            watch(options, open_store, _say)
            return True
        return _play(choice.journey or FIRST_SALE, choice.out, options, open_store)
    except KeyboardInterrupt:
        _say("Stopped.")
        return False
    except LaneProcessError as error:
        raise CommandError(f"{str(error)[:1].upper()}{str(error)[1:]}") from error
    except OSError as error:
        raise CommandError(f"{error.filename or choice.out} cannot be written: {error.strerror}.") from error


def _play(source: Path, out: Path, options: DemoOptions, open_store: OpenStore) -> bool:
    try:
        steps = read_journey(source)
    except JourneyError as error:
        _say(f"✕ {error}")
        unreadable_journey(source, out, str(error))
        return False
    where = "off screen" if options.headless else "on this display"
    _say(f"Playing {source.name} through the real window and simulated devices, {where}.")
    passed = play_journey(steps, source, out, options, open_store, _say)
    _say(f"{'Passed' if passed else 'Failed'}. Result, pictures and receipt: {out}")
    return passed


def has_display() -> bool:
    """Whether a window could be seen by somebody."""
    driver = os.environ.get("SDL_VIDEODRIVER", "")
    if driver in ("offscreen", "dummy"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or driver == "kmsdrm")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
