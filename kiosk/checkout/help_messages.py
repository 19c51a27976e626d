"""Owns what happens to the shopper's call for help: taps at this lane, and the store's word about it.

It must not know what a lane makes of it; `kiosk.checkout.assisting` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.domain.catalogue import Item
from inventory.domain.help_desk import HelpReason, HelpState
from inventory.domain.help_waiting import Band, Level


@dataclass(frozen=True, slots=True)
class HelpRequested:
    """`item` is the good that the shopper wants to hear more of, None where it is about none."""

    help_id: str
    reason: HelpReason = HelpReason.UNSAID
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class HelpReasonGiven:
    reason: HelpReason


@dataclass(frozen=True, slots=True)
class HelpCancelled:
    pass


@dataclass(frozen=True, slots=True)
class HelpUpdated:
    """The store's word about a help request; one of a greater `turn` may put it back to waiting."""

    help_id: str
    state: HelpState
    staff_name: str
    turn: int = 0
    level: Level = Level.EVERYONE
    is_afar: bool = False


@dataclass(frozen=True, slots=True)
class HelpPlaced:
    """How many calls are answered before this one is (itself counted, 0: it is answered), and how soon."""

    help_id: str
    place: int
    band: Band


HelpEvent = HelpRequested | HelpReasonGiven | HelpCancelled | HelpUpdated | HelpPlaced
