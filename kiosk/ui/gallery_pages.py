"""Owns sample screens as the lane pages them for the looks chosen: the samples themselves show all tiles.

It must not know the lane: how many tiles stand on a page is asked of the presenter.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.checkout.preferences import Preference
from kiosk.ui.presenter.loose import goods_a_page
from kiosk.ui.presenter.pages import TILES_A_SIMPLE_PAGE
from kiosk.ui.presenter.questions import tiles_a_page
from kiosk.ui.presenter.simple import simplified
from kiosk.ui.screen_model import ButtonModel, NoBarcodeModel, QuestionsModel, ScreenModel

_MORE = ButtonModel("page:1", "More", "arrow-right")


def as_shown(model: ScreenModel) -> ScreenModel:
    """The sample in the looks of its own preferences."""
    simple = Preference.SIMPLE in model.preferences
    match model.body:
        case QuestionsModel() as body:
            size = tiles_a_page(model.preferences, help_called=model.banner is not None)
            more = _MORE if size < len(body.tiles) else body.next
            model = replace(model, body=replace(body, tiles=body.tiles[:size], next=more))
        case NoBarcodeModel() as body if not simple:
            size = goods_a_page(model.preferences)
            model = replace(model, body=replace(body, tiles=body.tiles[:size]))
        case NoBarcodeModel() as body:
            tiles = body.tiles[:TILES_A_SIMPLE_PAGE]
            model = replace(
                model,
                body=replace(
                    body, tiles=tiles, letters=(), previous=None, next=_MORE, search=None, number=None
                ),
            )
        case _:
            pass
    return simplified(model) if simple else model
