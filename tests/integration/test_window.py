"""Owns the proof that the window draws every screen legibly and that a tap is one tap.

It must not know the lane. Kivy is one to a process: the one window of this module is opened once, off screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.checkout.preferences import Preference, Preferences
from kiosk.ui import gallery
from kiosk.ui.gallery_finding import FIND
from kiosk.ui.screen_model import BasketModel, ButtonModel, LastItem, RowModel, ScreenModel
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, Panel
from tests.support.desk import Desk

pytestmark = pytest.mark.window

ENGLISH = gallery.english()
LONG = gallery.long_texts()
PANELS = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


def test_a_finger_anywhere_is_told_of_at_most_once_a_second(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(desk.window, "_on_touch", lambda: told.append("touched"))
    monkeypatch.setattr(desk.window, "_touched_at_s", float("-inf"))
    desk.show(ENGLISH["basket"])
    desk.hand.tap_at(2, 2)
    desk.hand.tap("pay")
    assert told == ["touched"]
    assert desk.posted == ["pay"], "the touch still does what it was meant to"
    monkeypatch.setattr(desk.window, "_touched_at_s", desk.window._touched_at_s - 1)
    desk.hand.tap_at(2, 2)
    assert told == ["touched", "touched"]


def test_every_portrait_screen_has_a_picture_of_its_own(desk: Desk) -> None:
    seen: set[bytes] = set()
    for name, model in ENGLISH.items():
        desk.show(model)
        frame: Image.Image = desk.hand._call(desk.hand._frame)
        assert frame.size == (PORTRAIT.width_px, PORTRAIT.height_px)
        small = frame.reduce(6)
        assert len(small.getcolors(1 << 20) or ()) > 50, name
        seen.add(small.tobytes())
    assert len(seen) == len(ENGLISH)


def test_a_landscape_window_is_drawn_to_its_far_corner(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from kiosk.ui import gallery; from kiosk.ui.theme import LANDSCAPE;"
        "names = sys.argv[2:]; samples = gallery.english();"
        "chosen = {name: samples[name] for name in names};"
        "gallery.write_pictures(LANDSCAPE, chosen, pathlib.Path(sys.argv[1]))"
    )
    names = ["attract", "basket", "find", "pay", "row"]
    offscreen = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *names], check=True, env=offscreen, timeout=60
    )
    assert sorted(path.stem for path in tmp_path.iterdir()) == names
    for name in names:
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert picture.size == (LANDSCAPE.width_px, LANDSCAPE.height_px)
            assert picture.getpixel((1900, 1060)) != (0, 0, 0), name
            assert len(picture.reduce(6).getcolors(1 << 20) or ()) > 50, name


def test_a_tap_is_posted_once(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    desk.hand.tap("pay")
    assert desk.posted == ["pay"]


def test_a_second_tap_within_half_a_second_is_not_posted(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    desk.hand.tap("pay")
    desk.hand.tap("pay")
    assert desk.posted == ["pay"]


def test_a_tap_after_one_on_another_target_is_no_tremor_even_where_that_one_posts_nothing(desk: Desk) -> None:
    desk.show(replace(ENGLISH["basket"], preferences=Preferences(on=frozenset({Preference.HIDE_SCREEN}))))
    for target in (
        "window:cover",
        "prefer:hide-screen",
        "window:keep-hidden",
        "window:cover",
        "prefer:hide-screen",
    ):
        desk.hand.tap(target)
    assert desk.posted == ["prefer:hide-screen", "prefer:hide-screen"]


@pytest.mark.parametrize("chosen", [frozenset(), frozenset({Preference.REACH})], ids=["usual", "low"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_a_search_that_has_found_nothing_yet_and_says_nothing_is_drawn(
    desk: Desk, panel: Panel, chosen: frozenset[Preference]
) -> None:
    body = replace(FIND, query="", results=(), map=None, empty_text="")
    model = replace(ENGLISH["find"], body=body, preferences=Preferences(chosen))
    desk.show(model, panel)
    assert "key:A" in desk.hand.rectangles()


def test_keys_may_be_struck_fast(desk: Desk) -> None:
    desk.show(ENGLISH["find"])
    for key in ("key:T", "key:T", "erase", "erase"):
        desk.hand.tap(key)
    assert desk.posted == ["key:T", "key:T", "erase", "erase"]


def test_steppers_may_be_struck_fast(desk: Desk) -> None:
    desk.show(ENGLISH["row"])
    desk.hand.tap("row-more")
    desk.hand.tap("row-more")
    assert desk.posted == ["row-more", "row-more"]


def test_a_disabled_button_posts_nothing(desk: Desk) -> None:
    from kiosk.ui.hand import HandError  # noqa: PLC0415

    desk.show(ENGLISH["basket-empty"])
    x, y, width, height = desk.hand.rectangles()["pay"]
    desk.hand.tap_at(x + width / 2, y + height / 2)
    assert desk.posted == []
    with pytest.raises(HandError, match="disabled; can be tapped: accessibility, bag, find, help"):
        desk.hand.tap("pay")


def test_a_finger_that_leaves_the_button_posts_nothing(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    x, y, _, _ = desk.hand.rectangles()["pay"]
    desk.hand.slide((x + 20, y + 20), (x + 20, y + 600))
    assert desk.posted == []


def test_an_absent_target_names_what_can_be_tapped(desk: Desk) -> None:
    from kiosk.ui.hand import HandError  # noqa: PLC0415

    desk.show(ENGLISH["checking"])
    with pytest.raises(
        HandError, match="'pay' is not on the screen; can be tapped: accessibility, help, language"
    ):
        desk.hand.tap("pay")


def test_a_sheet_takes_everything_behind_it_out_of_reach_but_help(desk: Desk) -> None:
    from kiosk.ui.hand import HandError  # noqa: PLC0415

    desk.show(ENGLISH["row"])
    with pytest.raises(HandError):
        desk.hand.tap("pay")
    desk.hand.tap("help")
    assert desk.posted == ["help"]
    assert "Remove" in desk.hand.texts()
    assert "Farmhouse bread" not in desk.hand.texts()


@pytest.mark.parametrize(("name", "way_out"), [("row", "row-done"), ("language", "language-close")])
def test_a_tap_outside_a_sheet_closes_it(desk: Desk, name: str, way_out: str) -> None:
    desk.show(ENGLISH[name])
    desk.hand.tap_at(540, 1850)
    assert desk.posted == [way_out]


def test_a_row_is_one_target_and_opens_its_sheet(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    desk.hand.tap("row:3")
    assert desk.posted == ["row:3"]


def test_the_actions_of_a_result_come_before_the_result(desk: Desk) -> None:
    desk.show(ENGLISH["find"])
    desk.hand.tap("bring")
    desk.hand.tap("found:2")
    assert desk.posted == ["bring", "found:2"]


def test_the_texts_read_are_those_on_the_screen(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    texts = desk.hand.texts()
    assert texts[0] in {"Lane 3", "English"}
    assert {"Whole milk 1 L", "Added", "2.10", "You saved €0.50", "Pay", "Help"} <= set(texts)


def _with_rows(count: int, serial: int = 1) -> ScreenModel:
    model = ENGLISH["basket"]
    assert isinstance(model.body, BasketModel)
    rows = tuple(RowModel(f"row:{n}", f"Item number {n}", "", "1.00", "box") for n in range(count, 0, -1))
    return replace(model, body=replace(model.body, rows=rows), strip=None, serial=serial)


def test_a_long_basket_has_few_row_widgets(desk: Desk) -> None:
    from kiosk.ui.widgets.row import Row  # noqa: PLC0415

    desk.show(_with_rows(300))
    shown = desk.look_at(lambda walk: [part.tap_id for part, _ in walk if isinstance(part, Row)])
    assert 4 <= len(shown) <= 12
    assert shown[0] == "row:300"


def test_a_long_basket_is_read_without_dragging_and_returns_to_its_top_on_a_scan(desk: Desk) -> None:
    desk.show(_with_rows(30))
    assert "row:1" not in desk.hand.rectangles()
    pages = 0
    while "row:1" not in desk.hand.rectangles():
        desk.hand.tap("window:rows-down")
        pages += 1
        assert pages < 12
    assert "Item number 1" in desk.hand.texts()
    assert "Item number 30" not in desk.hand.texts()
    desk.window.show(_with_rows(31, serial=2))
    assert "Item number 31" in desk.hand.texts()
    assert desk.posted == []


def test_a_long_basket_can_be_dragged_and_a_drag_is_no_tap(desk: Desk) -> None:
    desk.show(_with_rows(30))
    x, y, _, _ = desk.hand.rectangles()["row:27"]
    desk.hand.slide((x + 200, y + 30), (x + 200, y + 330))
    assert "Item number 30" not in desk.hand.texts()
    assert desk.posted == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_row_that_moved_looks_as_if_it_had_always_been_there(desk: Desk, language: str) -> None:
    desk.show(replace(_with_rows(30), language=language))
    desk.window.show(replace(_with_rows(31, serial=2), language=language))
    desk.hand.tap("window:rows-down")
    desk.hand.tap("window:rows-up")
    moved = desk.pixels()
    moved_pressed = desk.hand._call(lambda: _pressed(desk, "row:28"))
    desk.window.call(desk.window._put_stage)
    assert desk.pixels().tobytes() == moved.tobytes()
    assert desk.hand._call(lambda: _pressed(desk, "row:28")) == moved_pressed
    assert moved_pressed != moved.tobytes()


def _pressed(desk: Desk, tap_id: str) -> bytes:
    """The frame while a finger lies on a row (window's thread)."""
    row = next(part for part, _ in desk.hand._walk() if part.tap_id == tap_id)
    row.press(pressed=True)
    frame: bytes = desk.hand._frame().tobytes()
    row.press(pressed=False)
    return frame


def test_the_newest_model_wins(desk: Desk) -> None:
    last = replace(ENGLISH["basket"], serial=999)
    for serial in range(900, 930):
        desk.window.show(replace(ENGLISH["pay"], serial=serial))
    desk.window.show(last)
    assert desk.hand.model() is last


def test_a_drawn_model_is_reported_after_its_frame(desk: Desk) -> None:
    desk.show(replace(ENGLISH["pay"], serial=4711))
    for _ in range(100):
        desk.drew.wait(0.1)
        desk.drew.clear()
        if 4711 in desk.drawn:
            break
    assert desk.drawn[-1] == 4711


def test_an_idle_window_draws_no_frames(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    flips: list[int] = []
    for _ in range(5):
        desk.window.call(lambda: None)
    counter = lambda *_args: flips.append(1)  # noqa: E731  (bound and unbound as one object)
    desk.window.call(lambda: desk.window.window.bind(on_flip=counter))
    for _ in range(30):
        desk.window.call(lambda: None)
    desk.window.call(lambda: desk.window.window.unbind(on_flip=counter))
    assert flips == []


def test_the_ring_turns_only_while_it_is_on_the_screen(desk: Desk) -> None:
    from kiosk.ui.widgets.ring import Ring  # noqa: PLC0415

    def turning(walk: list[Any]) -> list[str]:
        return [str(part.turning) for part, _ in walk if isinstance(part, Ring)]

    desk.show(ENGLISH["paying"])
    assert desk.look_at(turning) == ["True"]
    ring = desk.window.call(lambda: next(p for p, _ in desk.hand._walk() if isinstance(p, Ring)))
    desk.window.show(ENGLISH["basket"])
    assert desk.look_at(turning) == []
    for _ in range(1000):  # its own next turn, a thirtieth of a second away, is when it notices
        if not desk.window.call(lambda: ring.turning):
            break
    assert not ring.turning


def test_an_unknown_picture_shows_the_plain_box(desk: Desk) -> None:
    model = ENGLISH["basket"]
    assert isinstance(model.body, BasketModel)
    odd = LastItem("row:9", "Something", "", "€1.00", "no-such-picture", "Added")
    desk.show(replace(model, body=replace(model.body, last=odd)))
    look = desk.window.stage.look if desk.window.stage else None
    assert look is not None
    assert look.picture("pictograms", "no-such-picture") is look.picture("pictograms", "box")
    assert look.picture("icons", "no-such-icon") is None


def test_an_unknown_sound_is_silent(desk: Desk) -> None:
    desk.show(replace(ENGLISH["basket"], sound="no-such-sound"))
    assert desk.hand.model() is not None


def test_help_that_is_called_looks_and_reads_different(desk: Desk) -> None:
    desk.show(ENGLISH["help"])
    assert "Called" in desk.hand.texts()
    assert "Marco is coming" in desk.hand.texts()
    desk.hand.tap("reason:price")
    desk.hand.tap("help-cancel")
    assert desk.posted == ["reason:price", "help-cancel"]


def test_a_button_keeps_its_size_whatever_it_says(desk: Desk) -> None:
    model = replace(ENGLISH["basket"], help=ButtonModel("help", "Chiama aiuto", icon="help"))
    desk.show(ENGLISH["basket"])
    before = desk.hand.rectangles()["help"]
    desk.show(model)
    assert desk.hand.rectangles()["help"] == before


def test_the_language_of_the_screen_shapes_its_letters(desk: Desk, tmp_path: Path) -> None:
    basket = replace(ENGLISH["basket"], language="zh-Hans")
    assert isinstance(basket.body, BasketModel)
    assert basket.body.last is not None
    han = replace(basket, body=replace(basket.body, last=replace(basket.body.last, name="直骨 500")))
    drawn = []
    for number, language in enumerate(("zh-Hans", "ja", "zh-Hans")):
        desk.show(replace(han, language=language))
        desk.hand.screenshot(tmp_path / f"{number}.png")
        drawn.append(Image.open(tmp_path / f"{number}.png").convert("L").tobytes())
    assert drawn[0] == drawn[2] != drawn[1]
