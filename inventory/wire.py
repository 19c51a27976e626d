"""Owns the messages between lane, tablet and store: the only format both sides share.

It must not know HTTP or tables. Field names are stable; `WIRE_VERSION` grows when one changes its meaning.
Lane to store: every message carries an id the lane made and stored before sending, so any message may be
sent again. Store to lane: server-sent events named after the message class below.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from inventory.domain.catalogue import Item
from inventory.domain.help_desk import Decision, HelpReason, HelpState, InterventionKind
from inventory.domain.sales import Sale

WIRE_VERSION = 1
MAX_BODY_BYTES = 256 * 1024


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- store to lane -------------------------------------------------------------------------------


class StockMessage(Message):
    """On-hand of one item in milli-units (grams when sold by weight), and when that was known.

    Of a pack: the whole packs that its singles make. An item that never moved has none since its catalogue
    was made.
    """

    gtin: str
    on_hand_milli: int
    as_of_utc: datetime


class CatalogueMessage(Message):
    """Answer to GET /api/v1/catalogue: everything a lane needs to sell without the store."""

    version: int
    store_id: str
    store_name: str
    currency: str
    tax_rates_bp: dict[str, int]
    items: tuple[Item, ...]
    stock: tuple[StockMessage, ...]


class CatalogueChangedMessage(Message):
    """Event `catalogue`: a newer version can be fetched."""

    version: int


class HelpUpdateMessage(Message):
    """Event `help`: somebody on the staff moved a help request on."""

    help_id: str
    lane_id: str
    state: HelpState
    staff_name: str = ""


class DecisionMessage(Message):
    """Event `decision`: the attendant's answer to an intervention. `staff_name` stands in the journal."""

    intervention_id: str
    lane_id: str
    decision: Decision
    staff_name: str
    reason: str = ""


# --- lane to store -------------------------------------------------------------------------------


class SaleMessage(Message):
    """POST /api/v1/sales. `journal_head`, the last hash of the lane's journal, anchors it against cuts."""

    version: int = WIRE_VERSION
    sale: Sale
    journal_seq: int = Field(ge=0)
    journal_head: str


class SaleAnswer(Message):
    """201 created or 200 exists; the same sale id always gets its first answer again."""

    outcome: Literal["created", "exists"]
    sale_id: str
    flags: tuple[str, ...] = ()


class HelpMessage(Message):
    """PUT /api/v1/help/{help_id}: the shopper's side of a request; state requested or cancelled."""

    help_id: str
    lane_id: str
    state: HelpState
    reason: HelpReason = HelpReason.UNSAID
    language: str = "en"
    requested_at_utc: datetime
    note: str = ""


class InterventionMessage(Message):
    """PUT /api/v1/interventions/{intervention_id}: the lane waits for a decision."""

    intervention_id: str
    lane_id: str
    kind: InterventionKind
    language: str = "en"
    raised_at_utc: datetime
    facts: tuple[str, ...] = ()
    withdrawn: bool = False


class MirrorLine(Message):
    name: str
    quantity: str
    amount_minor: int
    age_limit: int = 0


class LaneStateMessage(Message):
    """POST /api/v1/lanes/{lane_id}/state: what the lane wall shows; sent on change and every 10 s."""

    lane_id: str
    screen: str
    language: str
    currency: str
    total_minor: int
    lines: tuple[MirrorLine, ...] = ()
    devices: dict[str, str] = Field(default_factory=dict)
    outbox_waiting: int = 0
    journal_seq: int = 0
    journal_head: str = ""
    at_utc: datetime
