"""Owns the words for what staff have just done at the lane: by whom, and what it means for the shopper.

It must not know Kivy, nor how long it stands there.
"""

from __future__ import annotations

from typing import assert_never

from assets.texts import Texts
from kiosk.checkout.state import LaneState
from kiosk.checkout.told import StaffNews, Told
from kiosk.ui.presenter.goods import full_name
from kiosk.ui.screen_model import Strip


def strip(state: LaneState, texts: Texts) -> Strip | None:
    """Who it was first: a name is what a shopper can ask for."""
    if state.news is None:
        return None
    refused = state.news.told in (Told.AGE_REFUSED, Told.NOT_FOR_SALE, Told.LANE_CLOSED)
    icon = "exclamation" if refused else "tick"
    return Strip(_by(state.news, texts), _what(state.news, state, texts), icon)


def notice(state: LaneState, texts: Texts) -> str:
    """The same on a screen that has one line for it."""
    told = strip(state, texts)
    return f"{told.lead} {told.text}".strip() if told is not None else ""


def _by(news: StaffNews, texts: Texts) -> str:
    name = {"name": news.staff_name or texts("A colleague")}
    match news.told:
        case Told.AGE_APPROVED | Told.PRICE_GIVEN:
            return texts("Approved by %(name)s.") % name
        case Told.AGE_REFUSED | Told.NOT_FOR_SALE:
            return texts("Refused by %(name)s.") % name
        case Told.PRICE_CORRECTED:
            return texts("New price from %(name)s.") % name
        case Told.TAKEN_OUT:
            return texts("Taken out by %(name)s.") % name
        case Told.LANE_CLOSED:
            return texts("Closed by %(name)s.") % name
        case Told.LANE_OPENED:
            return texts("Opened by %(name)s.") % name
        case _:
            assert_never(news.told)


def _what(news: StaffNews, state: LaneState, texts: Texts) -> str:
    match news.told:
        case Told.AGE_APPROVED:
            return texts("The adult check is done.")
        case Told.AGE_REFUSED:
            return texts("One item cannot be sold now.")
        case Told.NOT_FOR_SALE:
            return texts("Staff cannot sell this one. Please leave it here.")
        case Told.PRICE_GIVEN | Told.PRICE_CORRECTED | Told.TAKEN_OUT:
            return _goods(news, state, texts)
        case Told.LANE_CLOSED:
            return texts("You can finish here.") if state.basket.lines else ""
        case Told.LANE_OPENED:
            return ""
        case _:
            assert_never(news.told)


def _goods(news: StaffNews, state: LaneState, texts: Texts) -> str:
    if len(news.items) == 1:
        return full_name(news.items[0], state.language)
    return texts.plural("%(n)d item", "%(n)d items", len(news.items))
