"""Owns the proof that low controls are low: how the glass is divided, and how high above the floor that is.

It must not open a window.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui import reach
from kiosk.ui.area import Area
from kiosk.ui.reach import Verdict
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, Panel

PANELS = [PORTRAIT, LANDSCAPE, Panel(2160, 3840, 21.5), Panel(1920, 1080, 21.5)]


def _window(panel: Panel) -> Area:
    return Area(0, 0, panel.width_px, panel.height_px)


@pytest.mark.parametrize("panel", PANELS)
def test_the_bar_and_what_is_touched_stand_in_the_lower_part(panel: Panel) -> None:
    parts = reach.bands(panel, _window(panel), side=False, needed=0)
    assert parts.bar.top == panel.px(reach.WIDE_MM if panel.landscape else reach.UPRIGHT_MM)
    assert parts.below.top == parts.bar.y
    assert parts.above.y == parts.bar.top


@given(st.sampled_from(PANELS), st.booleans(), st.integers(0, 600))
def test_the_parts_cover_the_window_without_overlap(panel: Panel, side: bool, needed: int) -> None:
    window = _window(panel)
    parts = reach.bands(panel, window, side=side, needed=needed)
    areas = [parts.above, parts.bar, parts.below, parts.side]
    assert sum(area.w * area.h for area in areas) == pytest.approx(window.w * window.h)
    assert all(one.overlap(other) is None for one in areas for other in areas if one is not other)
    assert parts.below.h >= needed


def test_heights_are_counted_from_the_floor_to_the_middle_of_a_control() -> None:
    px = PORTRAIT.px_per_mm
    heights = reach.heights_mm(
        PORTRAIT, {"help": (0, 0, 100, 24 * px), "back": (0, 300 * px, 9, 20 * px)}, 800
    )
    assert heights == {"help": 812, "back": 1110}


@pytest.mark.parametrize(
    ("height_mm", "verdict"),
    [(1100, Verdict.REACHED), (1101, Verdict.HIGH), (1220, Verdict.HIGH), (1221, Verdict.TOO_HIGH)],
)
def test_a_height_is_judged_by_the_goal_and_the_limit(height_mm: int, verdict: Verdict) -> None:
    assert reach.judge(height_mm) is verdict
