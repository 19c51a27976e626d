"""Owns the rail beside the console's pages: which places there are, and for whom.

It must not know what any place shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.domain.staff import Permission, Role, may
from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the console's rail."""

    path: str
    label: str
    is_here: bool


STOCK = "/manager/stock"
PASSKEYS = "/staff/passkeys"


def places(here: str, texts: Texts, *, role: Role) -> list[Place]:
    """The rail; an attendant sees the lanes, the day close and what is done with goods on the floor."""
    t = texts.text
    is_manager = may(role, Permission.SEE_CONSOLE)
    of_the_console = (
        ("/manager", t("Today")),
        ("/manager/sales", t("Sales")),
        ("/manager/items", t("Items and prices")),
        ("/manager/prices", t("Planned prices")),
        (STOCK, t("Stock")),
        ("/manager/import", t("Import")),
        ("/manager/words", t("Search words")),
        ("/manager/help", t("Help")),
        ("/manager/feedback", t("Feedback")),
        ("/manager/exchange", t("Data exchange")),
        ("/manager/tasks", t("Tasks")),
        ("/manager/lanes", t("Lanes")),
        ("/manager/staff", t("Staff")),
        ("/manager/devices", t("Devices")),
        (PASSKEYS, t("My passkeys")),
        ("/staff/day", t("Day close")),
        ("/staff", t("To the lanes")),
    )
    of_the_floor = (
        ("/manager/feedback", t("Feedback"), Permission.SEE_NUMBERS),
        (PASSKEYS, t("My passkeys"), Permission.HOLD_PASSKEY),
        ("/staff/day", t("Day close"), Permission.CLOSE_DAY),
        ("/staff", t("Lanes"), Permission.SEE_LANES),
    )
    tabs = [(place.path, place.label) for place in stock_tabs(here, texts, role=role)]
    of_stock = {path for path, _ in tabs}
    allowed = [(path, label) for path, label, needed in of_the_floor if may(role, needed)]
    rail = of_the_console if is_manager else (*tabs, *allowed)
    return [
        Place(path, label, path == (STOCK if is_manager and here in of_stock else here))
        for path, label in rail
    ]


def stock_tabs(here: str, texts: Texts, *, role: Role) -> list[Place]:
    """The pages about stock, side by side; an attendant receives, counts and throws away."""
    t = texts.text
    tabs = (
        (STOCK, t("Stock"), Permission.SEE_CONSOLE),
        ("/manager/places", t("Where it lies"), Permission.SEE_CONSOLE),
        ("/staff/deliveries", t("Deliveries"), Permission.KEEP_STOCK),
        ("/manager/transfers", t("Transfers"), Permission.SEE_CONSOLE),
        ("/staff/counts", t("Counts"), Permission.KEEP_STOCK),
        ("/staff/waste", t("Waste"), Permission.KEEP_STOCK),
        ("/manager/reorder", t("To reorder"), Permission.SEE_CONSOLE),
        ("/manager/expiry", t("Expiry"), Permission.SEE_CONSOLE),
        ("/manager/bundles", t("Bundles"), Permission.SEE_CONSOLE),
        ("/manager/shelves", t("Told to shoppers"), Permission.SEE_CONSOLE),
    )
    return [Place(path, label, path == here) for path, label, needed in tabs if may(role, needed)]
