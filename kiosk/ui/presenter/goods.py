"""Owns the words and figures of everything about goods: basket, row, scale.

It must not know Kivy.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assets.languages import Direction, direction_of
from assets.texts import Texts
from assets.typesetting.isolation import isolated
from hardware.events import WeightRefusal
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.correcting import PriceReason
from inventory.domain.money import format_amount, format_money, format_per_kilogram, format_weight
from kiosk.checkout.basket import BasketLine
from kiosk.checkout.state import LaneState
from kiosk.intake import MOST_BY_TAP
from kiosk.ui.presenter import degraded
from kiosk.ui.presenter.questions import entry
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import (
    BasketModel,
    ButtonModel,
    LastItem,
    RowModel,
    RowSheet,
    ScreenName,
    WeighModel,
)

_SIZE = re.compile(r"([\d½¼¾]) ((?:k?g|m?l|cl|L|pz|buc|pcs)\b)")


# --- basket --------------------------------------------------------------------------------------


def basket(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, BasketModel]:
    lines = tuple(reversed(state.basket.lines))
    newest = lines[0] if lines else None
    total = format_money(state.basket.total_minor, state.currency, state.language)
    rows = tuple(row(line, state, texts) for line in lines[1:])
    return ScreenName.BASKET, BasketModel(
        last=_last(newest, state, texts) if newest else None,
        rows=rows,
        empty_text=texts("Your basket is empty. Scan an item to begin."),
        total_label=texts("Total"),
        total=total,
        saved="",
        tools=(
            ButtonModel("no-barcode", texts("No barcode"), "no-barcode"),
            *_bags(state, scene, texts),
            ButtonModel("find", texts("Find"), "find"),
            entry(texts),
        ),
        pay=ButtonModel("pay", texts("Pay"), enabled=bool(lines)),
        pay_amount=total,
    )


def _bags(state: LaneState, scene: Scene, texts: Texts) -> tuple[ButtonModel, ...]:
    """One touch adds a bag; once there are some their number is told and one touch takes one back.

    An own bag needs no button: nothing is weighed while bagging, so nothing could object to it.
    """
    if not scene.bag_gtin:
        return ()
    count = sum(line.units for line in state.basket.lines if line.item.gtin == scene.bag_gtin)
    if not count:
        return (ButtonModel("bag", texts("Bag +"), "bag"),)
    return (
        ButtonModel("bag-less", texts("Bag"), "minus"),
        ButtonModel("bag", texts.plural("%(n)d bag", "%(n)d bags", count), "plus"),
    )


def _last(line: BasketLine, state: LaneState, texts: Texts) -> LastItem:
    added = state.view.added_line_id == line.line_id
    return LastItem(
        tap_id=f"row:{line.line_id}",
        name=_counted_name(line, texts),
        detail=_code(line) or _detail(line, state, texts),
        price=_amount(line, state, texts, signed=True),
        pictogram=line.item.pictogram,
        tick=(texts("Noted") if line.pending else texts("Added")) if added else "",
    )


def row(line: BasketLine, state: LaneState, texts: Texts) -> RowModel:
    """One line of the basket."""
    return RowModel(
        tap_id=f"row:{line.line_id}",
        name=_counted_name(line, texts),
        detail=_detail(line, state, texts),
        amount=_amount(line, state, texts, signed=False),
        pictogram=line.item.pictogram,
    )


def full_name(item: Item, language: str) -> str:
    """The name with its size kept on one line, and in its own order inside another script."""
    name = _unbroken(item.name(language))
    return isolated(name) if direction_of(language) is Direction.RIGHT_TO_LEFT else name


@lru_cache(maxsize=1024)
def _unbroken(name: str) -> str:
    """A name with its size kept together: “1 L” never breaks between number and unit."""
    return _SIZE.sub("\\1\u00a0\\2", name)


def _line_name(line: BasketLine, texts: Texts) -> str:
    return texts("Unknown item") if line.pending else full_name(line.item, texts.language)


def _code(line: BasketLine) -> str:
    """The number of goods nobody knows; their price says already that it is missing."""
    return line.item.gtin.lstrip("0") if line.pending else ""


def _amount(line: BasketLine, state: LaneState, texts: Texts, *, signed: bool) -> str:
    """The row's amount; words where nobody knows it, for a zero would be believed."""
    if line.pending:
        return texts("Price pending") if signed else "–"
    write = format_money if signed else format_amount
    return write(line.amount_minor, state.currency, state.language)


def _counted_name(line: BasketLine, texts: Texts) -> str:
    name = _line_name(line, texts)
    return f"{line.units} × {name}" if line.units > 1 else name


def _detail(line: BasketLine, state: LaneState, texts: Texts) -> str:
    if line.pending:
        return f"{texts('Price pending')} · {_code(line)}"
    parts: list[str] = []
    if line.weight_g:
        parts.append(
            f"{format_weight(line.weight_g, state.language)} × {price_words(line.item, state.language)}"
        )
    if line.item.deposit_minor:
        deposit = format_money(line.deposit_minor, state.currency, state.language)
        parts.append(texts("Deposit %(amount)s included") % {"amount": deposit})
    if line.correction is not None:
        was = format_money(line.correction.from_minor, state.currency, state.language)
        parts.append(texts("Price corrected, was %(price)s") % {"price": was})
        parts.append(reason_words(line.correction.reason, texts))
    return " · ".join(parts)


def reason_words(reason: PriceReason, texts: Texts) -> str:
    """Why a price was corrected, for staff who choose it and for the shopper who reads it."""
    match reason:
        case PriceReason.LABEL:
            return texts("Wrong label")
        case PriceReason.OFFER:
            return texts("Missing offer")
        case PriceReason.DAMAGED:
            return texts("Damaged goods")


def price_words(item: Item, language: str) -> str:
    """The price, of a kilogram where it is sold so."""
    written = format_per_kilogram if item.sold_by is SoldBy.WEIGHT else format_money
    return written(item.price_minor, item.currency, language)


def row_sheet(state: LaneState, texts: Texts) -> RowSheet | None:
    line = state.basket.line(state.view.subject)
    if line is None:
        return None
    counts = line.countable and state.staff is None
    return RowSheet(
        name=_line_name(line, texts),
        detail=_code(line) or _detail(line, state, texts) or price_words(line.item, state.language),
        amount=_amount(line, state, texts, signed=True),
        pictogram=line.item.pictogram,
        quantity=str(line.units),
        less=ButtonModel("less", texts("One less"), "minus", enabled=line.units > 1) if counts else None,
        more=ButtonModel("more", texts("One more"), "plus") if counts else None,
        remove=ButtonModel("remove", _remove_words(line, state, texts), "trash"),
        done=ButtonModel("done", texts("Done"), "tick"),
        counts=_counts(line) if counts else (),
        search=_other_way(line, state, texts),
    )


def _counts(line: BasketLine) -> tuple[ButtonModel, ...]:
    """Digits are the same in every language of the lane's keypad and receipt; the last leads to a pad."""
    numbers = tuple(
        ButtonModel(f"units:{units}", str(units), chosen=units == line.units)
        for units in range(1, MOST_BY_TAP + 1)
    )
    return (*numbers, ButtonModel("count", f"{MOST_BY_TAP + 1}+", chosen=line.units > MOST_BY_TAP))


def _remove_words(line: BasketLine, state: LaneState, texts: Texts) -> str:
    if state.staff is not None:
        return texts("Void item")
    return texts("Skip it") if line.pending else texts("Remove")


def _other_way(line: BasketLine, state: LaneState, texts: Texts) -> ButtonModel | None:
    """For goods nobody knows: the shopper finds them by name, staff give a price."""
    if state.staff is not None and line.correctable and state.staff.price_cut_percent:
        return ButtonModel("price", texts("Change price"))
    if not line.pending:
        asks = state.staff is None and line.correctable and line.correction is None
        return ButtonModel("price-wrong", texts("Price wrong?")) if asks else None
    if state.staff is not None:
        return ButtonModel("price", texts("Give a price"))
    return ButtonModel("search", texts("Search by name"), "find")


# --- the scale -----------------------------------------------------------------------------------


def weigh(state: LaneState, scene: Scene, texts: Texts) -> tuple[ScreenName, WeighModel]:
    item = state.view.weighing
    assert item is not None, "the scale's screen always has its goods"
    if degraded.Lack.SCALE in degraded.lacks(state, scene):
        return ScreenName.WEIGH, WeighModel(
            name=full_name(item, state.language),
            pictogram=item.pictogram,
            price=price_words(item, state.language),
            headline=texts("The scale is not working."),
            text=texts("Please tap Help. You can go on scanning."),
            again=None,
        )
    problem = state.view.weigh_problem
    return ScreenName.WEIGH, WeighModel(
        name=full_name(item, state.language),
        pictogram=item.pictogram,
        price=price_words(item, state.language),
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
        return f"{texts('Added')}: {_line_name(scanned, texts)}"
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
