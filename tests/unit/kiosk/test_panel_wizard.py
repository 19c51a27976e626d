"""Owns the proof that an installer's taps do what they say, and that nothing is kept unless Save is tapped.

It must not open a window or a file.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui import panel_wizard
from kiosk.ui.calibration import measure_of
from kiosk.ui.panel_model import PanelModel
from kiosk.ui.panel_wizard import Order, Page, Wizard, tapped
from kiosk.ui.presenter.panel import screen
from kiosk.ui.reach import Control
from kiosk.ui.screen_model import PadModel, StaffModel
from kiosk.ui.theme import PORTRAIT

TAPS = (
    *("box:width:20", "box:width:-20", "box:height:1", "box:height:-1", "box-turn", "box-save", "close"),
    *("digit:0", "digit:9", "erase-digit", "pad-ok", "again", "staff-end", "help", "box:depth:1", "digit:x"),
)


def _begun(edge_mm: int | None = None) -> Wizard:
    return panel_wizard.begin(PORTRAIT, edge_mm)


def _after(wizard: Wizard, *taps: str) -> Wizard:
    for tap in taps:
        wizard, order = tapped(wizard, tap)
        assert order is None, tap
    return wizard


@given(st.lists(st.sampled_from(TAPS), max_size=30))
def test_whatever_is_tapped_there_is_a_screen_and_only_its_own_taps_count(taps: list[str]) -> None:
    wizard = _begun()
    for tap in taps:
        page = wizard.page
        wizard, order = tapped(wizard, tap)
        assert wizard.page is page or tap == "again"
        assert (order is Order.SAVE) <= (page is Page.CARD and tap == "box-save")
        assert (order is Order.MEASURE) <= (page is Page.EDGE and tap == "pad-ok" and wizard.edge_is_known)
        if order is Order.SAVE:
            wizard = panel_wizard.saved(wizard)
        elif order is Order.MEASURE:
            wizard = panel_wizard.measured(wizard, (Control(True, "basket", "pay", 900),))
        assert screen(wizard, "en", 1).for_shopper is False
        assert wizard.edge_mm <= 9999


def test_a_step_changes_the_one_side_it_names() -> None:
    before = _begun().box
    after = _after(_begun(), "box:width:20", "box:height:-1").box
    assert (after.width_px, after.height_px) == (before.width_px + 20, before.height_px - 1)


def test_save_is_an_order_and_a_refused_one_is_told_on_the_same_page() -> None:
    wizard, order = tapped(_begun(), "box-save")
    assert (wizard, order) == (_begun(), Order.SAVE)
    refused = panel_wizard.refused(wizard, "Permission denied")
    body = screen(refused, "en", 1).body
    assert isinstance(body, PanelModel)
    assert body.warning == "Not saved: Permission denied"
    assert _after(refused, "box:width:1").fault == "", "the next step begins anew"
    assert panel_wizard.saved(refused).page is Page.EDGE


def test_a_measure_no_lane_takes_has_no_save() -> None:
    wizard = _begun()
    while measure_of(wizard.box).usable:
        wizard = _after(wizard, "box:width:20", "box:height:20")
    assert tapped(wizard, "box-save")[1] is None
    body = screen(wizard, "en", 1).body
    assert isinstance(body, PanelModel)
    assert not body.save.enabled
    assert body.warning == "A lane’s glass has 7 to 65 inches."


def test_what_disagrees_is_told_with_by_how_much() -> None:
    body = screen(_after(_begun(), "box:width:20"), "en", 1).body
    assert isinstance(body, PanelModel)
    assert body.warning == "Width and height differ by 4.3 %. Please check both."
    assert body.save.enabled


@pytest.mark.parametrize(("digits", "known"), [("780", True), ("2000", True), ("2001", False), ("", False)])
def test_a_height_is_typed_and_one_that_cannot_be_is_told(digits: str, known: bool) -> None:
    wizard = _after(panel_wizard.saved(_begun()), *(f"digit:{digit}" for digit in digits))
    assert wizard.edge_is_known is known
    assert (tapped(wizard, "pad-ok")[1] is Order.MEASURE) is known
    body = screen(wizard, "en", 1).body
    assert isinstance(body, PadModel)
    assert body.ok.enabled is known
    assert body.alarm is (digits == "2001")


def test_the_height_that_is_known_already_need_not_be_typed() -> None:
    wizard = panel_wizard.saved(_begun(edge_mm=780))
    assert tapped(wizard, "pad-ok")[1] is Order.MEASURE
    assert _after(wizard, "erase-digit", "digit:5").edge_mm == 785


@pytest.mark.parametrize(
    ("height_mm", "title"),
    [
        (1100, "Everybody reaches everything."),
        (1101, "Some controls are over the goal."),
        (1221, "The glass stands too high."),
    ],
)
def test_the_highest_control_decides_what_is_said(height_mm: int, title: str) -> None:
    controls = (
        Control(True, "basket", "pay", 800),
        Control(True, "find", "found:1", height_mm),
        Control(False, "basket", "row:1", 1400),
    )
    wizard = panel_wizard.measured(_begun(), controls)
    body = screen(wizard, "en", 1).body
    assert isinstance(body, StaffModel)
    assert body.title == title
    assert body.needs[0].text == f"find · found:1: {height_mm} mm"
    assert body.needs[0].well is (height_mm <= 1100)
    assert tapped(wizard, "again")[0].page is Page.EDGE
