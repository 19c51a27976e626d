"""Owns what the command line asks of a glass: measure it with a bank card, and say how high every control is.

It must not draw: the window does. A person reads one line a control, and the exit code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands import CommandError
from kiosk.config import ConfigError, LaneConfig, read_lane_config
from kiosk.lane_file import LaneFileError, write_number
from kiosk.ui.reach import GOAL_MM, LIMIT_MM, Control, Verdict
from kiosk.ui.theme import Panel

if TYPE_CHECKING:
    from kiosk.ui.app import LaneWindow

_MARKS = {Verdict.REACHED: "✓", Verdict.HIGH: "!", Verdict.TOO_HIGH: "✕"}


def measure_panel(config_path: Path, at_hand: Callable[[LaneWindow], None] = lambda _window: None) -> bool:
    """Opens the measuring on the glass itself; True when nothing was too high. Raises CommandError.

    `at_hand` is given the window before it opens: a test has to put its hand somewhere.
    """
    config = _config(config_path)
    try:
        from kiosk.ui.app import WindowError  # noqa: PLC0415 - Kivy only for a window
        from kiosk.ui.panel_window import Keeping, NotKeptError, PanelWindow  # noqa: PLC0415
    except ImportError as error:
        raise CommandError(f"A library is missing: {error}. Run `make setup`.") from error

    def keep(key: str, value: float) -> None:
        try:
            write_number(config_path, "panel", key, value)
        except LaneFileError as error:
            _say(f"✕ {config_path} keeps its {key}: {error}")
            raise NotKeptError(str(error)) from error
        _say(f"✓ {config_path}: panel.{key} = {value}")

    keeping = Keeping(lambda inches: keep("diagonal_in", inches), lambda edge: keep("bottom_edge_mm", edge))
    installer = PanelWindow(
        _panel(config),
        config.panel.bottom_edge_mm,
        keeping,
        language=config.lane.language,
        fullscreen=config.panel.fullscreen,
    )
    at_hand(installer.window)
    try:
        installer.run()
    except WindowError as error:
        raise CommandError(f"The glass cannot be measured: {error}.") from error
    controls = installer.wizard.controls
    return say_heights(controls) if controls else True


def check_reach(config_path: Path, bottom_edge_mm: int) -> bool:
    """Measures every control without a display; True when none is too high. Raises CommandError."""
    from kiosk.ui.self_check import all_controls  # noqa: PLC0415 - Kivy only where the glass is measured

    return say_heights(all_controls(_panel(_config(config_path)), bottom_edge_mm))


def say_heights(controls: Iterable[Control]) -> bool:
    """One line a control, the highest first; True when none is over the limit with everything lower."""
    known = sorted(controls, key=lambda each: (-each.height_mm, each.screen, each.tap_id))
    _say(f"Height of each control’s centre above the floor: goal {GOAL_MM} mm, limit {LIMIT_MM} mm")
    for lowered, title in ((False, "As a visit begins"), (True, "With “Everything lower”")):
        _say(f"{title}:")
        for each in known:
            if each.lowered is lowered:
                mark = _MARKS[each.verdict]
                _say(f"{mark} {each.height_mm:5} mm  {each.screen}: {each.tap_id}, {each.verdict.value}")
    lowered_ones = [each for each in known if each.lowered]
    too_high = [each for each in lowered_ones if each.verdict is Verdict.TOO_HIGH]
    over_goal = [each for each in lowered_ones if each.verdict is Verdict.HIGH]
    verdict = f"{len(lowered_ones)} controls, {len(over_goal)} over the goal, {len(too_high)} over the limit"
    _say(f"{'✕' if too_high else '✓'} with “Everything lower”: {verdict}")
    return not too_high


def _panel(config: LaneConfig) -> Panel:
    return Panel(config.panel.width_px, config.panel.height_px, config.panel.diagonal_in)


def _config(path: Path) -> LaneConfig:
    try:
        return read_lane_config(path)
    except ConfigError as error:
        raise CommandError(str(error)) from error


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
