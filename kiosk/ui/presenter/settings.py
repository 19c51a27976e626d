"""Owns the words of the accessibility sheet's further entries, and of the card that keeps the settings.

It must not know Kivy.
"""

from __future__ import annotations

from assets.texts import Texts
from kiosk.checkout.preference_card import card_text
from kiosk.checkout.preferences import RATES_PCT, Preference, Preferences
from kiosk.checkout.state import LaneState, ReceiptState
from kiosk.ui.presenter import degraded
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ButtonModel, CardSheet


def more_tiles(state: LaneState, texts: Texts) -> tuple[ButtonModel, ...]:
    """What follows the switches: writing, speech while it is on, and keeping and undoing what there is."""
    chosen = state.preferences
    # whoever cannot hear or speak needs no call first: the first words make one
    tiles: tuple[ButtonModel, ...] = (ButtonModel("write", texts("Write to staff"), "write"),)
    if Preference.SPEAK in chosen:
        hidden = Preference.HIDE_SCREEN in chosen
        tiles += (
            ButtonModel("speech-rate", _rate_words(chosen.speech_rate_pct, texts), "speaker"),
            ButtonModel("prefer:hide-screen", texts("Hide the screen"), "lock", chosen=hidden),
        )
    if chosen != Preferences() or state.language != state.default_language:
        tiles += (ButtonModel("keep-settings", texts("Keep these settings"), "phone"),)
    if chosen != Preferences():
        tiles += (ButtonModel("prefer-nothing", texts("Reset"), "returns"),)
    return tiles


def _rate_words(rate_pct: int, texts: Texts) -> str:
    slow, normal, _fast = RATES_PCT
    if rate_pct <= slow:
        return texts("Speech: slow")
    return texts("Speech: normal") if rate_pct <= normal else texts("Speech: fast")


def card_sheet(state: LaneState, scene: Scene, texts: Texts) -> CardSheet:
    """The code to photograph or to print: it holds the settings and nothing about the person."""
    has_paper = degraded.Lack.PAPER not in degraded.lacks(state, scene)
    is_busy = state.view.card is ReceiptState.PRINTING
    words = texts("Print it again") if state.view.card is ReceiptState.PRINTED else texts("Print it")
    return CardSheet(
        title=texts("Keep these settings"),
        text=_card_words(state.view.card, texts, has_paper=has_paper),
        note=texts("It holds your language and these settings, nothing else."),
        qr=card_text(state.language, state.preferences),
        close=ButtonModel("close", texts("Done"), "tick"),
        print_button=ButtonModel("print-card", words, "printer", enabled=not is_busy) if has_paper else None,
    )


def _card_words(card: ReceiptState, texts: Texts, *, has_paper: bool) -> str:
    match card:
        case ReceiptState.PRINTING:
            return texts("It is being printed.")
        case ReceiptState.PRINTED:
            return texts("Take it from the printer below. Show it to the scanner at any lane.")
        case ReceiptState.FAILED:
            return texts("The printer stopped. Take a photo instead.")
        case ReceiptState.NONE | ReceiptState.OFFERED:
            photo = texts("Take a photo. Show it to the scanner at any lane.")
            return photo if has_paper else f"{texts('No paper today.')} {photo}"
