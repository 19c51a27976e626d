"""Owns a help request's life, the same on the lane, the tablet and the lamp.

It must not know who shows it. REQUESTED -> DELIVERED -> ACCEPTED -> EN_ROUTE -> ARRIVED -> RESOLVED, with
CANCELLED from every open state; a step may be skipped forwards, never taken back.
"""

from __future__ import annotations

from enum import Enum


class HelpState(Enum):
    REQUESTED = "requested"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en-route"
    ARRIVED = "arrived"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


_ORDER = {
    HelpState.REQUESTED: 0,
    HelpState.DELIVERED: 1,
    HelpState.ACCEPTED: 2,
    HelpState.EN_ROUTE: 3,
    HelpState.ARRIVED: 4,
    HelpState.RESOLVED: 5,
    HelpState.CANCELLED: 5,
}

OPEN_STATES = frozenset(state for state, order in _ORDER.items() if order < 5)


class HelpReason(Enum):
    """What the shopper may say it is about; never required. BRING and SHELF_EMPTY ask for a deed: what
    and where stands in the request's note.
    """

    UNSAID = "unsaid"
    PRICE = "price"
    WONT_SCAN = "wont-scan"
    PAYMENT = "payment"
    FIND = "find"
    AGE = "age"
    BRING = "bring"
    SHELF_EMPTY = "shelf-empty"
    OTHER = "other"


def may_become(current: HelpState, wanted: HelpState) -> bool:
    """Whether a request in `current` may move on to `wanted`."""
    return current in OPEN_STATES and _ORDER[wanted] > _ORDER[current]


class InterventionKind(Enum):
    """Why a lane waits for a person.

    CHARGE_CONTRADICTED, BASKET_LEFT and ITEMS_REMOVED ask for no decision, only for somebody's care.
    PRICE asks for more than yes or no: its approval brings a price (`inventory.domain.pricing`).
    """

    AGE_CHECK = "age-check"
    PAYMENT_IN_DOUBT = "payment-in-doubt"
    CHARGE_CONTRADICTED = "charge-contradicted"
    BASKET_LEFT = "basket-left"
    ITEMS_REMOVED = "items-removed"
    PRICE = "price"


class Decision(Enum):
    APPROVED = "approved"
    REFUSED = "refused"
