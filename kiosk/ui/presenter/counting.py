"""Owns the words of the number pad on which a shopper types how many of a row they take.

It must not know Kivy.
"""

from __future__ import annotations

from assets.texts import Texts
from kiosk.checkout.basket import MAX_UNITS
from kiosk.checkout.state import LaneState
from kiosk.ui.presenter.goods import full_name
from kiosk.ui.screen_model import ButtonModel, PadModel, ScreenName


def count_pad(state: LaneState, texts: Texts) -> tuple[ScreenName, PadModel] | None:
    """The pad for the open row; None when that has gone, or cannot be counted."""
    line = state.basket.line(state.view.subject)
    if line is None or not line.countable:
        return None
    wanted = int(state.view.query or "0")
    fits = state.basket.change_units(line.line_id, wanted - line.units) is not None
    text = full_name(line.item, texts.language)
    if wanted > MAX_UNITS:
        text = texts("At most %(most)s of one item. Staff can help with more.") % {"most": MAX_UNITS}
    elif not fits:
        text = texts("That is more than one basket can hold. Tap Help.")
    return ScreenName.ROW, PadModel(
        title=texts("How many?"),
        text=text,
        shown=state.view.query,
        alarm=not fits,
        erase=ButtonModel("erase-digit", texts("Delete"), "backspace"),
        ok=ButtonModel("pad-ok", texts("OK"), "tick", enabled=bool(wanted) and fits),
        spoken=True,
    )
