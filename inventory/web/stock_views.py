"""Owns the words and cells of the pages about stock: states and kinds of papers, places, differences.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from urllib.parse import quote

from inventory.domain.catalogue import Item
from inventory.domain.documents import Document, Kind, State
from inventory.domain.moments import format_day
from inventory.domain.places import SHELF
from inventory.services.listing import ListRow
from inventory.services.shelves import Lying, PlaceDifference
from inventory.web.goods_form import location_words
from inventory.web.item_views import item_quantity, place_of
from inventory.web.table_view import Cell, Column, quantity_words
from inventory.web.texts import Texts
from inventory.web.today_views import Repair

ITEM_PATH = "/manager/stock"


def state_words(texts: Texts) -> Mapping[str, str]:
    """How far a paper is."""
    t = texts.text
    return {
        State.OPEN.value: t("open"),
        State.POSTED.value: t("booked"),
        State.CANCELLED.value: t("cancelled"),
    }


def state_cell(state: str, texts: Texts) -> Cell:
    """How far a paper is, as a pill."""
    looks = {State.OPEN.value: ("few", "◐"), State.POSTED.value: ("plenty", "✓")}
    look, mark = looks.get(state, ("quiet", "✕"))
    return Cell(state_words(texts)[state], look=look, mark=mark)


def kind_words(texts: Texts) -> Mapping[str, str]:
    """What a paper is about."""
    t = texts.text
    return {
        Kind.DELIVERY.value: t("Delivery"),
        Kind.ARRIVAL.value: t("From another store"),
        Kind.DISPATCH.value: t("To another store"),
        Kind.MOVE.value: t("Move"),
        Kind.COUNT.value: t("Count"),
        Kind.WASTE.value: t("Waste"),
        Kind.RETURN.value: t("Return"),
        Kind.CORRECTION.value: t("Correction"),
    }


def item_column(texts: Texts, *, is_manager: bool) -> Column:
    """The item of a row; only managers may go to its page."""
    label = texts.text("Item")
    return Column("name", label, link=item_path) if is_manager else Column("name", label)


def item_path(row: ListRow) -> str:
    """Where an item's page is."""
    return f"{ITEM_PATH}/{quote(row['gtin'])}"


def location_cell(texts: Texts, key: str = "location") -> Callable[[ListRow], Cell]:
    """The location, with aisle and bay where it is the item's own shelf."""

    def cell(row: ListRow) -> Cell:
        code = row[key]
        where = place_of(row.get("aisle") or "", row.get("bay") or "", texts) if code == SHELF else ""
        return Cell(location_words(code, texts), note=where)

    return cell


def difference_cell(texts: Texts) -> Callable[[ListRow], Cell]:
    """More with a plus, less in the colour of what is wrong; nothing where nobody has looked."""

    def cell(row: ListRow) -> Cell:
        milli = row["difference"]
        if milli is None:
            return Cell("")
        sign = "+" if milli > 0 else ""
        words = quantity_words(milli, row["sold_by"] or "", texts)
        return Cell(f"{sign}{words}", is_bad=milli < 0, is_ltr=True)

    return cell


def looked_cell(texts: Texts, *, tick: str = "") -> Callable[[ListRow], Cell]:
    """A quantity that somebody gave, or that nobody has yet; `tick` is where it is taken as announced."""

    def cell(row: ListRow) -> Cell:
        if row["quantity"] is None:
            is_announced = bool(tick) and row["expected"] is not None
            deed = f"{tick}?line={quote(row['line_id'], safe='')}" if is_announced else ""
            words = texts.text("As announced") if is_announced else texts.text("not yet")
            return Cell(words, look="quiet", mark="✓" if is_announced else "", deed=deed)
        return Cell(quantity_words(row["quantity"], row["sold_by"] or "", texts))

    return cell


def paper_words(document: Document) -> str:
    """A paper's name for people: the supplier and the number of the note."""
    return " · ".join(filter(None, (document.title, document.number)))


def expected_cell(texts: Texts, *, today: date) -> Callable[[ListRow], Cell]:
    """The day a delivery should come; an open one that is late, or comes today, is marked."""

    def cell(row: ListRow) -> Cell:
        iso = row["expected"]
        if not iso or row["state"] != State.OPEN.value or iso > today.isoformat():
            return Cell(day_words(iso, texts) if iso else "")
        is_late = iso < today.isoformat()
        return Cell(day_words(iso, texts), look="none" if is_late else "few", mark="✕" if is_late else "!")

    return cell


def day_words(iso: str, texts: Texts) -> str:
    """A day for people."""
    return format_day(datetime.fromisoformat(iso), texts.language)


def repair_of_place(difference: PlaceDifference, texts: Texts) -> Repair:
    """A place's running sum is not the sum of its movements: a fault of the books."""
    why = texts.text("movements add up to {ledger}, the level says {kept} (thousandths)").format(
        ledger=difference.ledger_milli, kept=difference.kept_milli
    )
    where = location_words(difference.place.location, texts)
    return Repair(
        f"{difference.gtin}, {where}", why, f"{ITEM_PATH}/{difference.gtin}", texts.text("Movements")
    )


def repair_below_nothing(short: Lying, item: Item | None, texts: Texts) -> Repair:
    """Goods left a place that holds none by the books: a move was not booked."""
    words = item_quantity(short.quantity_milli, item, texts)
    why = texts.text("{quantity} on hand").format(quantity=words)
    where = location_words(short.place.location, texts)
    name = item.name(texts.language) if item else short.gtin
    return Repair(name, f"{where}: {why}", "/manager/moves", texts.text("Move"))
