"""Owns the words and figures of everything about goods: basket, row, search, loose goods, scale.

It must not know Kivy.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assets.texts import Texts
from hardware.events import WeightRefusal
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.money import format_amount, format_money, format_weight
from inventory.domain.stock import Band, band
from inventory.wire import StockMessage
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.state import LaneState
from kiosk.intake import TILES_A_PAGE
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    BasketModel,
    ButtonModel,
    FindModel,
    FoundItem,
    LastItem,
    NoBarcodeModel,
    RowModel,
    RowSheet,
    ScreenName,
    WeighModel,
)

_LETTERS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_ACCENTS = {"it": "ÀÈÉÌÒÙ", "ro": "ĂÂÎȘȚ", "fil": "ÑÁÉÍÓÚ", "en": "ÉÈÀÜÖÑ", "id": "ÉÈÀ"}
_SIZE = re.compile(r"([\d½¼¾]) ((?:k?g|m?l|cl|L|pz|buc|pcs)\b)")
_BARS = {Band.PLENTY: 3, Band.A_FEW: 2, Band.LAST_ONES: 1, Band.NOT_HERE: 0}


# --- basket --------------------------------------------------------------------------------------


def basket(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, BasketModel]:
    lines = tuple(reversed(state.basket.lines))
    newest = lines[0] if lines else None
    total = format_money(state.basket.total_minor, state.currency, state.language)
    rows = tuple(_row(line, state, texts) for line in lines[1:])
    return ScreenName.BASKET, BasketModel(
        last=_last(newest, state, texts) if newest else None,
        rows=rows,
        empty_text=texts("Your basket is empty. Scan an item to begin."),
        total_label=texts("Total"),
        total=total,
        saved="",
        tools=(
            ButtonModel("no-barcode", texts("No barcode"), "no-barcode"),
            *((ButtonModel("bag", texts("Bag +"), "bag"),) if scene.has_bag else ()),
            ButtonModel("find", texts("Find"), "find"),
        ),
        pay=ButtonModel("pay", texts("Pay"), enabled=bool(lines)),
        pay_amount=total,
    )


def _last(line: BasketLine, state: LaneState, texts: Texts) -> LastItem:
    added = state.view.added_line_id == line.line_id
    return LastItem(
        tap_id=f"row:{line.line_id}",
        name=_counted_name(line, state.language),
        detail=_detail(line, state, texts),
        price=format_money(line.amount_minor, state.currency, state.language),
        pictogram=line.item.pictogram,
        tick=texts("Added") if added else "",
    )


def _row(line: BasketLine, state: LaneState, texts: Texts) -> RowModel:
    return RowModel(
        tap_id=f"row:{line.line_id}",
        name=_counted_name(line, state.language),
        detail=_detail(line, state, texts),
        amount=format_amount(line.amount_minor, state.currency, state.language),
        pictogram=line.item.pictogram,
    )


def _name(item: Item, language: str) -> str:
    return _unbroken(item.name(language))


@lru_cache(maxsize=1024)
def _unbroken(name: str) -> str:
    """A name with its size kept together: “1 L” never breaks between number and unit."""
    return _SIZE.sub("\\1\u00a0\\2", name)


def _counted_name(line: BasketLine, language: str) -> str:
    name = _name(line.item, language)
    return f"{line.units} × {name}" if line.units > 1 else name


def _detail(line: BasketLine, state: LaneState, texts: Texts) -> str:
    parts: list[str] = []
    if line.weight_g:
        parts.append(f"{format_weight(line.weight_g, state.language)} × {_price(line.item, state.language)}")
    if line.item.deposit_minor:
        deposit = format_money(line.deposit_minor, state.currency, state.language)
        parts.append(texts("Deposit %(amount)s included") % {"amount": deposit})
    return " · ".join(parts)


def _price(item: Item, language: str) -> str:
    price = format_money(item.price_minor, item.currency, language)
    return f"{price}/kg" if item.sold_by is SoldBy.WEIGHT else price


def row_sheet(state: LaneState, texts: Texts) -> RowSheet | None:
    line = state.basket.line(state.view.subject)
    if line is None:
        return None
    return RowSheet(
        name=_name(line.item, state.language),
        detail=_detail(line, state, texts) or _price(line.item, state.language),
        amount=format_money(line.amount_minor, state.currency, state.language),
        pictogram=line.item.pictogram,
        quantity=str(line.units),
        less=ButtonModel("less", texts("One less"), "minus", enabled=line.units > 1)
        if line.countable
        else None,
        more=ButtonModel("more", texts("One more"), "plus") if line.countable else None,
        remove=ButtonModel("remove", texts("Remove"), "trash"),
        done=ButtonModel("done", texts("Done"), "tick"),
    )


# --- search --------------------------------------------------------------------------------------


def find(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, FindModel]:
    view = state.view
    items = scene.shelf.finder.search(view.query, state.language)
    chosen = (
        view.chosen if any(item.gtin == view.chosen for item in items) else (items[0].gtin if items else "")
    )
    results = tuple(_found(item, item.gtin == chosen, state, scene, texts) for item in items)
    place = scene.shelf.by_gtin[chosen].aisle if chosen else ""
    return ScreenName.FIND, FindModel(
        query=view.query,
        placeholder=texts("Type a name, or scan any pack"),
        results=results,
        empty_text=texts("Nothing found. Try another word, or tap Help.") if len(view.query) > 1 else "",
        map_aisles=_aisles(scene),
        map_chosen=place,
        map_you=texts("You"),
        keys=_keys(state),
        space=ButtonModel("space", texts("space")),
        erase=ButtonModel("erase", texts("Delete"), "backspace"),
        accents=ButtonModel("accents", "ABC" if view.accents else "123 à", chosen=view.accents),
        basket_total=_basket_total(state, texts),
    )


def _basket_total(state: LaneState, texts: Texts) -> str:
    if not state.basket.lines:
        return ""
    return f"{texts('Basket')} {format_money(state.basket.total_minor, state.currency, state.language)}"


def _aisles(scene: Scene) -> tuple[str, ...]:
    aisles = {item.aisle for item in scene.shelf.finder.items if item.aisle}
    return tuple(sorted(aisles, key=lambda aisle: (len(aisle), aisle)))


def _keys(state: LaneState) -> tuple[tuple[str, ...], ...]:
    if not state.view.accents:
        return tuple(tuple(row) for row in _LETTERS)
    return tuple("1234567890"), tuple(_ACCENTS.get(state.language, _ACCENTS["en"])), tuple("-½’%")


def _found(item: Item, chosen: bool, state: LaneState, scene: Scene, texts: Texts) -> FoundItem:  # noqa: FBT001
    stock = scene.shelf.stock.get(item.gtin)
    bars, word, age = _band(stock, scene, texts)
    add = (ButtonModel(f"add:{item.gtin}", texts("Add to basket"), "plus"),)
    return FoundItem(
        tap_id=f"result:{item.gtin}",
        name=_name(item, state.language),
        price=_price(item, state.language),
        place=_place(item, texts),
        bars=bars,
        band=word,
        age=age if chosen else "",
        pictogram=item.pictogram,
        chosen=chosen,
        actions=add if chosen else (),
    )


def _place(item: Item, texts: Texts) -> str:
    parts = [
        texts("Aisle %(aisle)s") % {"aisle": item.aisle} if item.aisle else "",
        texts("Bay %(bay)s") % {"bay": item.bay} if item.bay else "",
    ]
    return " · ".join(filter(None, parts))


def _band(stock: StockMessage | None, scene: Scene, texts: Texts) -> tuple[int, str, str]:
    """Bars, word and age. A band, never a number: records are wrong too often."""
    if stock is None:
        return 0, texts("Ask us if it is here"), ""
    words = {
        Band.PLENTY: texts("Plenty"),
        Band.A_FEW: texts("A few left"),
        Band.LAST_ONES: texts("Last ones"),
        Band.NOT_HERE: texts("Not here today"),
    }
    level = band(stock.on_hand_milli)
    minutes = max(0, int((scene.now_utc - stock.as_of_utc).total_seconds() // 60))
    if minutes < 1:
        age = texts("checked just now")
    elif minutes < 60:
        age = texts.plural("checked %(n)d minute ago", "checked %(n)d minutes ago", minutes)
    else:
        age = texts.plural("checked %(n)d hour ago", "checked %(n)d hours ago", minutes // 60)
    return _BARS[level], words[level], age


# --- goods without a barcode ---------------------------------------------------------------------


def no_barcode(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, NoBarcodeModel]:
    items = scene.shelf.finder.loose_goods(state.language)
    pages = max(1, -(-len(items) // TILES_A_PAGE))
    page = min(max(state.view.page, 0), pages - 1)
    shown = items[page * TILES_A_PAGE : (page + 1) * TILES_A_PAGE]
    return ScreenName.NO_BARCODE, NoBarcodeModel(
        title=texts("Which one is it?"),
        tiles=tuple(_tile(item, state) for item in shown),
        previous=ButtonModel(f"page:{page - 1}", texts("Before"), "arrow-left") if page else None,
        next=ButtonModel(f"page:{page + 1}", texts("More"), "arrow-right") if page < pages - 1 else None,
        search=ButtonModel("find", texts("Search by name"), "find"),
    )


def _tile(item: Item, state: LaneState) -> FoundItem:
    return FoundItem(
        tap_id=f"tile:{item.gtin}",
        name=_name(item, state.language),
        price=_price(item, state.language),
        place="",
        bars=0,
        band="",
        age="",
        pictogram=item.pictogram,
        chosen=False,
    )


def weigh(state: LaneState, texts: Texts) -> tuple[ScreenName, WeighModel]:
    item = state.view.weighing
    assert item is not None, "the scale's screen always has its goods"
    problem = state.view.weigh_problem
    return ScreenName.WEIGH, WeighModel(
        name=_name(item, state.language),
        pictogram=item.pictogram,
        price=_price(item, state.language),
        headline=texts("Put it on the scale"),
        text=_weigh_words(state, texts),
        again=ButtonModel("again", texts("Weigh again"), "scale") if problem else None,
    )


def _weigh_words(state: LaneState, texts: Texts) -> str:
    """A pack scanned while the scale waits is told of here: its row is not on this screen."""
    if state.view.weigh_problem is not None:
        return _weigh_problem(state.view.weigh_problem, texts)
    scanned = state.basket.line(state.view.added_line_id)
    if scanned is not None:
        return f"{texts('Added')}: {_name(scanned.item, state.language)}"
    return texts("It is added by itself when the weight is steady.")


def _weigh_problem(problem: WeightRefusal, texts: Texts) -> str:
    match problem:
        case WeightRefusal.MOVING:
            return texts("The weight keeps changing. Let go and try again.")
        case WeightRefusal.OVERLOAD:
            return texts("That is too heavy for this scale. Weigh it in two parts.")
        case WeightRefusal.NEGATIVE | WeightRefusal.NOT_ZEROED:
            return texts("Please clear the scale, then try again.")
        case WeightRefusal.IMPLAUSIBLE:
            return texts("I could not weigh that. Try again, or tap Help.")
