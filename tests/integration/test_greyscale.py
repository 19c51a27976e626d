"""Owns the proof that no state is told by colour alone: two states differ in greys as well (UX R12).

It must not know the lane. What differs is measured where it is drawn, on frames of the window turned grey.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from PIL import Image, ImageChops

from kiosk.checkout.preferences import Preference, Preferences
from kiosk.ui import gallery
from kiosk.ui.screen_model import BasketModel, Lamp, PayModel, ScreenModel, Step, TileSheet
from kiosk.ui.theme import BAR, MARGIN, PORTRAIT
from tests.support import lane_screens
from tests.support.desk import Desk

pytestmark = pytest.mark.window

ENGLISH = gallery.english()
THEMES = {"default": frozenset[Preference](), "contrast": frozenset({Preference.HIGH_CONTRAST})}

_LEAST_RATIO = 3.0
"""What a sign needs against what is beside it (WCAG 2.2, 1.4.11); here against the other state."""
_LEAST_SHARE = 0.01
"""As much of the place must differ so clearly: a tick on a tile takes about two hundredths of it."""
_STEPS = 255 / math.log(21)

Place = tuple[int, int, int, int]


def _perceived(grey: int) -> int:
    """Equal ratios of luminance become equal distances."""
    return round(math.log(((grey / 255) ** 2.2 + 0.05) / 0.05) * _STEPS)


def share_that_differs(one: Image.Image, other: Image.Image) -> float:
    """How much of two pictures still differs by 3:1 or more when their colours are gone."""
    greys = [picture.convert("L").point(_perceived) for picture in (one, other)]
    counts = ImageChops.difference(*greys).histogram()
    return sum(counts[round(math.log(_LEAST_RATIO) * _STEPS) :]) / sum(counts)


def test_the_comparison_sees_a_shape_and_is_blind_to_a_colour() -> None:
    red, green = (Image.new("RGB", (40, 40), colour) for colour in ((200, 30, 30), (20, 112, 40)))
    ticked = red.copy()
    ticked.paste((255, 255, 255), (4, 4, 12, 12))
    assert share_that_differs(red, green) == 0
    assert share_that_differs(red, ticked) >= _LEAST_SHARE


@pytest.mark.parametrize("on", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(
    "what", ["button", "tile", "language", "help", "lamp", "strip", "call", "step", "end"]
)
def test_no_two_states_differ_by_their_colour_alone(desk: Desk, what: str, on: frozenset[Preference]) -> None:
    states = _states()[what]
    frames = {name: _cut(desk, model, on, place) for name, (model, place) in states.items()}
    alike = [
        f"{one} and {other} differ in {share:.2%}"
        for one, other in combinations(frames, 2)
        if (share := share_that_differs(frames[one], frames[other])) < _LEAST_SHARE
    ]
    assert len(frames) > 1
    assert alike == []


def _cut(desk: Desk, model: ScreenModel, on: frozenset[Preference], place: str | Place) -> Image.Image:
    """What stands at a target, in a part of that class or in a place on the frame that shows the model."""
    desk.show(replace(model, preferences=Preferences(on)))
    if isinstance(place, str):
        x, y, width, height = desk.hand.rectangles().get(place) or _part(desk, place)
        top = PORTRAIT.height_px - y - height
        place = round(x), round(top), round(x + width), round(top + height)
    return desk.pixels().crop(place)


def _part(desk: Desk, kind: str) -> tuple[float, float, float, float]:
    def found(walk: Any) -> list[str]:
        area = next(part.area for part, _ in walk if type(part).__name__ == kind)
        return [str(side) for side in (area.x, area.y, area.w, area.h)]

    x, y, width, height = map(float, desk.look_at(found))
    return x, y, width, height


# --- the states ----------------------------------------------------------------------------------

_GLASS: Place = (0, PORTRAIT.px(BAR), PORTRAIT.width_px, PORTRAIT.height_px)
_LAMP: Place = tuple(PORTRAIT.px(mm) for mm in (MARGIN, BAR / 2 - 4, MARGIN + 8, BAR / 2 + 4))  # type: ignore[assignment]


_STRIPS = ("basket-age-refused", "basket-unreadable", "basket-no-cards", "basket-offer", "basket-undo")
_CALLS = ("basket-one", "help", "help-on-the-way", "help-arrived", "help-offline")
_ENDS = ("pay", "paying-contacting-bank", "not-paid", "checking", "thanks")


def _states() -> Mapping[str, Mapping[str, tuple[ScreenModel, str | Place]]]:
    """States of one thing that a shopper must tell apart, and where each is drawn."""
    basket = ENGLISH["basket"]
    return {
        "button": {
            "plain": (basket, "pay"),
            "off": (_with_pay(enabled=False), "pay"),
        },
        "tile": {
            "plain": (_with_tile("accessibility", "prefer:speak"), "prefer:speak"),
            "chosen": (_with_tile("accessibility", "prefer:speak", chosen=True), "prefer:speak"),
            "off": (_with_tile("accessibility", "prefer:speak", enabled=False), "prefer:speak"),
        },
        "language": {
            "plain": (_with_tile("language", "lang:en", chosen=False), "lang:en"),
            "chosen": (_with_tile("language", "lang:en", chosen=True), "lang:en"),
        },
        "help": {"plain": (basket, "help"), "called": (ENGLISH["help"], "help")},
        "lamp": {lamp.value: (replace(basket, top=replace(basket.top, lamp=lamp)), _LAMP) for lamp in Lamp},
        "strip": {name: (lane_screens.screen(name, "en"), "StripView") for name in _STRIPS},
        "call": {name: (lane_screens.screen(name, "en"), _GLASS) for name in _CALLS},
        "step": {state: (_with_step(state), "_Dot") for state in ("done", "now", "next")},
        "end": {name: (lane_screens.screen(name, "en"), _GLASS) for name in _ENDS},
    }


def _with_pay(*, enabled: bool) -> ScreenModel:
    model = ENGLISH["basket"]
    body = model.body
    assert isinstance(body, BasketModel)
    return replace(model, body=replace(body, pay=replace(body.pay, enabled=enabled)))


def _with_tile(screen: str, tap_id: str, *, chosen: bool = False, enabled: bool = True) -> ScreenModel:
    model = ENGLISH[screen]
    sheet = model.sheet
    assert isinstance(sheet, TileSheet)
    tiles = tuple(
        replace(tile, chosen=chosen, enabled=enabled) if tile.tap_id == tap_id else tile
        for tile in sheet.tiles
    )
    return replace(model, sheet=replace(sheet, tiles=tiles))


def _with_step(state: str) -> ScreenModel:
    model = ENGLISH["pay"]
    body = model.body
    assert isinstance(body, PayModel)
    return replace(model, body=replace(body, steps=(Step("Tap", state), *body.steps[1:])))
