"""Owns what an errand is: something a shopper asks staff to do about one good, and the events that make one.

It must not decide anything, nor know who carries it out: the store keeps it as it keeps a call for help.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item
from inventory.domain.help_desk import HelpReason, HelpState

ERRANDS = (HelpReason.BRING, HelpReason.SHELF_EMPTY)

SHELF = "shelf-"
"""How the ids of reports about shelves begin: they are the store's, and outlive the visit."""


@dataclass(frozen=True, slots=True)
class ErrandRequested:
    """A shopper wants `item` brought, or tells that its shelf is empty; `reason` is one of `ERRANDS`."""

    errand_id: str
    reason: HelpReason
    item: Item


@dataclass(frozen=True, slots=True)
class ErrandDismissed:
    """Taken back while it is open; read and put aside once it is over."""

    errand_id: str


ErrandEvent = ErrandRequested | ErrandDismissed

ERRAND_EVENTS: frozenset[type] = frozenset({ErrandRequested, ErrandDismissed})


@dataclass(frozen=True, slots=True)
class Errand:
    errand_id: str
    reason: HelpReason
    item: Item
    state: HelpState = HelpState.REQUESTED
    staff_name: str = ""

    @property
    def note(self) -> str:
        return note_about(self.item)


def note_about(item: Item) -> str:
    """What staff read of a good: its name and place, in their language."""
    aisle = f"aisle {item.aisle}" if item.aisle else ""
    bay = f"bay {item.bay}" if item.bay else ""
    return " · ".join(filter(None, (item.name(FALLBACK_LANGUAGE), aisle, bay)))
