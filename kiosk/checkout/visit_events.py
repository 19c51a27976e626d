"""Owns the events of a visit beside goods and money: silence, ways out, second thoughts, what went wrong.

It must not decide anything. Those named in `journaled` are written down before they act.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.domain.feedback import FeedbackReason


@dataclass(frozen=True, slots=True)
class ShopperReturned:
    """Somebody answered "Still there?", or touched the veil."""


@dataclass(frozen=True, slots=True)
class PayElsewhereRequested:
    """The shopper pays another way than by card: the basket goes under a code for the till."""


@dataclass(frozen=True, slots=True)
class BasketRecalled:
    """Staff brought a basket that was put away back to this lane."""

    code: str
    staff_name: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackReasonGiven:
    reason: FeedbackReason


@dataclass(frozen=True, slots=True)
class RemovalUndone:
    """The row that was taken out last comes back."""


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    """A hand was offered; not now."""


@dataclass(frozen=True, slots=True)
class DoorOrdered:
    """Staff closed or opened the lane from the tablet. The store tells the newest order again and again.

    `paused` is closed for a short while.
    """

    door_id: str
    closed: bool
    staff_name: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class PaperCardWanted:
    """The shopper wants the preference card that is on the screen on paper."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger or a pack came near, whatever it did; told at most once a second by the window."""


VisitEvent = (
    ShopperReturned
    | PayElsewhereRequested
    | BasketRecalled
    | FeedbackReasonGiven
    | RemovalUndone
    | OfferDeclined
    | DoorOrdered
    | PaperCardWanted
    | Touched
)
