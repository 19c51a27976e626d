"""Owns the proof that the window draws every screen legibly and that a tap is one tap.

It must not know the lane. Kivy is one to a process: the one window of this module is opened once, off screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from kiosk.ui import gallery
from kiosk.ui.screen_model import BasketModel, ButtonModel, LastItem, RowModel, ScreenModel
from kiosk.ui.taps import TapFilter
from kiosk.ui.theme import LANDSCAPE, PORTRAIT, Panel

if TYPE_CHECKING:
    from kiosk.ui.app import LaneWindow
    from kiosk.ui.hand import Hand

pytestmark = pytest.mark.window

ENGLISH = gallery.english()
LONG = gallery.long_texts()
PANELS = {"portrait": PORTRAIT, "landscape": LANDSCAPE}
SMALLEST_TEXT_PX = 38
TARGET_PX = 111
KEY_PX = 83


@dataclass
class Desk:
    """The open window with what it has posted and drawn."""

    window: LaneWindow
    hand: Hand
    posted: list[str] = field(default_factory=list)
    drawn: list[int] = field(default_factory=list)
    drew: threading.Event = field(default_factory=threading.Event)

    def show(self, model: ScreenModel, panel: Panel = PORTRAIT) -> None:
        """Show a model on a window of that shape, with no tap posted and none remembered."""
        self.window.show(model)
        self.window.call(lambda: self._prepare(panel))
        self.posted.clear()

    def _prepare(self, panel: Panel) -> None:
        if self.window.panel != panel:
            self.window.turn_to(panel)
        self.window.draw_now()
        assert self.window.stage is not None
        self.window.stage.look._filter = TapFilter()


@pytest.fixture(scope="module")
def opened() -> Iterator[Desk]:
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    from kiosk.ui.app import LaneWindow  # noqa: PLC0415  (imports Kivy: wanted by this module alone)
    from kiosk.ui.hand import Hand  # noqa: PLC0415

    posted: list[str] = []
    drawn: list[int] = []
    drew = threading.Event()

    def on_drawn(serial: int) -> None:
        drawn.append(serial)
        drew.set()

    window = LaneWindow(PORTRAIT, posted.append, on_drawn)
    thread = threading.Thread(target=window.run, name="window", daemon=True)
    thread.start()
    assert window.wait_until_running(20), "the window did not open"
    yield Desk(window, Hand(window), posted, drawn, drew)
    window.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.posted.clear()
    opened.drew.clear()
    return opened


def _look_at(desk: Desk, check: Callable[[Any], list[str]]) -> list[str]:
    """Run a check over (part, clip) pairs on the window's thread."""
    found: list[str] = desk.hand._call(lambda: check(list(desk.hand._walk())))
    return found


def _targets_too_small(walk: list[Any]) -> list[str]:
    from kiosk.ui.widgets.button import BigButton  # noqa: PLC0415
    from kiosk.ui.widgets.row import Row  # noqa: PLC0415

    wrong = []
    for part, _ in walk:
        if isinstance(part, BigButton | Row) and part.tap_id:
            least = KEY_PX if part.tap_id.startswith("key:") or part.tap_id == "erase" else TARGET_PX
            if min(part.area.w, part.area.h) < least:
                wrong.append(f"{part.tap_id}: {part.area.w} × {part.area.h}")
    return wrong


def _drawn_texts(walk: list[Any]) -> list[tuple[Any, Any]]:
    """Every text with the rectangle its letters take."""
    from kiosk.ui.area import Area  # noqa: PLC0415
    from kiosk.ui.widgets.text import Text  # noqa: PLC0415

    drawn = []
    for part, clip in walk:
        if isinstance(part, Text) and part.value and part.area.overlap(clip) is not None:
            width = part.widest_line(part.area.w)
            height = part.height_for(part.area.w)
            x = part.area.x + (part.area.w - width) * part.align.value
            drawn.append((part, Area(x, part.area.centre[1] - height / 2, width, height)))
    return drawn


def _texts_wrong(walk: list[Any]) -> list[str]:
    """Texts too small, off the window, higher than their place, or with a word torn in two."""
    window = walk[0][0].area
    wrong = []
    for part, area in _drawn_texts(walk):
        size = part.look.px(part.face.size_mm)
        if size < SMALLEST_TEXT_PX:
            wrong.append(f"{part.shown!r} is {size} px")
        if area.x < 0 or area.right > window.w + 1 or area.top > window.h + 8 or area.y < -8:
            in_list = any(getattr(parent, "clips", False) for parent in _parents(part))
            if not in_list:
                wrong.append(f"{part.shown!r} leaves the window")
        if area.h > part.area.h + 8:
            wrong.append(f"{part.shown!r} is higher than its place")
        if not part.most and part.longest_word > part.area.w + 1:
            wrong.append(f"a word of {part.shown!r} is torn")
    return wrong


def _parents(part: Any) -> list[Any]:
    chain = []
    while part.parent is not None and part.parent is not part:
        part = part.parent
        chain.append(part)
    return chain


def _overlaps(walk: list[Any]) -> list[str]:
    """Texts of one layer that are drawn over one another, and targets that are."""
    layers: dict[int, list[tuple[Any, Any]]] = {}
    for part, area in _drawn_texts(walk):
        clip = next(clip for other, clip in walk if other is part)
        layer = next((id(p) for p in _parents(part) if getattr(p, "modal", False)), 0)
        seen = area.overlap(clip)
        if seen is not None:
            layers.setdefault(layer, []).append((part, seen.inset(1, min(8, seen.h / 4))))
    wrong = []
    for texts in layers.values():
        for number, (one, area) in enumerate(texts):
            wrong += [
                f"{one.shown!r} over {other.shown!r}"
                for other, under in texts[number + 1 :]
                if area.overlap(under) is not None
            ]
    return wrong


def _cut_short(walk: list[Any]) -> list[str]:
    return [part.value for part, _ in _drawn_texts(walk) if part.cut]


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
@pytest.mark.parametrize("name", ENGLISH)
def test_every_screen_is_legible_and_touchable(desk: Desk, name: str, panel: Panel) -> None:
    desk.show(ENGLISH[name], panel)
    assert _look_at(desk, _targets_too_small) == []
    assert _look_at(desk, _texts_wrong) == []
    assert _look_at(desk, _overlaps) == []
    assert _look_at(desk, _cut_short) == []


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
@pytest.mark.parametrize("name", LONG)
def test_long_words_wrap_and_never_overlap(desk: Desk, name: str, panel: Panel) -> None:
    desk.show(LONG[name], panel)
    assert _look_at(desk, _targets_too_small) == []
    assert _look_at(desk, _texts_wrong) == []
    assert _look_at(desk, _overlaps) == []


@pytest.mark.parametrize("panel", PANELS.values(), ids=list(PANELS))
def test_help_stands_in_one_place_on_every_screen(desk: Desk, panel: Panel) -> None:
    places = set()
    for samples in (ENGLISH, LONG):
        for model in samples.values():
            desk.show(model, panel)
            places.add(desk.hand.rectangles()["help"])
    assert len(places) == 1
    x, y, width, height = places.pop()
    assert (x, y) == (y, x)
    assert width >= 44 * panel.px_per_mm - 1
    assert height >= 24 * panel.px_per_mm - 1


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


def test_keys_may_be_struck_fast(desk: Desk) -> None:
    desk.show(ENGLISH["find"])
    for key in ("key:t", "key:t", "erase", "erase"):
        desk.hand.tap(key)
    assert desk.posted == ["key:t", "key:t", "erase", "erase"]


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
    with pytest.raises(HandError, match="disabled; can be tapped: bag, find, help"):
        desk.hand.tap("pay")


def test_a_finger_that_leaves_the_button_posts_nothing(desk: Desk) -> None:
    desk.show(ENGLISH["basket"])
    x, y, _, _ = desk.hand.rectangles()["pay"]
    desk.hand.slide((x + 20, y + 20), (x + 20, y + 600))
    assert desk.posted == []


def test_an_absent_target_names_what_can_be_tapped(desk: Desk) -> None:
    from kiosk.ui.hand import HandError  # noqa: PLC0415

    desk.show(ENGLISH["checking"])
    with pytest.raises(HandError, match="'pay' is not on the screen; can be tapped: help, language"):
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
    shown = _look_at(desk, lambda walk: [part.tap_id for part, _ in walk if isinstance(part, Row)])
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
    assert _look_at(desk, turning) == ["True"]
    ring = desk.window.call(lambda: next(p for p, _ in desk.hand._walk() if isinstance(p, Ring)))
    desk.window.show(ENGLISH["basket"])
    assert _look_at(desk, turning) == []
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
