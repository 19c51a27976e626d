"""Owns the proof that a box that fits a bank card gives the glass's inches, whatever the settings said.

It must not open a window.
"""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.calibration import (
    CARD_LONG_MM,
    CARD_SHORT_MM,
    LEAST_PX,
    MOST_SKEW_PERCENT,
    CardBox,
    Doubt,
    Side,
    drawing_panel,
    first_box,
    measure_of,
    room_px,
)
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, REFERENCE_SHORT_SIDE_MM, Panel

GLASSES = st.sampled_from([(1080, 1920), (1920, 1080), (2160, 3840), (1280, 1024), (800, 1280)])
DIAGONALS_IN = st.floats(10, 40)


def _walked(box: CardBox, steps: list[tuple[Side, int] | None]) -> CardBox:
    for step in steps:
        box = box.turned() if step is None else box.grown(*step)
    return box


STEPS = st.lists(st.none() | st.tuples(st.sampled_from(Side), st.integers(-500, 500)), max_size=12)


@given(GLASSES, DIAGONALS_IN, st.booleans())
def test_a_card_laid_on_a_glass_gives_its_inches_either_way_round(
    glass: tuple[int, int], diagonal_in: float, standing: bool
) -> None:
    px_per_mm = hypot(*glass) / (diagonal_in * 25.4)
    across, up = (CARD_SHORT_MM, CARD_LONG_MM) if standing else (CARD_LONG_MM, CARD_SHORT_MM)
    measure = measure_of(CardBox(glass, round(across * px_per_mm), round(up * px_per_mm), standing))
    half_a_pixel = 0.5 / (CARD_SHORT_MM * px_per_mm)
    rounded_in = 0.005
    assert abs(measure.diagonal_in - diagonal_in) <= 1.01 * half_a_pixel * diagonal_in + rounded_in
    assert measure.skew_percent <= 200.1 * half_a_pixel / (1 - half_a_pixel)


@given(GLASSES, DIAGONALS_IN)
def test_the_box_begins_where_the_settings_are_and_says_them_again(
    glass: tuple[int, int], diagonal_in: float
) -> None:
    box = first_box(Panel(*glass, diagonal_in))
    assert measure_of(box).diagonal_in == pytest.approx(diagonal_in, rel=0.02)
    assert measure_of(box).doubt is None


@given(GLASSES, st.floats(1, 200), STEPS)
def test_no_steps_bring_the_box_out_of_its_room(
    glass: tuple[int, int], diagonal_in: float, steps: list[tuple[Side, int] | None]
) -> None:
    box = _walked(first_box(Panel(*glass, diagonal_in)), steps)
    most_width, most_height = room_px(glass)
    assert LEAST_PX <= box.width_px <= most_width
    assert LEAST_PX <= box.height_px <= most_height


@given(GLASSES, DIAGONALS_IN)
def test_turning_the_card_keeps_what_was_measured(glass: tuple[int, int], diagonal_in: float) -> None:
    box = first_box(Panel(*glass, diagonal_in))
    turned = box.turned()
    assert turned.standing is not box.standing
    if (turned.width_px, turned.height_px) < room_px(glass) and turned.height_px < room_px(glass)[1]:
        assert measure_of(turned).diagonal_in == pytest.approx(measure_of(box).diagonal_in, rel=0.015)


@given(GLASSES, DIAGONALS_IN, st.sampled_from(Side), st.integers(1, 40))
def test_a_step_and_its_opposite_leave_the_box_as_it_was(
    glass: tuple[int, int], diagonal_in: float, side: Side, step: int
) -> None:
    box = CardBox(glass, 300, 200)
    assert box.grown(side, step).grown(side, -step) == box
    other = box.grown(side, step)
    assert (other.width_px, other.height_px) == (
        300 + step * (side is Side.WIDTH),
        200 + step * (side is Side.HEIGHT),
    )


def test_two_directions_that_disagree_are_doubted_and_may_still_be_saved() -> None:
    fits = measure_of(CardBox((1080, 1920), 476, 300))
    assert (fits.doubt, fits.usable) == (None, True)
    assert fits.diagonal_in == pytest.approx(15.6, abs=0.03)
    wide = measure_of(CardBox((1080, 1920), 490, 300))
    assert wide.skew_percent > MOST_SKEW_PERCENT
    assert (wide.doubt, wide.usable) == (Doubt.SKEW, True)


@pytest.mark.parametrize(("width_px", "doubt"), [(1080, Doubt.TOO_SMALL), (60, Doubt.TOO_LARGE), (476, None)])
def test_a_glass_that_no_lane_takes_cannot_be_saved(width_px: int, doubt: Doubt | None) -> None:
    measure = measure_of(CardBox((1080, 1920), width_px, round(width_px * CARD_SHORT_MM / CARD_LONG_MM)))
    assert measure.doubt is doubt
    assert measure.usable is (doubt is None)


@given(st.integers(480, 7680), st.integers(480, 7680), st.floats(7, 65))
def test_the_measuring_draws_itself_alike_whatever_the_settings_say(
    width_px: int, height_px: int, diagonal_in: float
) -> None:
    drawn = drawing_panel(Panel(width_px, height_px, diagonal_in))
    assert min(width_px, height_px) / drawn.px_per_mm == pytest.approx(REFERENCE_SHORT_SIDE_MM)
    assert drawn.scale == pytest.approx(1.0)


def test_a_coarse_step_is_seen_on_any_glass() -> None:
    assert CardBox((1080, 1920), 1, 1).coarse_px == 20
    assert CardBox((2160, 3840), 1, 1).coarse_px == 40
    assert (first_box(PORTRAIT).standing, first_box(LANDSCAPE).standing) == (False, False)
