"""Owns the messages between a store and its headquarters.

It must not know HTTP or tables. An event of a page is read one by one, so that one that cannot be read is put
aside and the others are used.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from inventory.wire import Message

PAGE_EVENTS = 500
MESSAGES_AT_ONCE = 200
_ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"


class FieldMark(Message):
    """Who set one field at headquarters, and when."""

    who: str = Field(max_length=80)
    at_utc: datetime


class HqEvent(Message):
    """One item as this store shall sell it, its own or its zone's price already in it; None: no longer.

    `item` is plain, because what is in it may be wrong. `refused` are fields whose proposed value
    headquarters does not want.
    """

    event_id: str = Field(pattern=_ID)
    gtin: str = Field(pattern=r"^[0-9]{14}$")
    item: dict[str, Any] | None
    who: str = Field(default="", max_length=80)
    at_utc: datetime
    fields: dict[str, FieldMark] = Field(default_factory=dict)
    refused: dict[str, FieldMark] = Field(default_factory=dict)


class HqPage(Message):
    """Answer to GET /api/v1/hq/feed. `position` is the one that was asked for, `next` where it goes on.

    Positions are headquarters' own words. `round` names the whole that is being told from `position` "" on;
    its last page says `is_whole`. `behind` is how many items are left after this page.
    """

    position: str
    next: str = Field(max_length=200)
    round: str = Field(default="", max_length=64)
    is_whole: bool = False
    behind: int = Field(ge=0)
    events: tuple[Any, ...]


class DayMessage(Message):
    """The sales of a business day so far."""

    kind: Literal["day"] = "day"
    business_day: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    sale_count: int = Field(ge=0, le=2**53)
    total_minor: int = Field(ge=-(2**53), le=2**53)
    as_of_utc: datetime


class StockLine(Message):
    """What is on hand of one item, in milli-units, since when."""

    gtin: str = Field(min_length=1, max_length=64)
    on_hand_milli: int = Field(ge=-(2**53), le=2**53)
    as_of_utc: datetime


class StockReport(Message):
    """The items that moved since the report before."""

    kind: Literal["stock"] = "stock"
    lines: tuple[StockLine, ...] = Field(min_length=1, max_length=PAGE_EVENTS)


class ProposalMessage(Message):
    """A value that the store has set for itself. `value` is JSON."""

    kind: Literal["proposal"] = "proposal"
    gtin: str = Field(pattern=r"^[0-9]{14}$")
    field: str = Field(max_length=40)
    value: str = Field(max_length=4000)
    who: str = Field(max_length=80)
    at_utc: datetime


BranchMessage = DayMessage | StockReport | ProposalMessage


class BranchEnvelope(Message):
    """PUT /api/v1/hq/messages/{message_id}: 201 taken, 200 taken before; the id is the store's own."""

    message_id: str = Field(pattern=_ID)
    message: BranchMessage = Field(discriminator="kind")
