"""Owns what the console shows of an item: its head, its level, its pack, its movements, in words.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.moments import format_moment
from inventory.domain.money import format_money
from inventory.domain.stock import Band, Reason
from inventory.services.stock import Level
from inventory.web.table_view import Cell, quantity_words
from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One row of the items or stock list; also the head of an item's page."""

    gtin: str
    sku: str
    name: str
    price_minor: int
    currency: str
    is_weighed: bool
    tax_class: str
    age_limit: int
    department: str
    place: str
    on_hand: str
    is_below_zero: bool
    band: str
    band_class: str
    band_mark: str
    moved: str


@dataclass(frozen=True, slots=True)
class PackLine:
    """What a pack is made of. `path` is the single's page, "" where the store does not sell it."""

    units: int
    name: str
    path: str


def item_line(level: Level, texts: Texts, *, zone: ZoneInfo) -> ItemLine:
    """One item with its level."""
    item = level.item
    band_words, band_class, band_mark = _band_look(level.band, texts)
    return ItemLine(
        gtin=item.gtin,
        sku=item.sku,
        name=item.name(texts.language),
        price_minor=item.price_minor,
        currency=item.currency,
        is_weighed=item.sold_by is SoldBy.WEIGHT,
        tax_class=item.tax_class,
        age_limit=item.age_limit,
        department=item.department,
        place=place_of(item.aisle, item.bay, texts),
        on_hand=item_quantity(level.on_hand_milli, item, texts),
        is_below_zero=level.on_hand_milli < 0,
        band=band_words,
        band_class=band_class,
        band_mark=band_mark,
        moved=moved_words(level.as_of_utc, texts, zone=zone),
    )


def pack_line(item: Item, single: Item | None, texts: Texts) -> PackLine | None:
    """The singles that a pack is booked as; None for what is no pack."""
    if not item.is_pack:
        return None
    gtin, units = item.booked_as
    if single is None:
        return PackLine(units, gtin, "")
    return PackLine(units, single.name(texts.language), f"/manager/stock/{gtin}")


def reason_words(reason: Reason, texts: Texts) -> str:
    """Why an item moved."""
    match reason:
        case Reason.SALE:
            return texts.text("Sale")
        case Reason.RETURN:
            return texts.text("Return")
        case Reason.RECEIPT:
            return texts.text("Delivery")
        case Reason.WASTE:
            return texts.text("Waste")
        case Reason.COUNT:
            return texts.text("Count")
        case Reason.TRANSFER:
            return texts.text("Transfer")
        case Reason.CORRECTION:
            return texts.text("Correction")


def moved_by_cell(quantity_milli: int, sold_by: str, texts: Texts) -> Cell:
    """A movement with its sign."""
    sign = "+" if quantity_milli > 0 else ""
    return Cell(f"{sign}{quantity_words(quantity_milli, sold_by, texts)}", is_ltr=True)


def price_cell(price_minor: int, currency: str, sold_by: str, texts: Texts) -> Cell:
    """A price, and that it is of a kilogram where it is."""
    note = texts.text("a kg") if sold_by == SoldBy.WEIGHT.value else ""
    return Cell(format_money(price_minor, currency, texts.language), note=note)


def band_cell(found: Band, texts: Texts) -> Cell:
    """What shoppers see of a level."""
    words, look, mark = _band_look(found, texts)
    return Cell(words, look=look, mark=mark)


def moved_words(moved_utc: datetime | None, texts: Texts, *, zone: ZoneInfo) -> str:
    """When an item last moved."""
    if moved_utc is None:
        return texts.text("never")
    return format_moment(moved_utc.astimezone(zone), texts.language)


def item_quantity(quantity_milli: int, item: Item | None, texts: Texts) -> str:
    """A quantity of an item; of one that is unknown, in pieces."""
    return quantity_words(quantity_milli, item.sold_by.value if item is not None else "", texts)


def place_of(aisle: str, bay: str, texts: Texts) -> str:
    """Aisle and bay, as far as known."""
    aisle = texts.text("Aisle {aisle}").format(aisle=aisle) if aisle else ""
    bay = texts.text("Bay {bay}").format(bay=bay) if bay else ""
    return ", ".join(filter(None, (aisle, bay)))


def _band_look(band: Band, texts: Texts) -> tuple[str, str, str]:
    match band:
        case Band.PLENTY:
            return texts.text("plenty"), "plenty", "●"
        case Band.A_FEW:
            return texts.text("a few"), "few", "◐"
        case Band.LAST_ONES:
            return texts.text("last ones"), "last", "◔"
        case Band.NOT_HERE:
            return texts.text("not here"), "none", "○"
