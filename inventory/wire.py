"""Owns the messages between lane, tablet and store: the only format both sides share.

It must not know HTTP or tables. Field names are stable; `WIRE_VERSION` grows when one changes its meaning.
Lane to store: every message carries an id the lane made and stored before sending, so any message may be
sent again. Store to lane: server-sent events named after the message class below.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from inventory.domain.catalogue import Item
from inventory.domain.feedback import Face, FeedbackReason
from inventory.domain.help_desk import Decision, InterventionKind
from inventory.domain.neighbours import OpenLane
from inventory.domain.orders import Order, OrderOutcome, OrderState
from inventory.domain.pricing import GivenPrice
from inventory.domain.questions import AnswerOutcome
from inventory.domain.sales import Sale
from inventory.domain.searches import LONGEST_TERM, term_of
from inventory.domain.store_plan import StorePlan
from inventory.wire_help import DeskNewsMessage as DeskNewsMessage  # noqa: PLC0414 - part of the one shared format
from inventory.wire_help import HelpMessage as HelpMessage  # noqa: PLC0414
from inventory.wire_help import HelpPlaceMessage as HelpPlaceMessage  # noqa: PLC0414
from inventory.wire_help import HelpUpdateMessage as HelpUpdateMessage  # noqa: PLC0414
from inventory.wire_stock import KNOWS as KNOWS  # noqa: PLC0414
from inventory.wire_stock import KNOWS_FLOOR as KNOWS_FLOOR  # noqa: PLC0414
from inventory.wire_stock import KNOWS_HEADER as KNOWS_HEADER  # noqa: PLC0414
from inventory.wire_stock import KNOWS_HELP as KNOWS_HELP  # noqa: PLC0414
from inventory.wire_stock import KNOWS_MODES as KNOWS_MODES  # noqa: PLC0414
from inventory.wire_stock import KNOWS_SHELF as KNOWS_SHELF  # noqa: PLC0414
from inventory.wire_stock import HeldMessage as HeldMessage  # noqa: PLC0414
from inventory.wire_stock import Instant as Instant  # noqa: PLC0414
from inventory.wire_stock import Message as Message  # noqa: PLC0414
from inventory.wire_stock import ShelfRuleMessage as ShelfRuleMessage  # noqa: PLC0414
from inventory.wire_stock import ShelvesMessage as ShelvesMessage  # noqa: PLC0414
from inventory.wire_stock import StockMessage as StockMessage  # noqa: PLC0414
from inventory.wire_talk import PhraseMessage as PhraseMessage  # noqa: PLC0414
from inventory.wire_talk import StaffPhraseMessage as StaffPhraseMessage  # noqa: PLC0414

WIRE_VERSION = 1
CATALOGUE_HEADER = "lanelight-catalogue"
"""Beside a sale the catalogue's version it was sold from, beside a lane's state the one it sells from.

It is no field: a sale's body is the same however often it is sent, and older stores pass a header over.
"""
MAX_BODY_BYTES = 256 * 1024
LONGEST_DETAIL = 4000
"""Of what staff did at a lane; the lane cuts it there, because goods may have names of any length."""


class ProblemMessage(Message):
    """Every refusal of the API (RFC 9457): `type` says which kind, `detail` what was wrong."""

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str


# --- store to lane -------------------------------------------------------------------------------


class CatalogueMessage(Message):
    """Answer to GET /api/v1/catalogue: everything a lane needs to sell without the store.

    `mark` tells this version from another of the same number, `checksum` is the sum of the item set
    (`inventory.domain.item_sets`). Both are left out for a lane that did not ask for deltas: older ones
    refuse fields they do not know.
    """

    version: int
    store_id: str
    store_name: str
    currency: str
    tax_rates_bp: dict[str, int]
    items: tuple[Item, ...]
    stock: tuple[StockMessage, ...]
    mark: str = ""
    checksum: str = ""

    @model_serializer(mode="wrap")
    def _without_no_mark(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        for name in ("mark", "checksum"):
            if not fields.get(name):
                fields.pop(name, None)
        return fields


class CatalogueDelta(Message):
    """226 to GET /api/v1/catalogue with the lane's version and mark: what has changed since (RFC 3229).

    `items` are put by GTIN, `dropped` are no longer sold, `stock` is that of the items here. What results has
    `item_count` items of sum `checksum` ("" where the store has not worked it out).
    """

    since: int
    since_mark: str
    version: int
    mark: str
    checksum: str
    item_count: int
    tax_rates_bp: dict[str, int]
    items: tuple[Item, ...]
    dropped: tuple[str, ...]
    stock: tuple[StockMessage, ...]


class CatalogueChangedMessage(Message):
    """Event `catalogue`: a newer version can be fetched."""

    version: int


class PlanMessage(Message):
    """Answer to GET /api/v1/plan: where the goods and the lanes are. A lane asks at every connection."""

    plan: StorePlan


class DecisionMessage(Message):
    """Event `decision`: the attendant's answer to an intervention. `staff_name` stands in the journal.

    `price` comes with the approval of a price alone and is left out everywhere else: older lanes refuse
    fields they do not know.
    """

    intervention_id: str
    lane_id: str
    decision: Decision
    staff_name: str
    reason: str = ""
    price: GivenPrice | None = None

    @model_serializer(mode="wrap")
    def _without_no_price(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        if self.price is None:
            fields.pop("price", None)
        return fields


class DoorMessage(Message):
    """Event `door`: staff have closed or opened this lane from the tablet. Told again at each connection.

    `paused` is closed for a short while; it is left out where it says nothing, and to a lane that does not
    know it, which then simply closes.
    """

    door_id: str
    lane_id: str
    closed: bool
    staff_name: str
    paused: bool = False

    def plain(self) -> DoorMessage:
        """As a lane understands it that knows no pause."""
        return self.model_copy(update={"paused": False})

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        if not self.paused:
            fields.pop("paused", None)
        return fields


class ShutOutMessage(Message):
    """Event `shut-out`: this lane's token opens nothing any more; its stream ends with it, unsaid."""

    lane_id: str


class OpenLanesMessage(Message):
    """Answer to POST /api/v1/lanes/{lane_id}/state: which lanes take the next shopper now."""

    lanes: tuple[OpenLane, ...] = ()


class OrderMessage(Message):
    """Event `order`: staff want something of the lane's terminal. Told again until its end is known.

    `state` is what the store has heard so far: SENT means that the lane has written the order down.
    """

    order: Order
    state: OrderState = OrderState.OPEN


class TaskMessage(Message):
    """Event `task`, for staff alone: the list of open tasks has changed."""

    task_id: str


class FeedbackAlertMessage(Message):
    """Event `feedback`, for staff alone: the alert of a lane has changed."""

    lane_id: str


class EnrolmentAnswer(Message):
    """Answer to POST /api/v1/enrolments: the store knows the lane by its token from now on."""

    store_id: str
    store_name: str
    lane_id: str


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


class InterventionMessage(Message):
    """PUT /api/v1/interventions/{intervention_id}: the lane waits for a decision."""

    intervention_id: str
    lane_id: str
    kind: InterventionKind
    language: str = "en"
    raised_at_utc: Instant
    facts: tuple[str, ...] = ()
    withdrawn: bool = False


class OrderReport(Message):
    """PUT /api/v1/orders/{order_id}: how far the lane has come; may be sent again."""

    version: int = WIRE_VERSION
    outcome: OrderOutcome


class AnswerCountMessage(Message):
    """How often one answer in one language came to one end. No person, basket or time is in it."""

    question: str = Field(pattern=r"^[a-z][a-z-]{0,30}$")
    language: str = Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
    outcome: AnswerOutcome
    count: int = Field(ge=1, le=10_000)


class AnswerReport(Message):
    """PUT /api/v1/answers/{report_id}: what became of answers since the lane's last report."""

    report_id: str
    lane_id: str
    counts: tuple[AnswerCountMessage, ...] = Field(min_length=1, max_length=500)


class FeedbackMessage(Message):
    """PUT /api/v1/feedback/{feedback_id}: a shopper's face; again with the reason, if one is given."""

    feedback_id: str = Field(max_length=64)
    lane_id: str
    face: Face
    reason: FeedbackReason | None = None
    at_utc: Instant


def _countable(term: str) -> str:
    if not term_of(term) or not term.isprintable():  # PostgreSQL holds no NUL
        raise ValueError("no word that may be counted")
    return term


class SearchCountMessage(Message):
    """How often one word in one language found nothing. No person, basket or time is in it."""

    term: Annotated[str, AfterValidator(_countable)] = Field(min_length=1, max_length=LONGEST_TERM)
    language: str = Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
    count: int = Field(ge=1, le=10_000)


class SearchReport(Message):
    """PUT /api/v1/searches/{report_id}: the searches that found nothing since the lane's last report."""

    report_id: str
    lane_id: str
    counts: tuple[SearchCountMessage, ...] = Field(min_length=1, max_length=500)


class StaffPinMessage(Message):
    """POST /api/v1/staff/pin: is this the PIN of `who`, a name or the text of a badge? Asked once only."""

    lane_id: str
    who: str = Field(max_length=80)
    pin: str = Field(max_length=16, repr=False)


class StaffPinAnswer(Message):
    """`staff_name` only where the PIN is right, and how far they may correct a price.

    A limit of nothing is left out: older lanes refuse fields they do not know.
    """

    outcome: Literal["right", "wrong", "wait", "locked"]
    staff_name: str = ""
    price_cut_percent: int = Field(default=0, ge=0, le=100)

    @model_serializer(mode="wrap")
    def _without_no_limit(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        if not self.price_cut_percent:
            fields.pop("price_cut_percent", None)
        return fields


class StaffActionMessage(Message):
    """PUT /api/v1/staff/actions/{action_id}: what staff did at the lane's own screen; may be sent again."""

    action_id: str
    lane_id: str
    staff_name: str = Field(max_length=80)
    what: str = Field(max_length=40, pattern=r"^lane\.[a-z-]+$")
    detail: str = Field(default="", max_length=LONGEST_DETAIL)
    at_utc: Instant


class EnrolmentMessage(Message):
    """POST /api/v1/enrolments: a code against a token of 128 bits that the lane made itself."""

    code: str = Field(pattern=r"^[0-9]{8}$", repr=False)
    lane_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
    token: str = Field(pattern=r"^[A-Za-z0-9_-]{22,128}$", repr=False)


class MirrorLine(Message):
    name: str
    quantity: str
    amount_minor: int
    age_limit: int = 0


class LaneStateMessage(Message):
    """POST /api/v1/lanes/{lane_id}/state: what the lane wall shows; sent on change and every 10 s.

    `closed_by` and `door_id`, who closed the lane and the last order it took, and `held`, what is in baskets
    that may still be paid, are left out where there is none: older stores refuse fields they do not know.
    So are `modes`, how the shopper wants the lane to be (larger, read aloud): they say nothing of why.
    """

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
    at_utc: Instant
    closed_by: str = Field(default="", max_length=80)
    door_id: str = Field(default="", max_length=64)
    held: tuple[HeldMessage, ...] = Field(default=(), max_length=2000)
    modes: tuple[Annotated[str, Field(max_length=20)], ...] = Field(default=(), max_length=20)

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        fields: dict[str, object] = handler(self)
        for name in ("closed_by", "door_id", "held", "modes"):
            if not fields.get(name):
                fields.pop(name, None)
        return fields
