"""Owns the messages between the store and managers' own systems: items, prices, levels, movements, sales.

It must not know HTTP or tables. Field names are stable; fields may be added to answers, so a reader passes
over those it does not know. Lists come in pages: `next` is the cursor of the page after, None at the end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from inventory.domain.catalogue import Item
from inventory.domain.places import MAX_LOCATION_LENGTH, MAX_LOT_LENGTH, Place, read_place
from inventory.domain.sales import Sale
from inventory.domain.stock import Reason
from inventory.wire import Message, StockMessage

MOST_MOVED = 1_000_000_000_000
"""A thousand million pieces, or a million tonnes."""

MAX_PRICE_CHANGES = 1000

Gtin14 = Annotated[str, Field(pattern=r"^[0-9]{14}$")]
PriceMinor = Annotated[int, Field(ge=0, le=100_000_000)]
PlainText = Annotated[str, Field(max_length=80)]


class ItemMessage(Message):
    """GET and PUT /api/v1/items/{gtin}. The entity tag of the answer is that of `item`."""

    item: Item


class ItemPage(Message):
    """GET /api/v1/items: items by GTIN. `version` is the catalogue's when the page was read."""

    version: int
    items: tuple[Item, ...]
    next: str | None = None


class ItemAnswer(Message):
    """Answer to a change of items: the catalogue's version that holds it."""

    version: int


class PriceMessage(Message):
    """One item's price, in the smallest unit of the store's currency; per kilogram when sold by weight."""

    gtin: Gtin14
    price_minor: PriceMinor


class PricePage(Message):
    """GET /api/v1/prices: prices by GTIN."""

    version: int
    currency: str
    prices: tuple[PriceMessage, ...]
    next: str | None = None


class PriceChanges(Message):
    """POST /api/v1/prices: all of them in one version of the catalogue, or none.

    `confirmed` says yes to moving more than a fifth of the named prices by more than half.
    """

    prices: tuple[PriceMessage, ...] = Field(min_length=1, max_length=MAX_PRICE_CHANGES)
    confirmed: bool = False

    @model_validator(mode="after")
    def _once_each(self) -> PriceChanges:
        if len({each.gtin for each in self.prices}) < len(self.prices):
            raise ValueError("an item is named twice")
        return self


class StockPage(Message):
    """GET /api/v1/stock: levels by GTIN."""

    levels: tuple[StockMessage, ...]
    next: str | None = None


class MovementMessage(Message):
    """POST /api/v1/movements. `source_id` is the sender's own: the same again changes nothing.

    `quantity_milli` is thousandths of a piece, or grams; what leaves is negative. A pack is booked as its
    pieces. `location` is the item's own shelf where it is empty.
    """

    source_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")
    gtin: Gtin14
    reason: Reason
    quantity_milli: int = Field(ge=-MOST_MOVED, le=MOST_MOVED)
    location: str = Field(default="", max_length=MAX_LOCATION_LENGTH)
    lot: str = Field(default="", max_length=MAX_LOT_LENGTH)
    expires_on: date | None = None

    @model_validator(mode="after")
    def _by_hand(self) -> MovementMessage:
        if self.reason is Reason.SALE:
            raise ValueError("a sale is sent as a sale")
        if not self.quantity_milli:
            raise ValueError("nothing moved")
        assert self.place is not None, "a location or lot that no label can carry is refused here"
        return self

    @property
    def place(self) -> Place:
        """Where it moved, spaces around the words dropped."""
        return replace(read_place(self.location, self.lot), expires_on=self.expires_on)


class MovementAnswer(Message):
    """201 created or 200 exists, and what is there of the item now."""

    outcome: Literal["created", "exists"]
    level: StockMessage | None = None


class MovementRecord(Message):
    """One movement as the ledger has it."""

    source_id: str
    gtin: str
    reason: Reason
    quantity_milli: int
    actor: str
    at_utc: datetime
    location: str = ""
    lot: str = ""
    expires_on: date | None = None


class MovementPage(Message):
    """GET /api/v1/movements: an item's movements, the newest first."""

    movements: tuple[MovementRecord, ...]
    next: str | None = None


class SaleRecord(Message):
    """One sale as its lane made it, when it arrived, and what the store found odd about it."""

    sale: Sale
    received_at_utc: datetime
    flags: tuple[str, ...]


class SalePage(Message):
    """GET /api/v1/sales: the sales of a business day in the order they were paid.

    A lane that was away sends its sales late: a day is complete when all its lanes have been heard of.
    """

    business_day: str
    sales: tuple[SaleRecord, ...]
    next: str | None = None


class HealthMessage(Message):
    """GET /api/v1/health: the store answers, with its tables."""

    store_id: str
    catalogue_version: int
    now_utc: datetime
