"""Owns the proof that the look keeps its numbers: contrast, type and sizes in mm, on any panel.

It must not open a window.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui import theme
from kiosk.ui.theme import (
    BRIGHT,
    LANDSCAPE,
    PAPER,
    PARTS,
    PORTRAIT,
    Colour,
    Face,
    Level,
    Panel,
    Theme,
    Tone,
    Weight,
    contrast,
)

_SMALLEST_TEXT_PX = 38  # 4.88 mm capitals on the reference panel (36 CFR 1194, 402.4)


def test_contrast_of_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast(Colour("#000000"), BRIGHT) == pytest.approx(21.0)
    assert contrast(BRIGHT, BRIGHT) == 1.0


def test_contrast_agrees_with_a_published_pair() -> None:
    # #767676 on white is the known lightest grey at 4.5:1
    assert contrast(Colour("#767676"), BRIGHT) == pytest.approx(4.54, abs=0.01)


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True), st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
def test_contrast_does_not_mind_the_order_and_stays_in_range(one: str, other: str) -> None:
    ratio = contrast(Colour(one), Colour(other))
    assert ratio == contrast(Colour(other), Colour(one))
    assert 1.0 <= ratio <= 21.0


@pytest.mark.parametrize("shown", list(Theme), ids=lambda shown: shown.value)
@pytest.mark.parametrize("tone", list(Tone), ids=lambda tone: tone.name)
def test_every_pair_of_text_and_ground_has_the_contrast_of_its_level(tone: Tone, shown: Theme) -> None:
    assert contrast(tone.fore, tone.back, shown) >= tone.level.least(shown)


@pytest.mark.parametrize("shown", list(Theme), ids=lambda shown: shown.value)
@pytest.mark.parametrize(("fore", "back"), PARTS, ids=lambda colour: colour.light)
def test_every_drawn_part_stands_out_from_its_ground(fore: Colour, back: Colour, shown: Theme) -> None:
    assert contrast(fore, back, shown) >= Level.PART.least(shown)


def test_high_contrast_is_black_and_white_at_twenty_one_to_one() -> None:
    assert contrast(theme.INK, PAPER, Theme.HIGH_CONTRAST) == pytest.approx(21.0)
    assert contrast(theme.PRIMARY, PAPER, Theme.HIGH_CONTRAST) == pytest.approx(16.6, abs=0.1)
    assert contrast(theme.HELP, PAPER, Theme.HIGH_CONTRAST) == pytest.approx(13.7, abs=0.1)


def test_no_two_tones_share_one_value_and_so_one_name() -> None:
    assert len(Tone.__members__) == len(list(Tone))
    assert len(Face.__members__) == len(list(Face))


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("face", list(Face), ids=lambda face: face.name)
def test_no_text_is_smaller_than_the_smallest_allowed(face: Face, panel: Panel) -> None:
    assert panel.px(face.size_mm) >= _SMALLEST_TEXT_PX


def test_text_that_may_have_less_contrast_is_large_and_heavy() -> None:
    large = [face for face in Face if face.large]
    assert all(PORTRAIT.px(face.size_mm) >= 44 for face in large)
    assert all(face.weight is not Weight.REGULAR for face in large)


def test_targets_keys_and_help_have_the_sizes_of_the_guide() -> None:
    assert theme.TARGET == 20.0
    assert theme.KEY == 15.0
    assert (theme.HELP_WIDTH, theme.HELP_HEIGHT) == (44.0, 24.0)
    assert theme.PRIMARY_HEIGHT >= 24.0
    assert theme.GAP_SMALL >= 2.0
    assert theme.GAP_DANGER >= 8.0
    assert PORTRAIT.px(theme.TARGET) >= 111
    assert PORTRAIT.px(theme.KEY) >= 83


def test_the_reference_panel_has_five_and_a_half_pixels_to_the_millimetre() -> None:
    assert PORTRAIT.px_per_mm == pytest.approx(5.56, abs=0.01)
    assert LANDSCAPE.px_per_mm == PORTRAIT.px_per_mm
    assert not PORTRAIT.landscape
    assert LANDSCAPE.landscape


def test_a_larger_panel_enlarges_and_a_smaller_one_shrinks_nothing() -> None:
    large = Panel(1080, 1920, 21.5)
    small = Panel(768, 1366, 11.6)
    assert large.px(theme.TARGET) / large.px_per_mm > 27
    assert small.px(theme.TARGET) / small.px_per_mm == pytest.approx(20, abs=0.2)


@given(
    st.floats(min_value=0.1, max_value=400), st.sampled_from([PORTRAIT, LANDSCAPE, Panel(2160, 3840, 21.5)])
)
def test_a_size_in_pixels_is_never_visibly_under_its_millimetres(size_mm: float, panel: Panel) -> None:
    exact = size_mm * panel.px_per_mm * panel.scale
    assert exact - 0.1 <= panel.px(size_mm) < exact + 1
