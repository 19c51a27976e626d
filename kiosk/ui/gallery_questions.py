"""Owns the sample screens of questions, answers and the settings' card, in English.

It must not know the lane: these are finished values, for pictures and for the tests of the window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.ui.screen_model import (
    AnswerLine,
    AnswerModel,
    ButtonModel,
    CardSheet,
    Lamp,
    QuestionsModel,
    TopBar,
)

QUESTIONS = tuple(
    ButtonModel(f"question:{code}", label, icon=icon)
    for code, label, icon in (
        ("scan", "How do I scan?", "barcode"),
        ("no-barcode", "No barcode", "no-barcode"),
        ("weigh", "Weigh fruit", "scale"),
        ("coupon", "Coupon or loyalty", "voucher"),
        ("pay-other", "Pay another way", "contactless"),
        ("card-refused", "Card refused", "card"),
        ("invoice", "Invoice or tax receipt", "receipt"),
        ("bags", "Bags and deposit bottles", "bag"),
        ("returns", "Return or refund", "returns"),
        ("age", "Age check", "person"),
        ("privacy", "Privacy and cameras", "lock"),
        ("easier", "Make it easier to use", "accessibility"),
    )
)
CALL_STAFF = ButtonModel("call-staff", "Call staff", icon="person")
LIST = QuestionsModel("What would you like to know?", QUESTIONS, None, None)
ANSWER = AnswerModel(
    title="Card refused",
    icon="card",
    lines=(
        AnswerLine("If the screen says so, you have not been charged.", strong=True),
        AnswerLine("Try again: put the card into the reader instead of tapping.", point=True),
        AnswerLine("Or try another card.", point=True),
        AnswerLine("Only your bank knows why. Your basket is kept.", point=True),
    ),
    asked="Did this help?",
    buttons=(
        ButtonModel("answer:helped", "Yes", icon="tick"),
        ButtonModel("answer:no", "No", icon="cross"),
        CALL_STAFF,
    ),
    close=ButtonModel("close", "Close", icon="close"),
)
MORE_TILES = (
    ButtonModel("speech-rate", "Speech: normal", icon="speaker"),
    ButtonModel("prefer:hide-screen", "Hide the screen", icon="lock"),
    ButtonModel("keep-settings", "Keep these settings", icon="phone"),
    ButtonModel("prefer-nothing", "Reset", icon="returns"),
)
CARD_SHEET = CardSheet(
    "Keep these settings",
    "Take a photo. Show it to the scanner at any lane.",
    "It holds your language and these settings, nothing else.",
    "LLP1:it:large-text,high-contrast,reach,speak,slower,reduced-motion,simple:130",
    ButtonModel("close", "Done", icon="tick"),
    ButtonModel("print-card", "Print it", icon="printer"),
)
SORRY = "Sorry, we will write it better."

Sample = tuple[str, QuestionsModel | AnswerModel, dict[str, Any]]


def asked_samples(close: ButtonModel, language: ButtonModel) -> tuple[Sample, ...]:
    """Title, body and top bar of each; those whose title ends in "help" go with a help request."""
    bar = TopBar(Lamp.FREE, "Lane 3", back=close, language=language, aside="Basket €7.78")
    over = replace(bar, back=ButtonModel("questions", "All questions", icon="back"))
    page = replace(LIST, tiles=QUESTIONS[:6], next=ButtonModel("next", "More", icon="arrow-right"))
    offered = replace(ANSWER, asked=f"{SORRY} A colleague can help you now.", buttons=(CALL_STAFF,))
    return (
        ("questions", LIST, {"top": bar}),
        ("questions-help", page, {"top": bar}),
        ("answer", ANSWER, {"top": over}),
        ("answer-not-helped", offered, {"top": over}),
        ("answer-help", replace(ANSWER, asked=SORRY, buttons=()), {"top": over}),
    )
