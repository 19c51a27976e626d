"""Owns the reading of calls, questions and sales of some days for the numbers about help, and their list.

It must not know pages, nor count itself (`inventory.domain.help_numbers` does). Nobody's name is read.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from inventory.db.tables import InterventionRow, SaleRow, StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.help_desk import Cause, HelpReason, HelpState, InterventionKind
from inventory.domain.help_numbers import HelpFact
from inventory.domain.help_waiting import waiting_since
from inventory.services.listing import By, Field, Kind, Listing, Order

_CALL: Any = StoreTable.metadata.tables["help_request"]
_FACTS = sa_select(
    *(
        _CALL.c[name]
        for name in (
            "lane_id",
            "state",
            "reason",
            "cause",
            "gtin",
            "reopens",
            "is_written",
            "desk",
            "requested_at_utc",
            "received_at_utc",
            "accepted_at_utc",
            "arrived_at_utc",
            "closed_at_utc",
        )
    )
)
"""What is counted of each call: whole rows of a quarter of a year took seconds to make."""

CALLS = Listing(
    source=_CALL,
    scope=_CALL.c.store_id,
    key=(_CALL.c.help_id,),
    fields=(
        Field("called", _CALL.c.received_at_utc, Kind.MOMENT, filter=By.RANGE),
        Field("lane", _CALL.c.lane_id, filter=By.VALUE),
        Field("reason", _CALL.c.reason, filter=By.VALUE),
        Field("state", _CALL.c.state, filter=By.VALUE),
        Field("cause", _CALL.c.cause, filter=By.VALUE),
        Field("language", _CALL.c.language, filter=By.VALUE),
        Field("answered", _CALL.c.accepted_at_utc, Kind.MOMENT, is_nullable=True),
        Field("arrived", _CALL.c.arrived_at_utc, Kind.MOMENT, is_nullable=True),
        Field("over", _CALL.c.closed_at_utc, Kind.MOMENT, is_nullable=True),
        Field("level", _CALL.c.level, Kind.NUMBER),
        Field("turns", _CALL.c.turn, Kind.NUMBER),
        Field("reopens", _CALL.c.reopens, is_sortable=False),
        Field("help_id", _CALL.c.help_id, is_sortable=False),
    ),
    default=Order("called", is_down=True),
)
"""Every call as it went, without the people who answered it."""


@dataclass(frozen=True, slots=True)
class HelpDays:
    """What the numbers of some days are made of. `stops` are questions that kept a shopper, by kind."""

    facts: tuple[HelpFact, ...]
    stops: tuple[Stop, ...]
    sales_by_lane: dict[str, int]

    @property
    def gtins(self) -> list[str]:
        """The item of each call and each question that is about one."""
        return [
            gtin
            for gtin in (*(each.gtin for each in self.facts), *(each.gtin for each in self.stops))
            if gtin
        ]

    @property
    def stops_by_lane(self) -> Counter[str]:
        """Calls and questions together."""
        return Counter((*(each.lane_id for each in self.facts), *(each.lane_id for each in self.stops)))


@dataclass(frozen=True, slots=True)
class Stop:
    """One question a lane had to ask of staff; `gtin` is set where it is about one item's number."""

    lane_id: str
    kind: InterventionKind
    gtin: str


def of_days(uow: UnitOfWork, store_id: str, first: date, last: date, zone: ZoneInfo) -> HelpDays:
    """Everything of the store's days from `first` to `last`, both counted."""
    since_utc = datetime.combine(first, time(), tzinfo=zone)
    until_utc = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    calls = uow.session.connection().execute(
        _FACTS.where(
            _CALL.c.store_id == store_id,
            _CALL.c.received_at_utc >= since_utc,
            _CALL.c.received_at_utc < until_utc,
        )
    )
    stops = uow.session.exec(
        select(InterventionRow.lane_id, InterventionRow.kind, InterventionRow.facts).where(
            InterventionRow.store_id == store_id,
            col(InterventionRow.received_at_utc) >= since_utc,
            col(InterventionRow.received_at_utc) < until_utc,
        )
    )
    return HelpDays(
        tuple(_fact(row, zone) for row in calls),
        tuple(Stop(lane_id, InterventionKind(kind), _gtin(kind, facts)) for lane_id, kind, facts in stops),
        _sales(uow, store_id, first, last),
    )


def _sales(uow: UnitOfWork, store_id: str, first: date, last: date) -> dict[str, int]:
    rows = uow.session.exec(
        select(SaleRow.lane_id, func.count())
        .where(
            SaleRow.store_id == store_id,
            col(SaleRow.business_day) >= first.isoformat(),
            col(SaleRow.business_day) <= last.isoformat(),
        )
        .group_by(col(SaleRow.lane_id))
    )
    return dict(Counter({lane_id: int(count) for lane_id, count in rows}))


def _fact(row: Any, zone: ZoneInfo) -> HelpFact:
    is_resolved = row.state == HelpState.RESOLVED.value
    return HelpFact(
        row.lane_id,
        row.received_at_utc.astimezone(zone).hour,
        HelpReason(row.reason),
        acknowledged_s=_after(row, row.accepted_at_utc),
        arrived_s=_after(row, row.arrived_at_utc),
        resolved_s=_after(row, row.closed_at_utc) if is_resolved else None,
        is_cancelled=row.state == HelpState.CANCELLED.value,
        is_reopening=row.reopens != "",
        is_afar=is_resolved and (row.desk != "" or (row.is_written and row.arrived_at_utc is None)),
        cause=Cause(row.cause) if row.cause else None,
        gtin=row.gtin,
    )


def _after(row: Any, at_utc: datetime | None) -> int | None:
    since_utc = waiting_since(row.requested_at_utc, row.received_at_utc)
    return None if at_utc is None else max(0, round((at_utc - since_utc).total_seconds()))


def _gtin(kind: str, facts: str) -> str:
    """Goods without a price are named by their number; other questions may be about several."""
    told = json.loads(facts) if kind == InterventionKind.PRICE.value else []
    return str(told[0]) if told else ""
