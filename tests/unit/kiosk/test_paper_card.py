"""Owns the proof that a preference card can be had on paper, that it holds nothing else, and leaves no trace.

It must not open a window. Paper is read as a printer reads it, byte by byte.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.languages import SHIPPED
from assets.texts import Texts
from hardware.drivers.receipt_renderer import render
from hardware.events import DeviceLost, Paper, PaperChanged, PrintFailed, PrintFinished
from kiosk.assist import reading
from kiosk.assist.reading import Reader, Say
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.card_paper import card_document
from kiosk.checkout.preference_card import card_text
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.printing import CARD_JOB
from kiosk.lane import Tapped
from kiosk.ui.screen_model import CardSheet
from tests.support.escpos_view import view_job
from tests.support.lane_fakes import LaneBench, Walk
from tests.unit.kiosk.test_presenter import shown

CHOSEN = Preferences(frozenset({Preference.LARGE_TEXT, Preference.SPEAK}), 80)
CODE = "LLP1:en:large-text,speak:80"


def at_the_card() -> Walk:
    walk = Walk()
    walk.take(m.PreferencesChosen(CHOSEN), m.SheetOpened(m.Sheet.CARD))
    return walk


def card(walk: Walk) -> CardSheet:
    sheet = shown(walk).sheet
    assert isinstance(sheet, CardSheet)
    return sheet


@pytest.mark.parametrize("language", SHIPPED)
def test_the_paper_holds_the_code_and_two_lines_in_every_language(language: str) -> None:
    code = card_text(language, CHOSEN)
    seen = view_job(render(card_document(code, Texts(language)), language=language))
    assert seen.qr_codes == [code]
    assert len([line for line in seen.lines if line.strip()]) + len(seen.pictures) == 2
    assert not re.search(r"\d", seen.text), "no date, no number, no lane"
    assert (seen.cuts, seen.drawer_kicks, seen.realtime_commands) == (1, 0, 0)


def test_a_card_on_the_screen_is_printed_with_one_tap_and_told_until_it_is_there() -> None:
    walk = at_the_card()
    button = card(walk).print_button
    assert button is not None
    assert (button.tap_id, button.label, button.enabled) == ("print-card", "Print it", True)
    assert walk.take(v.PaperCardWanted()) == (fx.PrintCard(CODE, "en"),)
    assert card(walk).text == "It is being printed."
    assert walk.take(v.PaperCardWanted()) == (), "one paper at a time"
    walk.take(PrintFinished("printer", CARD_JOB))
    assert card(walk).text == "Take it from the printer below. Show it to the scanner at any lane."
    button = card(walk).print_button
    assert button is not None
    assert button.label == "Print it again"


def test_without_paper_or_printer_it_says_so_and_offers_the_photo() -> None:
    for lack in (PaperChanged("printer", Paper.OUT), DeviceLost("printer", "unplugged")):
        walk = at_the_card()
        walk.take(lack)
        assert card(walk).print_button is None
        assert card(walk).text == "No paper today. Take a photo. Show it to the scanner at any lane."


def test_a_printer_that_stops_is_told_and_the_code_stays() -> None:
    walk = at_the_card()
    walk.take(v.PaperCardWanted(), PrintFailed("printer", CARD_JOB, "cover open"))
    assert card(walk).text == "The printer stopped. Take a photo instead."
    assert card(walk).qr == CODE
    assert walk.take(v.PaperCardWanted()) == (fx.PrintCard(CODE, "en"),)


def test_nothing_is_printed_where_no_card_is_on_the_screen() -> None:
    walk = Walk().scan()
    assert walk.take(v.PaperCardWanted()) == ()
    walk = at_the_card()
    walk.take(v.PaperCardWanted(), m.SheetClosed())
    before = walk.state
    walk.take(PrintFinished("printer", CARD_JOB))
    assert walk.state == before
    walk.take(m.SheetOpened(m.Sheet.CARD))
    assert card(walk).text == "Take a photo. Show it to the scanner at any lane."


def test_whoever_listens_hears_how_far_the_paper_is() -> None:
    walk = at_the_card()
    reader, _ = reading.shown(Reader(headset=True), shown(walk))
    walk.take(v.PaperCardWanted())
    _, deeds = reading.shown(reader, shown(walk))
    assert [deed.text for deed in deeds if isinstance(deed, Say)] == ["It is being printed."]


def test_the_lane_prints_the_card_and_its_journal_holds_no_word_of_it(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path)
    bench.work(Tapped("prefer:slower"), Tapped("keep-settings"))
    before = bench.kinds()
    bench.work(Tapped("print-card"))
    assert bench.printer.jobs == [(CARD_JOB, b"LLP1:en:slower:100 en")]
    bench.work(PrintFinished("printer", CARD_JOB))
    assert bench.kinds() == before
    bench.close()


def test_a_lane_without_a_printer_answers_instead_of_waiting(tmp_path: Path) -> None:
    bench = LaneBench(tmp_path, devices=False)
    bench.work(Tapped("prefer:slower"), Tapped("keep-settings"), Tapped("print-card"))
    assert bench.state.view.card.value == "failed"
    bench.close()
