"""Owns the messages about what is on the shelves, and what every message of lane and store has in common.

It must not be imported by name: `inventory.wire` is the one shared format and holds these too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from inventory.domain.availability import ShelfFacts, ShelfRule
from inventory.domain.stock import BandLimits


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _with_zone(instant: datetime) -> datetime:
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


Instant = Annotated[datetime, AfterValidator(_with_zone)]
"""An instant of a lane's clock; one without a zone is UTC, as every name ending in `_utc` promises."""

KNOWS_HEADER = "lanelight-knows"
KNOWS_SHELF = "shelf"
"""Said by lanes and stores in that header: what lies in baskets, counts and doubts may be told to me.

An older lane or store refuses fields it does not know; it does not say this word, and is not told.
"""
KNOWS_HELP = "help"
"""Another such word: turns, levels, places in line and calls that are reopened may be told to me."""
KNOWS_MODES = "modes"
"""Another: how a shopper wants the lane to be may be told to me."""
KNOWS_FLOOR = "floor"
"""Another: pauses of a lane, and questions about one row of a basket, may be told to me."""
KNOWS = f"{KNOWS_SHELF} {KNOWS_HELP} {KNOWS_MODES} {KNOWS_FLOOR}"
"""All the words, as the header carries them."""


class StockMessage(Message):
    """On-hand of one item in milli-units (grams when sold by weight), and when that was known.

    Of a pack: the whole packs that its singles make. An item that never moved has none since its catalogue
    was made. `reserved_milli` of it lies in open baskets; `doubts` shoppers found the shelf empty since
    staff last looked; `counted_at_utc` is the last count. These three are left out where there is none.
    """

    gtin: str
    on_hand_milli: int
    as_of_utc: datetime
    reserved_milli: int = 0
    counted_at_utc: datetime | None = None
    doubts: int = 0

    @property
    def facts(self) -> ShelfFacts:
        return ShelfFacts(
            self.on_hand_milli, self.as_of_utc, self.reserved_milli, self.counted_at_utc, self.doubts
        )

    def plain(self) -> StockMessage:
        """As a lane understands it that does not know of baskets: what is left for the next shopper."""
        available_milli = self.on_hand_milli - self.reserved_milli
        return StockMessage(gtin=self.gtin, on_hand_milli=available_milli, as_of_utc=self.as_of_utc)

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        for name in ("reserved_milli", "counted_at_utc", "doubts"):
            if not fields.get(name):
                fields.pop(name, None)
        return fields


class ShelfRuleMessage(Message):
    """How one department speaks of its goods (see `inventory.domain.availability.ShelfRule`)."""

    department: str
    plenty_milli: int
    a_few_milli: int
    certain_for_h: int

    @property
    def rule(self) -> ShelfRule:
        return ShelfRule(BandLimits(self.plenty_milli, self.a_few_milli), self.certain_for_h)


class ShelvesMessage(Message):
    """Event `shelves`: the rules of departments that have their own; told again at each connection.

    With `from_now` what the lane believed of baskets and doubts is void: what is true follows as `stock`.
    """

    rules: tuple[ShelfRuleMessage, ...] = ()
    from_now: bool = False


class HeldMessage(Message):
    """So much of one item, as the ledger books it, is in the lane's open baskets."""

    gtin: str = Field(pattern=r"^\d{14}$")
    quantity_milli: int = Field(gt=0, le=1_000_000_000)
