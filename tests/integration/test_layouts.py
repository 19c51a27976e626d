"""Owns the proof that every screen stays legible and touchable: a share of languages × looks × panels.

It must not know a screen. `LAYOUTS_SLICE=1` takes another share, `python -m tests.campaigns.looks` all of it.
"""

from __future__ import annotations

import os
from itertools import product

import pytest

from assets.languages import LANGUAGES
from kiosk.checkout.preferences import Preference
from kiosk.ui import gallery
from kiosk.ui.area import Area
from kiosk.ui.theme import MARGIN
from tests.campaigns import looks
from tests.campaigns.looks import MODES, PANELS, SCREENS
from tests.campaigns.looks_known import KNOWN, Case, Finding
from tests.support import lane_screens
from tests.support.desk import Desk
from tests.support.glass import Board

pytestmark = pytest.mark.window

_EACH = 2
"""Layouts of every screen in one share; so many that any two of language, look and panel meet."""
_ANY_SHARE = int(os.environ.get("LAYOUTS_SLICE", "0"))


def share(number: int) -> list[Case]:
    """Every screen in two languages, going round looks and panels as the screens go on."""
    languages, modes, panels = tuple(LANGUAGES), tuple(MODES), tuple(PANELS)
    cases = []
    for place, (screen, turn) in enumerate(product(SCREENS, range(_EACH))):
        at = place // _EACH
        language = languages[(at + 6 * turn + number) % len(languages)]
        mode = modes[(at // 12 + 3 * turn) % len(modes)]
        panel = panels[(at // 36 + at + 2 * turn) % len(panels)]
        cases.append(Case(panel, mode, language, screen))
    return sorted(cases)


@pytest.mark.parametrize("number", range(12))
def test_a_share_meets_every_screen_language_look_and_panel(number: int) -> None:
    cases = share(number)
    assert {case.screen for case in cases} == set(SCREENS)
    assert {(case.language, case.mode) for case in cases} == set(product(LANGUAGES, MODES))
    assert {(case.language, case.panel) for case in cases} == set(product(LANGUAGES, PANELS))
    assert {(case.mode, case.panel) for case in cases} == set(product(MODES, PANELS))


def test_a_lane_is_led_to_every_screen_of_the_gallery() -> None:
    shown = {name: lane_screens.screen(name, "en") for name in gallery.english()}
    for name, sample in gallery.english().items():
        assert type(shown[name].body) is type(sample.body), name
        assert type(shown[name].sheet) is type(sample.sheet), name


@pytest.mark.parametrize("panel", PANELS)
def test_every_screen_is_legible_and_touchable_by_finger_and_key(desk: Desk, panel: str) -> None:
    cases = [case for case in share(_ANY_SHARE) if case.panel == panel]

    def work() -> list[Finding]:
        draughtsman = looks.Draughtsman()
        found = [finding for case in cases for finding in draughtsman.look(case)]
        return [finding for finding in found if not any(row.covers(finding) for row in KNOWN)]

    assert [str(finding) for finding in desk.window.call(work, 100)] == []


def test_nothing_is_excused_that_is_right_by_now(desk: Desk) -> None:
    assert desk.window.call(looks.stale, 100) == []


# --- one place for what is always wanted ---------------------------------------------------------

_ALWAYS = ("help", "accessibility", "language")
_NOT_OF_A_SALE = ("staff", "hidden", "attract")


@pytest.mark.parametrize("panel", ["15.6-portrait", "15.6-landscape"])
def test_help_language_and_accessibility_keep_one_place_in_each_look(desk: Desk, panel: str) -> None:
    assert desk.window.call(lambda: _moving(panel), 100) == []


def _moving(panel: str) -> list[str]:
    """What stands in more than one place, screen after screen; the low bar, and the language in it, moves."""
    names = [name for name in gallery.english() if not name.startswith(_NOT_OF_A_SALE)]
    found = []
    for mode, chosen in MODES.items():
        board = Board()
        places: dict[str, dict[Area, str]] = {}
        for name in names:
            glass = board.lay_out(lane_screens.screen(name, "en", chosen), PANELS[panel])
            spots = {part.tap_id: part.seen for part, _ in glass.targets}
            for tap_id in _ALWAYS[: 2 if Preference.REACH in chosen else None]:
                places.setdefault(tap_id, {}).setdefault(spots[tap_id], name)
        found += [f"{mode}: {what} on {at}" for what, at in places.items() if len(at) > 1]
    return found


@pytest.mark.parametrize("panel", ["15.6-portrait", "15.6-landscape"])
def test_help_stands_in_the_corner_where_reading_begins_on_every_screen(desk: Desk, panel: str) -> None:
    assert desk.window.call(lambda: _not_in_the_corner(panel), 100) == []


def _not_in_the_corner(panel: str) -> list[str]:
    """All screens from left to right, the gallery's mirrored as well; a hidden screen shows nothing."""
    board, found = Board(), []
    shown = {"en": [name for name in lane_screens.LED if name != "hidden"], "ar": list(gallery.english())}
    for language, names in shown.items():
        for name in names:
            glass = board.lay_out(lane_screens.screen(name, language), PANELS[panel])
            spot = next((part.seen for part, _ in glass.targets if part.tap_id == "help"), None)
            margin = PANELS[panel].px(MARGIN)
            if spot is None:
                found.append(f"{language} {name}: no help")
                continue
            from_start = spot.x if language == "en" else glass.window.w - spot.right
            if max(abs(from_start - margin), abs(spot.y - margin)) > 1:
                found.append(f"{language} {name}: {spot}")
    return found
