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


def places(here: str, texts: Texts, *, is_manager: bool) -> list[Place]:
    """The rail; an attendant sees the lanes and the day close alone."""
    t = texts.text
    for_managers = (
        ("/manager", t("Today")),
        ("/manager/sales", t("Sales")),
        ("/manager/items", t("Items and prices")),
        ("/manager/prices", t("Planned prices")),
        ("/manager/stock", t("Stock")),
        ("/manager/import", t("Import")),
        ("/manager/feedback", t("Feedback")),
        ("/manager/staff", t("Staff")),
    )
    for_all = (("/staff/day", t("Day close")), ("/staff", t("Lanes")))
    rail = (*for_managers, *for_all) if is_manager else for_all
    return [Place(path, label, path == here) for path, label in rail]
