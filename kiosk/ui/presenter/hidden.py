"""Owns the words of a screen that was hidden by whoever listens to it.

It must not know Kivy, nor anything that stood on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from assets.texts import Texts
from kiosk.checkout.preferences import Preference
from kiosk.ui.screen_model import ButtonModel, ScreenModel

KEEP = "window:keep-hidden"


@dataclass(frozen=True, slots=True)
class CoverModel:
    """What stands there instead; a touch asks `question`, so that no stray finger shows the screen."""

    title: str
    text: str
    question: str
    show: ButtonModel
    keep: ButtonModel


def cover_of(model: ScreenModel) -> CoverModel | None:
    """None while the screen may be seen."""
    if Preference.HIDE_SCREEN not in model.preferences:
        return None
    texts = Texts(model.language)
    return CoverModel(
        title=texts("The screen is hidden"),
        text=texts("Touch it to show it again."),
        question=texts("Show the screen again?"),
        show=ButtonModel("prefer:hide-screen", texts("Show it")),
        keep=ButtonModel(KEEP, texts("Keep it hidden")),
    )
