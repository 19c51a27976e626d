"""Owns the proof that a typed number of pieces is taken as typed, within limits that are said in words.

It must not open a window.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import Key
from kiosk.assist import reading
from kiosk.assist.reading import Reader, Say
from kiosk.checkout import messages as m
from kiosk.checkout.basket import MAX_UNITS
from kiosk.checkout.state import LaneState
from kiosk.ui.screen_model import PadModel, RowSheet, ScreenModel, ScreenName
from tests.support.lane_fakes import APPLES, MILK, Walk
from tests.unit.kiosk.test_intake import gate
from tests.unit.kiosk.test_presenter import shown

DEAR = replace(MILK, price_minor=2_000_000)


def tapping(walk: Walk, *taps: str) -> Walk:
    """The walk after these taps; one that means nothing changes nothing."""
    for tap in taps:
        event = gate().tap(tap, walk.state)
        if event is not None:
            walk.take(event)
    return walk


def at_the_pad() -> Walk:
    return tapping(Walk().scan(MILK, "a"), "row:1", "count")


def pad(walk: Walk) -> PadModel:
    body = shown(walk).body
    assert isinstance(body, PadModel)
    return body


def units(state: LaneState) -> int:
    return state.basket.lines[0].units


def test_a_number_above_the_six_is_typed_and_the_basket_is_back() -> None:
    walk = at_the_pad()
    assert shown(walk).name is ScreenName.ROW
    assert not pad(walk).ok.enabled
    tapping(walk, "digit:1", "digit:2")
    assert (pad(walk).shown, pad(walk).ok.enabled) == ("12", True)
    tapping(walk, "pad-ok")
    assert units(walk.state) == 12
    assert shown(walk).name is ScreenName.BASKET


def test_too_many_is_told_while_it_is_typed_and_cannot_be_taken() -> None:
    walk = tapping(at_the_pad(), "digit:1", "digit:0", "digit:0")
    assert pad(walk).text == "At most 99 of one item. Staff can help with more."
    assert pad(walk).alarm
    assert not pad(walk).ok.enabled
    tapping(walk, "pad-ok")
    assert units(walk.state) == 1
    tapping(walk, "erase-digit", "pad-ok")
    assert units(walk.state) == 10


def test_more_money_than_a_basket_holds_is_told_before_it_is_tried() -> None:
    walk = tapping(Walk().scan(DEAR, "a"), "row:1", "count", "digit:9", "digit:9")
    assert pad(walk).text == "That is more than one basket can hold. Tap Help."
    tapping(walk, "pad-ok")
    assert units(walk.state) == 1


def test_none_at_all_is_no_number_and_the_same_number_changes_nothing() -> None:
    walk = tapping(at_the_pad(), "digit:0")
    assert pad(walk).shown == ""
    assert gate().tap("pad-ok", walk.state) is None
    assert gate().tap("pad-ok", tapping(walk, "digit:1").state) == m.SheetClosed()


@given(st.lists(st.sampled_from([*(f"digit:{n}" for n in range(10)), "erase-digit", "digit:x", "digit:12"])))
def test_whatever_is_typed_at_most_three_figures_stand_there_and_the_row_stays(taps: list[str]) -> None:
    walk = tapping(at_the_pad(), *taps)
    assert len(pad(walk).shown) <= 3
    assert units(walk.state) == 1
    typed = int(pad(walk).shown or "0")
    assert pad(walk).ok.enabled is (1 <= typed <= MAX_UNITS)
    tapping(walk, "pad-ok")
    assert units(walk.state) == (typed if 1 <= typed <= MAX_UNITS else 1)


def test_the_way_back_leads_to_the_sheet_of_the_row_and_a_scan_to_the_basket() -> None:
    walk = tapping(at_the_pad(), "digit:9")
    back = shown(walk).top.back
    assert back is not None
    tapping(walk, back.tap_id)
    assert isinstance(shown(walk).sheet, RowSheet)
    assert units(walk.state) == 1
    assert shown(at_the_pad().scan(MILK, "b")).name is ScreenName.BASKET


def test_what_is_weighed_or_gone_has_no_pad() -> None:
    weighed = tapping(Walk().scan(APPLES, "w", weight_g=435), "row:1")
    assert gate().tap("count", weighed.state) is None
    walk = at_the_pad()
    walk.take(m.LineRemoved("a"))
    assert gate().tap("digit:3", walk.state) is None
    assert shown(walk).name is not ScreenName.ROW


def test_the_last_of_the_numbers_leads_to_the_pad_and_is_chosen_above_six() -> None:
    sheet = shown(tapping(Walk().scan(MILK, "a"), "row:1")).sheet
    assert isinstance(sheet, RowSheet)
    assert [(each.tap_id, each.chosen) for each in sheet.counts][-1] == ("count", False)
    walk = tapping(at_the_pad(), "digit:8", "pad-ok", "row:1")
    sheet = shown(walk).sheet
    assert isinstance(sheet, RowSheet)
    assert [each.tap_id for each in sheet.counts if each.chosen] == ["count"]


def heard(reader: Reader, model: ScreenModel) -> tuple[Reader, list[str]]:
    reader, deeds = reading.shown(reader, model)
    return reader, [deed.text for deed in deeds if isinstance(deed, Say)]


@pytest.mark.parametrize(("headset", "said"), [(True, ["12"]), (False, [])])
def test_what_was_typed_is_said_in_the_headset_alone(headset: bool, said: list[str]) -> None:
    walk = tapping(at_the_pad(), "prefer:speak")
    reader, _ = heard(Reader(headset=headset), shown(tapping(walk, "digit:1")))
    assert heard(reader, shown(tapping(walk, "digit:2")))[1] == said
    too_many = heard(reader, shown(tapping(walk, "digit:0")))[1]
    assert any("At most 99" in text for text in too_many), "what is wrong is no secret"


def test_a_figure_is_reached_by_key_and_typed_by_select() -> None:
    reader, _ = reading.shown(Reader(headset=True), shown(at_the_pad()))
    reader, deeds = reading.pressed(reader, Key.DOWN)
    assert [deed.text for deed in deeds if isinstance(deed, Say)] == ["1, key, 3 of 16"]
    _, deeds = reading.pressed(reader, Key.SELECT)
    assert deeds[-1] == reading.Tap("digit:1")


@pytest.mark.parametrize("headset", [True, False])
def test_of_a_pin_of_staff_nothing_typed_is_said_and_no_figure_on_the_loudspeaker(headset: bool) -> None:
    walk = tapping(Walk().scan(MILK, "a"), "prefer:speak")
    walk.take(m.SheetOpened(m.Sheet.STAFF_PIN, "Sara"))
    reader, _ = reading.shown(Reader(headset=headset), shown(walk))
    moved: list[str] = []
    for _ in range(14):
        reader, deeds = reading.pressed(reader, Key.DOWN)
        moved += [deed.text for deed in deeds if isinstance(deed, Say)]
    assert any(text.startswith("7, key") for text in moved) is headset
    walk.take(m.PinTyped(3))
    assert heard(reader, shown(walk))[1] == []


def test_a_letter_that_was_tapped_too_late_is_no_part_of_the_number() -> None:
    walk = tapping(at_the_pad(), "digit:1", "key:z", "space")
    assert pad(walk).shown == "1"
