"""Owns the simple screen: one thing at a time, and at most four things to touch beside the fixed ones.

It must not know the lane's state: it leaves things out of a finished screen and adds nothing. What is left
out is never the only way on; Help, the language and the way back always stay.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui.item_card_model import ItemCardModel
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    Body,
    ButtonModel,
    FindModel,
    FoundItem,
    HelpBanner,
    NotPaidModel,
    PayModel,
    RowSheet,
    ScreenModel,
    ThanksModel,
)

MOST = 4
"""How many things there are to touch, a call for help that can be called off among them."""
MOST_WAYS = 2
"""How many other ways of paying are offered at once."""


def simplified(model: ScreenModel) -> ScreenModel:
    """The same screen with one thing on it."""
    banner = None if model.banner is None else _banner(model.banner)
    most = MOST - (len(banner.answers) if banner is not None else 0)
    sheet = _row(model.sheet) if isinstance(model.sheet, RowSheet) else model.sheet
    return replace(model, body=_body(model.body, most), banner=banner, sheet=sheet)


def _banner(banner: HelpBanner) -> HelpBanner:
    """Who is coming and the way to call it off; nobody has to say why."""
    return replace(banner, prompt="", reasons=())


def _body(body: Body, most: int) -> Body:
    match body:
        case AttractModel():
            others = tuple(button for button in body.languages if button.tap_id == "language")
            return replace(body, languages=others or body.languages[:MOST_WAYS], other_titles=())
        case BasketModel():
            return replace(body, tools=body.tools[:1])
        case NotPaidModel():  # questions wait in the basket, one tap back
            return replace(body, buttons=tuple(each for each in body.buttons if each.tap_id != "questions"))
        case PayModel():
            return replace(body, buttons=_ways(body.buttons))
        case FindModel():  # the first is closed like the others: its card says the rest
            return replace(body, results=tuple(map(_closed, body.results[: most - 1])), map=None)
        case ItemCardModel():
            return _card(body, most)
        case ThanksModel():
            return replace(body, question="", faces=(), reasons=(), person="")
        case _:
            return body


def _row(sheet: RowSheet) -> RowSheet:
    """One more, one less, take away, done; unknown goods keep their search in the place of counting."""
    return replace(sheet, counts=(), search=sheet.search if sheet.less is None else None)


def _closed(found: FoundItem) -> FoundItem:
    return replace(found, chosen=False, actions=(), age="")


def _card(card: ItemCardModel, most: int) -> ItemCardModel:
    """What can be done here, and the way to the search; what there is instead only where it is not here."""
    if card.phone is not None:
        return replace(card, sizes=(), instead=())
    deeds = tuple(deed for deed in card.item.actions if deed.tap_id != "phone")[: most - 1]
    instead = () if card.item.bars else card.instead[: most - 1 - len(deeds)]
    return replace(card, item=replace(card.item, actions=deeds), sizes=(), instead=instead)


def _ways(buttons: tuple[ButtonModel, ...]) -> tuple[ButtonModel, ...]:
    """The first ways that are open now."""
    return tuple(button for button in buttons if button.enabled)[:MOST_WAYS]
