"""Owns the vocabulary of help: what a call is about, what it turned out to be, what a lane waits for.

It must not know how any of it moves; `inventory.domain.help_desk` does, and all is imported from there.
"""

from __future__ import annotations

from enum import Enum


class HelpReason(Enum):
    """What the shopper may say it is about; never required. BRING and SHELF_EMPTY ask for a deed: what
    and where stands in the call's note. SALES asks for somebody who knows the goods.
    """

    UNSAID = "unsaid"
    PRICE = "price"
    WONT_SCAN = "wont-scan"
    PAYMENT = "payment"
    FIND = "find"
    AGE = "age"
    BRING = "bring"
    SHELF_EMPTY = "shelf-empty"
    SALES = "sales"
    OTHER = "other"


class Cause(Enum):
    """What it turned out to be, said with one tap by whoever solved it: the eight tiles of the tablet."""

    SCANNING = "scanning"
    """A barcode or label that does not read, or is not known."""
    PRICE = "price"
    PAYMENT = "payment"
    AGE = "age"
    MACHINE = "machine"
    """Printer, scale, card reader, screen."""
    GOODS = "goods"
    """Where something is, or to bring it."""
    HOW_TO = "how-to"
    """The lane did not explain itself."""
    NOTHING = "nothing"
    """Nobody was there, or it had gone by itself."""


class InterventionKind(Enum):
    """Why a lane waits for a person.

    CHARGE_CONTRADICTED, BASKET_LEFT and ITEMS_REMOVED ask for no decision, only for somebody's care.
    PRICE asks for more than yes or no: its approval brings a price (`inventory.domain.pricing`). WEIGHT,
    VOID, QUANTITY and COUPON ask for yes or no about one row (`inventory.domain.approving` reads it).
    """

    AGE_CHECK = "age-check"
    PAYMENT_IN_DOUBT = "payment-in-doubt"
    CHARGE_CONTRADICTED = "charge-contradicted"
    BASKET_LEFT = "basket-left"
    ITEMS_REMOVED = "items-removed"
    PRICE = "price"
    WEIGHT = "weight"
    """What was put down weighs something else than what was scanned."""
    VOID = "void"
    """A row is to leave the basket."""
    QUANTITY = "quantity"
    """So many of one that somebody should know."""
    COUPON = "coupon"
    """A coupon the lane may not take by itself."""


class Decision(Enum):
    APPROVED = "approved"
    REFUSED = "refused"
