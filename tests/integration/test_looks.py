"""Owns the proof that every manner of drawing keeps the screens usable: contrast, large letters, mirroring.

It must not know the lane.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.checkout.preferences import Preference, Preferences
from kiosk.ui import gallery, reach
from kiosk.ui.gallery_pages import as_shown
from kiosk.ui.screen_model import BasketModel, Lamp, ScreenModel, TileSheet
from kiosk.ui.theme import BAR, LANDSCAPE, MARGIN, PORTRAIT, Panel
from tests.support.desk import Desk
from tests.support.layout_probes import EVERYWHERE

pytestmark = pytest.mark.window

EVERY = gallery.english()
ENGLISH = {name: model for name, model in EVERY.items() if not name.startswith("staff")}
"""A shopper's screens."""
LONG = gallery.long_texts()
PANELS = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


def _wrong_on(desk: Desk, models: dict[str, ScreenModel], panel: Panel) -> list[str]:
    """Whatever a probe finds on any of the screens, in words."""
    found = []
    for name, model in models.items():
        desk.show(model, panel)
        for probe in EVERYWHERE:
            found += [f"{name}: {wrong}" for wrong in desk.look_at(probe)]
    return found


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_in_large_letters_every_screen_is_legible_and_touchable(desk: Desk, panel: Panel) -> None:
    models = {name: _preferring(model, Preference.LARGE_TEXT) for name, model in EVERY.items()}
    assert _wrong_on(desk, models, panel) == []


def test_in_large_letters_every_tool_of_a_wide_basket_is_turned_to(desk: Desk) -> None:
    model = _preferring(ENGLISH["basket-undo"], Preference.LARGE_TEXT)
    body = model.body
    assert isinstance(body, BasketModel)
    desk.show(model, LANDSCAPE)
    first = set(desk.hand.rectangles())
    desk.hand.tap("window:tools-more")
    second = set(desk.hand.rectangles())
    tools = {tool.tap_id for tool in body.tools}
    assert tools <= first | second
    assert not tools & first & second
    desk.hand.tap("questions")
    assert desk.posted == ["questions"]


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_with_everything_lower_the_centre_of_every_control_is_in_the_lower_part(
    desk: Desk, panel: Panel
) -> None:
    limit = panel.px(reach.WIDE_MM if panel.landscape else reach.UPRIGHT_MM)
    too_high = []
    for samples, others in ((EVERY, ()), (LONG, ()), (EVERY, (Preference.LARGE_TEXT,))):
        for name, model in samples.items():
            desk.show(_preferring(model, Preference.REACH, *others), panel)
            for tap_id, (_, y, _, height) in desk.hand.rectangles().items():
                if y + height / 2 > limit:
                    too_high.append(f"{name} {others}: {tap_id}")
    assert too_high == []


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_with_everything_lower_every_screen_is_legible_and_touchable(desk: Desk, panel: Panel) -> None:
    models = {name: _preferring(model, Preference.REACH) for name, model in EVERY.items()}
    assert _wrong_on(desk, models, panel) == []


def test_with_everything_lower_the_rows_are_read_only_and_buttons_below_open_them(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["basket"], Preference.REACH))
    assert not any(tap_id.startswith("row:") for tap_id in desk.hand.rectangles())
    body = ENGLISH["basket"].body
    assert isinstance(body, BasketModel)
    desk.hand.tap("window:row-open")
    desk.hand.tap("window:rows-down")
    desk.hand.tap("window:rows-down")
    desk.hand.tap("window:row-open")
    desk.hand.tap("window:rows-up")
    assert desk.posted == [body.rows[0].tap_id, body.rows[2].tap_id]


def test_with_everything_lower_the_last_of_many_rows_comes_into_sight(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["basket-full"], Preference.REACH))
    body = ENGLISH["basket-full"].body
    assert isinstance(body, BasketModel)
    for _ in body.rows[1:]:
        desk.hand.tap("window:rows-down")
    desk.hand.tap("window:row-open")
    assert desk.posted == [body.rows[-1].tap_id]


@pytest.mark.parametrize("look", [Preference.LARGE_TEXT, Preference.REACH])
def test_a_screen_looks_the_same_whatever_stood_there_before(desk: Desk, look: Preference) -> None:
    for before, after in (("basket", "basket-undo"), ("find-help", "find")):
        desk.show(_preferring(ENGLISH[before], look))
        desk.pixels()
        desk.show(_preferring(ENGLISH[after], look))
        reused = desk.pixels().tobytes()
        desk.window.call(lambda: desk.window.turn_to(PORTRAIT))
        assert desk.pixels().tobytes() == reused, f"{after} after {before}"


def test_a_marked_row_shows_its_words_when_the_basket_has_changed(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["basket"], Preference.REACH))
    desk.pixels()
    desk.show(_preferring(ENGLISH["price-pending"], Preference.REACH))
    x, y, width, height = map(float, desk.look_at(_first_row))
    top = PORTRAIT.height_px - y - height
    inside = desk.pixels().crop((round(x) + 9, round(top) + 9, round(x + width) - 9, round(top + height) - 9))
    assert any(inside.convert("L").histogram()[:64])


def _first_row(walk: list[Any]) -> list[str]:
    from kiosk.ui.widgets.row import Row  # noqa: PLC0415

    area = max((part.seen for part, _ in walk if isinstance(part, Row)), key=lambda area: area.top)
    return [str(side) for side in (area.x, area.y, area.w, area.h)]


def test_with_everything_lower_results_are_gone_through_and_opened_from_below(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["find"], Preference.REACH), LANDSCAPE)
    assert not any(tap_id.startswith("found:") for tap_id in desk.hand.rectangles())
    for tap_id in ("open", "down", "open", "up", "open"):
        desk.hand.tap(f"window:choice-{tap_id}")
    assert desk.posted == ["found:1", "found:2", "found:1"]


def test_with_everything_lower_on_an_upright_glass_the_first_result_follows_the_last(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["find"], Preference.REACH))
    for _ in range(2):
        desk.hand.tap("window:choice-down")
    desk.hand.tap("window:choice-open")
    assert desk.posted == ["found:1"]


def test_with_everything_lower_deeds_and_other_goods_of_a_card_are_reached_from_below(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["item-not-here"], Preference.REACH))
    desk.hand.tap("phone")
    desk.hand.tap("window:choice-open")
    desk.hand.tap("window:choice-down")
    desk.hand.tap("window:choice-open")
    desk.hand.tap("results")
    assert desk.posted == ["phone", "found:3", "found:4", "results"]


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_with_everything_lower_staff_go_through_what_waits_and_the_rows_from_below(
    desk: Desk, panel: Panel
) -> None:
    desk.show(_preferring(EVERY["staff"], Preference.REACH), panel)
    desk.hand.tap("adult")
    desk.hand.tap("window:choice-down")
    desk.hand.tap("price:u")
    desk.hand.tap("window:choice-down")
    desk.hand.tap("window:choice-open")
    assert desk.posted == ["adult", "price:u", "row:u"]
    assert "price:u" not in desk.hand.rectangles()


def test_with_everything_lower_a_call_is_called_off_from_the_bar_where_keys_take_the_rest(desk: Desk) -> None:
    desk.show(_preferring(ENGLISH["find-help"], Preference.REACH))
    desk.hand.tap("help-cancel")
    assert desk.posted == ["help-cancel"]


def test_with_everything_lower_more_tiles_than_stand_low_are_turned_to(desk: Desk) -> None:
    model = _preferring(LONG["accessibility-speaking"], Preference.REACH)
    desk.show(model, LANDSCAPE)
    seen = set(desk.hand.rectangles())
    desk.hand.tap("window:tiles-more")
    seen |= set(desk.hand.rectangles())
    sheet = model.sheet
    assert isinstance(sheet, TileSheet)
    assert {tile.tap_id for tile in sheet.tiles} <= seen


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_every_screen_is_legible_touchable_and_keeps_its_targets_apart(desk: Desk, panel: Panel) -> None:
    assert _wrong_on(desk, EVERY, panel) == []


def test_a_tap_on_the_sign_of_accessibility_is_posted_from_any_screen(desk: Desk) -> None:
    for name in ("attract", "paying", "language"):
        desk.show(ENGLISH[name])
        desk.hand.tap("accessibility")
        assert desk.posted == ["accessibility"]


def test_what_is_chosen_shows_a_tick(desk: Desk) -> None:
    desk.show(ENGLISH["accessibility"])

    def ticked(walk: list[Any]) -> list[str]:
        from kiosk.ui.widgets.button import BigButton  # noqa: PLC0415

        buttons = [part for part, _ in walk if isinstance(part, BigButton) and part.tap_id]
        return [part.tap_id for part in buttons if part.icon.stem == "tick"]

    assert desk.look_at(ticked) == ["prefer:slower", "close"]


def _preferring(model: ScreenModel, *chosen: Preference) -> ScreenModel:
    """The sample as the lane shows it in these looks."""
    return as_shown(replace(model, preferences=Preferences(frozenset(chosen))))


def test_more_contrast_turns_every_day_screen_black_and_the_next_shopper_s_white_again(desk: Desk) -> None:
    corner = (PORTRAIT.width_px - 3, PORTRAIT.height_px // 2)
    for name in ("basket", "pay", "thanks", "find", "no-barcode"):
        desk.show(ENGLISH[name])
        assert desk.pixels().getpixel(corner) == (255, 255, 255), name
        desk.show(_preferring(ENGLISH[name], Preference.HIGH_CONTRAST))
        assert desk.pixels().getpixel(corner) == (0, 0, 0), name
    desk.show(ENGLISH["basket"])
    assert desk.pixels().getpixel(corner) == (255, 255, 255)


def test_a_code_stays_black_on_white_whatever_the_theme(desk: Desk) -> None:
    codes = []
    for model in (ENGLISH["thanks"], _preferring(ENGLISH["thanks"], Preference.HIGH_CONTRAST)):
        desk.show(model)
        x, y, w, h = desk.look_at(lambda walk: [str(v) for v in _code_box(walk)])
        left, top = int(float(x)), PORTRAIT.height_px - int(float(y) + float(h))
        codes.append(desk.pixels().crop((left, top, left + int(float(w)), top + int(float(h)))).convert("1"))
    width, height = codes[0].size
    inner = (width // 10, height // 10, width * 9 // 10, height * 9 // 10)
    assert codes[0].crop(inner).tobytes() == codes[1].crop(inner).tobytes()


def _code_box(walk: list[Any]) -> tuple[float, float, float, float]:
    from kiosk.ui.widgets.qr import Qr  # noqa: PLC0415

    area = next(part.area for part, _ in walk if isinstance(part, Qr))
    return area.x, area.y, area.w, area.h


_KEPT_WAY_ROUND = ("key:", "erase", "digit:", "pad-ok")  # a keyboard is learnt by hand


_TURNED = ("attract", "basket", "help", "pay", "thanks", "find", "row", "language", "staff", "staff-price")


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_right_to_left_every_target_stands_where_its_mirror_image_stood(desk: Desk, panel: Panel) -> None:
    for name in _TURNED:
        desk.show(EVERY[name], panel)
        before = desk.hand.rectangles()
        desk.show(replace(EVERY[name], language="ar"), panel)
        after = desk.hand.rectangles()
        assert after.keys() == before.keys(), name
        for tap_id, (x, y, w, h) in before.items():
            if not tap_id.startswith(_KEPT_WAY_ROUND):
                image = (panel.width_px - x - w, y, w, h)
                assert after[tap_id] == pytest.approx(image, abs=1), (name, tap_id)
        keys = [tap_id for tap_id in before if tap_id.startswith(_KEPT_WAY_ROUND)]
        assert sorted(keys, key=lambda key: after[key][0]) == sorted(keys, key=lambda key: before[key][0])


def test_right_to_left_a_finger_finds_the_target_it_sees(desk: Desk) -> None:
    desk.show(replace(ENGLISH["basket"], language="ar"))
    for tap_id in ("help", "pay", "row:3", "find"):
        desk.hand.tap(tap_id)
    assert desk.posted == ["help", "pay", "row:3", "find"]
    x, _, width, _ = desk.hand.rectangles()["help"]
    assert x + width > PORTRAIT.width_px * 0.9


def test_right_to_left_the_way_back_points_right_and_the_reader_stays_where_it_is(desk: Desk) -> None:
    def drawn(walk: list[Any]) -> list[str]:
        from kiosk.ui.widgets.picture import Picture  # noqa: PLC0415

        pictures = [part for part, _ in walk if isinstance(part, Picture) and part.stem in ("back", "reader")]
        return [f"{part.stem} {part._shape.tex_coords[0]:.0f}" for part in pictures]

    desk.show(ENGLISH["pay"])
    assert desk.look_at(drawn) == ["reader 0", "back 0"]
    desk.show(replace(ENGLISH["pay"], language="ar"))
    assert desk.look_at(drawn) == ["reader 0", "back 1"]


def test_less_motion_lets_the_ring_stand_still(desk: Desk) -> None:
    def turning(walk: list[Any]) -> list[str]:
        from kiosk.ui.widgets.ring import Ring  # noqa: PLC0415

        return [str(part.turning) for part, _ in walk if isinstance(part, Ring)]

    desk.show(ENGLISH["paying"])
    assert desk.look_at(turning) == ["True"]
    desk.show(_preferring(ENGLISH["paying"], Preference.REDUCED_MOTION))
    assert desk.look_at(turning) == ["False"]


def test_every_state_of_the_lamp_has_a_shape_of_its_own_without_colour(desk: Desk) -> None:
    shapes = set()
    for lamp in Lamp:
        model = ENGLISH["basket"]
        desk.show(replace(model, top=replace(model.top, lamp=lamp)))
        side = PORTRAIT.px(8)
        corner = (PORTRAIT.px(MARGIN) - 2, PORTRAIT.px((BAR - 8) / 2) - 2)
        spot = desk.pixels().crop((*corner, corner[0] + side + 4, corner[1] + side + 4)).convert("L")
        shapes.add(spot.point(lambda grey: 255 * (grey > 200)).tobytes())
    assert len(shapes) == len(Lamp)


def test_all_looks_at_once_are_still_legible_and_touchable(desk: Desk) -> None:
    chosen = (Preference.LARGE_TEXT, Preference.HIGH_CONTRAST, Preference.REACH, Preference.SIMPLE)
    models = {
        name: replace(_preferring(ENGLISH[name], *chosen), language="ar")
        for name in ("attract", "pay", "paying", "not-paid", "checking", "weigh", "degraded", "row")
    }
    assert _wrong_on(desk, models, PORTRAIT) == []
