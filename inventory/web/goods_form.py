"""Owns what people type about goods: a code, a quantity, a place; read, and refused in words.

It must not know routes or papers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import MAX_LINES
from inventory.domain.places import BACKROOM, SHELF, Place, PlaceError, read_place
from inventory.formats.numbers import read_scaled
from inventory.services import item_codes, item_search
from inventory.services.documents import DocumentClosed, DocumentRefused
from inventory.services.item_codes import CodedItem
from inventory.services.stock_list import SHELF_CHOICE
from inventory.web.texts import Texts

MAX_CHARS = 200
MOST_MEANT = 6


class FormFault(Exception):  # noqa: N818 - an answer on its way out, not a failure
    """What was typed cannot be taken; its text says why, in the reader's language.

    `meant` are the items that may have been meant, as (GTIN, name).
    """

    def __init__(self, words: str, meant: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(words)
        self.meant = meant


@dataclass(frozen=True, slots=True)
class GoodsForm:
    """What a browser sends; every field may hold anything."""

    code: str = ""
    quantity: str = ""
    location: str = ""
    other: str = ""
    lot: str = ""
    expires: str = ""
    why: str = ""

    def cut(self) -> GoodsForm:
        """The same with nothing longer than a person types."""
        fields = ("code", "quantity", "location", "other", "lot", "expires", "why")
        return replace(self, **{name: getattr(self, name)[:MAX_CHARS].strip() for name in fields})


@dataclass(frozen=True, slots=True)
class Goods:
    """So much of an item at a place, in thousandths of a piece or grams."""

    coded: CodedItem
    quantity_milli: int
    place: Place


def read_goods(uow: UnitOfWork, store_id: str, form: GoodsForm, texts: Texts) -> Goods:
    """What the form says. A lot or date that the scanned symbol carries needs no typing. Raises FormFault."""
    coded = item_codes.find(uow, store_id, form.code)
    if coded is None:
        raise _unknown(uow, store_id, form.code, texts)
    is_minus = form.quantity.startswith(("-", "−"))
    milli = read_scaled(form.quantity.lstrip("-−").strip(), 3)
    if milli is None:
        raise FormFault(texts.text("Type the quantity as a number, like 12 or 1.5."))
    place = read_form_place(form, texts)
    place = Place(place.location, place.lot or coded.lot, place.expires_on or coded.expires_on)
    return Goods(coded, -milli if is_minus else milli, place)


def _unknown(uow: UnitOfWork, store_id: str, code: str, texts: Texts) -> FormFault:
    """Who typed a name instead of a code is asked which item they mean."""
    hits = item_search.search(uow, store_id, code, texts.language, MOST_MEANT)
    if not hits:
        return FormFault(texts.text("There is no item with this number."))
    meant = tuple((hit.item.gtin, hit.item.name(texts.language)) for hit in hits)
    return FormFault(texts.text("Which item do you mean?"), meant)


def read_form_place(form: GoodsForm, texts: Texts) -> Place:
    """The place the form says. Raises FormFault."""
    try:
        return read_place(read_location(form.location, form.other), form.lot, form.expires)
    except PlaceError as error:
        words = texts.text("A location or lot is too long, or the date is none.")
        raise FormFault(words) from error


def read_day(typed: str) -> date | None:
    """The day a browser's date field says; None for nothing and for what is none."""
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        return None


def read_location(chosen: str, other: str = "") -> str:
    """A location's code from a choice, or from what was typed beside it."""
    if other.strip():
        return other.strip()
    return SHELF if chosen == SHELF_CHOICE else chosen


def location_words(location: str, texts: Texts) -> str:
    """A location for people; codes of the store's own stand as they are."""
    match location:
        case "":
            return texts.text("Shelf")
        case "backroom":
            return texts.text("Backroom")
        case _:
            return location


def location_choices(known: tuple[str, ...], texts: Texts) -> tuple[tuple[str, str], ...]:
    """The locations to choose from, as (value, words): shelf, backroom, then what the store has used."""
    codes = dict.fromkeys((BACKROOM, *known))
    return (
        (SHELF_CHOICE, location_words(SHELF, texts)),
        *((code, location_words(code, texts)) for code in codes),
    )


def refusal_words(refused: DocumentRefused | DocumentClosed, texts: Texts) -> str:
    """Why a paper did not take it."""
    match refused:
        case DocumentClosed():
            return texts.text("This was booked or cancelled before. Nothing was changed.")
        case DocumentRefused(fault=fault):
            return {
                "lines": texts.text("That is too much for one paper: {count} lines at most.").format(
                    count=MAX_LINES
                ),
                "quantity": texts.text("No store has so much of one thing, or less than none."),
                "empty": texts.text("There is nothing to count there."),
                "received": texts.text("Some of it has come already: say there what came."),
                "pack": texts.text("Packs and bundles are not counted: count the pieces in them."),
            }[fault]
