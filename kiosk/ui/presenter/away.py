"""Owns the words around a basket nobody stands at, and around one that is paid elsewhere.

It must not know Kivy. Behind the veil no name, price or count of the basket is said.
"""

from __future__ import annotations

from assets.texts import Texts
from kiosk.checkout.state import LaneState, Presence
from kiosk.ui.screen_model import ButtonModel, ParkedModel, ScreenName, StillThereModel


def still_there(state: LaneState, texts: Texts) -> tuple[ScreenName, StillThereModel]:
    if state.presence is Presence.ASKED:
        return ScreenName.STILL_THERE, StillThereModel(
            headline=texts("Are you still there?"),
            text=texts("Take your time. Your basket is kept."),
            here=ButtonModel("here", texts("I’m here")),
            asks=True,
        )
    return ScreenName.KEPT, StillThereModel(
        headline=texts("Your basket is kept"),
        text=texts("Touch the screen to go on. A scan starts a new basket."),
        here=ButtonModel("here", texts("Go on")),
        asks=False,
    )


def parked(state: LaneState, texts: Texts) -> tuple[ScreenName, ParkedModel]:
    return ScreenName.PARKED, ParkedModel(
        headline=texts("Pay at the till"),
        code=state.shown_code,
        text=texts("Take your goods along and say this code."),
        qr=f"lanelight:basket:{state.store_id}:{state.lane_id}:{state.shown_code}",
        buttons=(ButtonModel("back", texts("Back to basket"), "basket"),),
    )
