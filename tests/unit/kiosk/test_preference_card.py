"""A preference card: what was set is what comes back, nothing else is on it, and no code breaks a visit."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from assets.languages import SHIPPED
from hardware.events import BarcodeRead
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout.preference_card import MAX_LENGTH, PreferenceCard, card_text, is_card, read_card
from kiosk.checkout.preferences import RATES_PCT, Preference, Preferences
from kiosk.checkout.state import Phase
from kiosk.intake import Intake
from kiosk.manner import manner_tap
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import AttractModel, CardSheet, ScreenModel, ScreenName, TileSheet
from tests.support.lane_fakes import NOON, HandClock, Walk, fresh_state, lane_config, shelf

ON_A_CARD = [preference for preference in Preference if preference is not Preference.HIDE_SCREEN]
ALL = Preferences(frozenset(ON_A_CARD), 130)
SCENE = Scene("Mercato Aurora", "3", shelf(), NOON)

settings_of_a_card = st.builds(
    Preferences, st.frozensets(st.sampled_from(ON_A_CARD)), st.sampled_from(RATES_PCT)
)


@given(st.sampled_from(SHIPPED), settings_of_a_card)
def test_what_was_set_comes_back(language: str, preferences: Preferences) -> None:
    text = card_text(language, preferences)
    assert is_card(text)
    assert read_card(text, SHIPPED) == PreferenceCard(language, preferences)


@given(st.sampled_from(SHIPPED), settings_of_a_card)
def test_a_card_holds_its_language_its_settings_and_not_a_word_more(
    language: str, preferences: Preferences
) -> None:
    mark, code, words, rate = card_text(language, preferences).split(":")
    assert (mark, code, rate) == ("LLP1", language, str(preferences.speech_rate_pct))
    assert set(words.split(",")) - {""} == {each.value for each in preferences.on}


def test_every_card_fits_a_small_code() -> None:
    for language in SHIPPED:
        text = card_text(language, ALL)
        assert len(text) <= MAX_LENGTH
        assert int(segno.make(text, micro=False).version) <= 6


def test_a_hidden_screen_is_not_carried_to_the_next_lane() -> None:
    hidden = Preferences(frozenset({Preference.SPEAK, Preference.HIDE_SCREEN}))
    card = read_card(card_text("it", hidden), SHIPPED)
    assert card == PreferenceCard("it", Preferences(frozenset({Preference.SPEAK})))


@given(st.text(max_size=200) | st.from_regex(r"LLP[0-9]{1,3}:[a-z:,0-9-]{0,80}", fullmatch=True))
def test_any_text_is_a_card_a_lane_made_or_none(text: str) -> None:
    card = read_card(text, SHIPPED)
    if card is not None and card.language:
        assert card_text(card.language, card.preferences) == text


@pytest.mark.parametrize(
    "text",
    [
        "LLP1",
        "LLP1:it:large-text",
        "LLP1:it:large-text:110",
        "LLP1:it:large-text:100:Ada",
        "LLP1:it:large-text,Ada:100",
        "LLP1:it:large-text,large-text:100",
        "LLP1:it:speak,large-text:100",
        "LLP1:it:hide-screen:100",
        "LLP1:it:,:100",
        "LLP1:IT!:speak:100",
        "LLP1::speak:100",
        "LLP2:it:speak:100",
        "LLP01:it:speak:100",
        "LLP1:it:speak:٣",
        "LLP1:it:" + "speak," * 500 + ":100",
    ],
)
def test_a_damaged_or_foreign_card_is_none(text: str) -> None:
    assert read_card(text, SHIPPED) is None


def test_a_language_this_lane_does_not_offer_leaves_the_visit_s_own() -> None:
    card = read_card("LLP1:sw:speak:80", SHIPPED)
    assert card == PreferenceCard("", Preferences(frozenset({Preference.SPEAK}), 80))


@pytest.mark.parametrize("code", ["9520000030018", "]E09520000030018", "LLP:it", "llp1:it::100", "HELLP1:"])
def test_a_product_s_code_is_no_card(code: str) -> None:
    assert not is_card(code)


# --- on the lane ---------------------------------------------------------------------------------


@pytest.fixture
def gate(tmp_path: object) -> Intake:
    numbers = count(1)
    config = lane_config(tmp_path)  # type: ignore[arg-type]
    return Intake(config, HandClock(), lambda: f"id-{next(numbers)}", "boot", shelf)


def shown(walk: Walk) -> ScreenModel:
    return present(walk.state, SCENE)


def scan(gate: Intake, walk: Walk, text: str) -> tuple[fx.Effect, ...]:
    event = gate.barcode(BarcodeRead("scanner", text, None), walk.state)
    assert event is not None
    return walk.take(event)


def test_a_card_before_the_first_scan_sets_language_and_manner(gate: Intake) -> None:
    walk = Walk()
    effects = scan(gate, walk, "LLP1:ro:large-text,slower:100")
    assert walk.state.language == "ro"
    assert walk.state.preferences.on == {Preference.LARGE_TEXT, Preference.SLOWER}
    assert walk.state.phase is Phase.ATTRACT
    assert fx.PlaySound(fx.Sound.SCAN_OK) in effects
    body = shown(walk).body
    assert isinstance(body, AttractModel)
    assert body.notice


@pytest.mark.parametrize("paying", [False, True])
def test_a_card_in_the_middle_changes_nothing_but_the_manner(gate: Intake, *, paying: bool) -> None:
    walk = Walk().scan()
    if paying:
        walk.pay()
    before = (walk.state.basket, walk.state.payment, walk.state.phase)
    scan(gate, walk, card_text("it", ALL))
    assert (walk.state.basket, walk.state.payment, walk.state.phase) == before
    assert (walk.state.language, walk.state.preferences) == ("it", ALL)


def test_the_strip_says_that_the_settings_are_on_and_goes_with_the_notice(gate: Intake) -> None:
    walk = Walk().scan()
    scan(gate, walk, "LLP1:en:slower:100")
    strip = shown(walk).strip
    assert strip is not None
    assert strip.lead == "Your settings are on."
    walk.take(m.TimerExpired(m.Timer.NOTICE))
    assert shown(walk).strip is None


def test_a_card_that_cannot_be_read_is_refused_calmly(gate: Intake) -> None:
    walk = Walk().scan()
    before = (walk.state.basket, walk.state.preferences, walk.state.language)
    scan(gate, walk, "LLP7:it:fly:100")
    assert (walk.state.basket, walk.state.preferences, walk.state.language) == before
    strip = shown(walk).strip
    assert strip is not None
    assert strip.lead == "Settings not changed."


def test_a_card_at_the_end_of_a_visit_begins_the_next_one(gate: Intake) -> None:
    walk = Walk().scan().pay().authorise().complete()
    assert walk.state.sale is not None
    scan(gate, walk, "LLP1:it:speak:130")
    assert walk.state == replace(walk.state, phase=Phase.ATTRACT, sale=None)
    assert (walk.state.language, walk.state.preferences.speech_rate_pct) == ("it", 130)


def test_settings_end_with_the_visit(gate: Intake) -> None:
    walk = Walk()
    scan(gate, walk, card_text("it", ALL))
    walk.take(m.TimerExpired(m.Timer.IDLE))
    assert (walk.state.language, walk.state.preferences) == (fresh_state().default_language, Preferences())


def test_a_preferences_event_of_an_older_journal_is_still_read() -> None:
    event = m.PreferencesChosen(Preferences())
    assert (event.language, event.by_card) == ("", False)


# --- the sheet -----------------------------------------------------------------------------------


def tiles(walk: Walk) -> list[str]:
    sheet = shown(walk).sheet
    assert isinstance(sheet, TileSheet)
    return [tile.tap_id for tile in sheet.tiles][8:]  # behind the switches and the way to write


def tap(walk: Walk, tap_id: str) -> None:
    verb, _, subject = tap_id.partition(":")
    event = manner_tap(verb, subject, walk.state)
    assert event is not None
    walk.take(event)


def test_the_sheet_offers_speech_keeping_and_reset_only_where_they_mean_something() -> None:
    walk = Walk().scan()
    walk.take(m.SheetOpened(m.Sheet.ACCESSIBILITY))
    assert tiles(walk) == []
    tap(walk, "prefer:slower")
    assert tiles(walk) == ["keep-settings", "prefer-nothing"]
    tap(walk, "prefer:speak")
    assert tiles(walk) == ["speech-rate", "prefer:hide-screen", "keep-settings", "prefer-nothing"]
    tap(walk, "prefer-nothing")
    assert tiles(walk) == []


def test_speech_has_three_speeds_one_tap_after_the_other() -> None:
    walk = Walk()
    tap(walk, "prefer:speak")
    seen = []
    for _ in range(4):
        tap(walk, "speech-rate")
        seen.append(walk.state.preferences.speech_rate_pct)
    assert seen == [130, 80, 100, 130]


def test_the_screen_is_hidden_only_while_it_is_read_aloud() -> None:
    walk = Walk()
    assert manner_tap("prefer", "hide-screen", walk.state) is None
    tap(walk, "prefer:speak")
    tap(walk, "prefer:hide-screen")
    assert Preference.HIDE_SCREEN in walk.state.preferences
    tap(walk, "prefer:speak")
    assert Preference.HIDE_SCREEN not in walk.state.preferences


def test_keeping_the_settings_shows_their_code_and_done_leads_back() -> None:
    walk = Walk().scan()
    tap(walk, "prefer:high-contrast")
    tap(walk, "keep-settings")
    model = shown(walk)
    assert model.name is ScreenName.SETTINGS_CARD
    assert isinstance(model.sheet, CardSheet)
    assert model.sheet.qr == "LLP1:en:high-contrast:100"
    assert not re.search(r"Aurora|lane|\d{6}", model.sheet.qr)
    walk.take(m.SheetClosed())
    assert shown(walk).sheet is None
