"""Owns the rail beside the console's pages: which places there are, and for whom.

It must not know what any place shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the console's rail."""

    path: str
    label: str
    is_here: bool


STOCK = "/manager/stock"


def places(here: str, texts: Texts, *, is_manager: bool) -> list[Place]:
    """The rail; an attendant sees the lanes, the day close and what is done with goods on the floor."""
    t = texts.text
    for_managers = (
        ("/manager", t("Today")),
        ("/manager/sales", t("Sales")),
        ("/manager/items", t("Items and prices")),
        ("/manager/prices", t("Planned prices")),
        (STOCK, t("Stock")),
        ("/manager/import", t("Import")),
        ("/manager/words", t("Search words")),
        ("/manager/feedback", t("Feedback")),
        ("/manager/exchange", t("Data exchange")),
        ("/manager/tasks", t("Tasks")),
        ("/manager/lanes", t("Lanes")),
        ("/manager/staff", t("Staff")),
        ("/manager/devices", t("Devices")),
    )
    for_all = (
        ("/staff/day", t("Day close")),
        ("/staff", t("To the lanes") if is_manager else t("Lanes")),
    )
    tabs = [(place.path, place.label) for place in stock_tabs(here, texts, is_manager=is_manager)]
    of_stock = {path for path, _ in tabs}
    rail = (*for_managers, *for_all) if is_manager else (*tabs, *for_all)
    return [
        Place(path, label, path == (STOCK if is_manager and here in of_stock else here))
        for path, label in rail
    ]


def stock_tabs(here: str, texts: Texts, *, is_manager: bool) -> list[Place]:
    """The pages about stock, side by side; an attendant receives, counts and throws away."""
    t = texts.text
    tabs = (
        (STOCK, t("Stock"), True),
        ("/manager/places", t("Where it lies"), True),
        ("/staff/deliveries", t("Deliveries"), False),
        ("/manager/transfers", t("Transfers"), True),
        ("/staff/counts", t("Counts"), False),
        ("/staff/waste", t("Waste"), False),
        ("/manager/reorder", t("To reorder"), True),
        ("/manager/expiry", t("Expiry"), True),
        ("/manager/bundles", t("Bundles"), True),
        ("/manager/shelves", t("Told to shoppers"), True),
    )
    return [
        Place(path, label, path == here) for path, label, is_theirs in tabs if is_manager or not is_theirs
    ]
