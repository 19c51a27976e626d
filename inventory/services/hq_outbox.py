"""Owns what a store says to its headquarters: proposals and summaries, each under an id made once.

It must not send anything. A store without a headquarters says nothing; a message that headquarters refuses is
kept aside with the reason and never holds up those behind it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Table, delete, func, select, update
from sqlmodel import col

from inventory.db.hq_table import HqLineRow, HqOutboxRow
from inventory.db.repositories import ON_HAND, insert_new, ordered_id
from inventory.db.tables import SaleRow, StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.hq_wire import (
    PAGE_EVENTS,
    BranchEnvelope,
    BranchMessage,
    DayMessage,
    ProposalMessage,
    StockLine,
    StockReport,
)

SENT_KEPT = timedelta(days=7)
DAYS_BACK = 40
OVERLAP = timedelta(minutes=5)
"""Of two writers the later may commit first: what is near the edge is told twice, which does no harm."""
_OUTBOX: Table = StoreTable.metadata.tables["hq_outbox"]
_LINE: Table = StoreTable.metadata.tables["hq_line"]


@dataclass(frozen=True, slots=True)
class Line:
    """How a store and its headquarters stand. `waiting` and `refused` count messages."""

    position: str
    behind: int
    reached_at_utc: datetime | None
    problem: str
    waiting: int
    refused: int
    oldest_utc: datetime | None


def open_line(uow: UnitOfWork, store_id: str) -> None:
    """The store has a headquarters from now on; safe to repeat."""
    insert_new(
        uow.session, HqLineRow(store_id=store_id, position="", round="", behind=0, problem="", days_told="{}")
    )


def close_line(uow: UnitOfWork, store_id: str) -> None:
    """The store has no headquarters any more; what was told stays as it is."""
    uow.session.connection().execute(delete(_LINE).where(_LINE.c.store_id == store_id))


def line(uow: UnitOfWork, store_id: str) -> Line | None:
    """How it stands; None for a store without a headquarters."""
    row = uow.session.connection().execute(select(_LINE).where(_LINE.c.store_id == store_id)).first()
    if row is None:
        return None
    states = (
        select(_OUTBOX.c.state, func.count(), func.min(_OUTBOX.c.made_at_utc))
        .where(_OUTBOX.c.store_id == store_id, _OUTBOX.c.state != "sent")
        .group_by(_OUTBOX.c.state)
    )
    found = {state: (count, oldest) for state, count, oldest in uow.session.connection().execute(states)}
    waiting, oldest_utc = found.get("waiting", (0, None))
    refused, _ = found.get("refused", (0, None))
    return Line(row.position, row.behind, row.reached_at_utc, row.problem, waiting, refused, oldest_utc)


def reached(uow: UnitOfWork, store_id: str, *, now_utc: datetime, problem: str = "") -> None:
    """Notes the last try: when headquarters answered, or why it did not."""
    values: dict[str, Any] = {"problem": problem[:300]}
    if not problem:
        values["reached_at_utc"] = now_utc
    uow.session.connection().execute(update(_LINE).where(_LINE.c.store_id == store_id).values(values))


def propose(uow: UnitOfWork, store_id: str, message: ProposalMessage, now_utc: datetime) -> bool:
    """Lets headquarters know of a value the store has set for itself; False where there is none."""
    found = select(_LINE.c.store_id).where(_LINE.c.store_id == store_id)
    if uow.session.connection().execute(found).first() is None:
        return False
    _say(uow, store_id, ordered_id(now_utc), message, now_utc)
    return True


def summarise(uow: UnitOfWork, store_id: str, currency: str, now_utc: datetime) -> int:
    """Writes what has been sold and what has moved since the last summary; answers how many messages.

    Days are told as sums so far: told again, they take the place of what was told before. Sales that arrive
    more than `DAYS_BACK` days late are in no summary.
    """
    connection = uow.session.connection()
    told = connection.execute(select(_LINE).where(_LINE.c.store_id == store_id).with_for_update()).first()
    if told is None:
        return 0
    days = _days(uow, store_id, now_utc)
    known: dict[str, list[int]] = json.loads(told.days_told)
    messages: list[BranchMessage] = [
        DayMessage(
            business_day=day, currency=currency, sale_count=count, total_minor=total, as_of_utc=now_utc
        )
        for day, (count, total) in days.items()
        if known.get(day) != [count, total]
    ]
    messages += _stock(uow, store_id, told.stock_told_utc)
    for message in messages:
        _say(uow, store_id, ordered_id(now_utc), message, now_utc)
    if messages:
        values = {"days_told": json.dumps(days), "stock_told_utc": now_utc - OVERLAP}
        connection.execute(update(_LINE).where(_LINE.c.store_id == store_id).values(values))
    old = (_OUTBOX.c.store_id == store_id, _OUTBOX.c.state == "sent")
    connection.execute(delete(_OUTBOX).where(*old, _OUTBOX.c.made_at_utc < now_utc - SENT_KEPT))
    return len(messages)


def waiting(uow: UnitOfWork, store_id: str, *, limit: int) -> tuple[BranchEnvelope, ...]:
    """The oldest messages that headquarters does not have yet."""
    rows = (
        select(_OUTBOX.c.body)
        .where(_OUTBOX.c.store_id == store_id, _OUTBOX.c.state == "waiting")
        .order_by(_OUTBOX.c.message_id)
        .limit(limit)
    )
    return tuple(
        BranchEnvelope.model_validate_json(body) for body in uow.session.connection().execute(rows).scalars()
    )


def settle(uow: UnitOfWork, store_id: str, message_id: str, *, problem: str = "") -> None:
    """Headquarters has it, or refuses it for good with `problem`."""
    state = "refused" if problem else "sent"
    _move(uow, store_id, message_id, state, problem)


def try_again(uow: UnitOfWork, store_id: str, message_id: str) -> bool:
    """A refused message waits again; False where there is none."""
    return _move(uow, store_id, message_id, "waiting", "", "refused")


def refusals(uow: UnitOfWork, store_id: str) -> tuple[tuple[str, str, str], ...]:
    """Message id, kind and reason of what headquarters refuses."""
    rows = select(_OUTBOX.c.message_id, _OUTBOX.c.kind, _OUTBOX.c.problem).where(
        _OUTBOX.c.store_id == store_id, _OUTBOX.c.state == "refused"
    )
    found = uow.session.connection().execute(rows.order_by(_OUTBOX.c.message_id).limit(50))
    return tuple((row.message_id, row.kind, row.problem) for row in found)


def _move(
    uow: UnitOfWork, store_id: str, message_id: str, state: str, problem: str, before: str = "waiting"
) -> bool:
    here = (_OUTBOX.c.store_id == store_id, _OUTBOX.c.message_id == message_id, _OUTBOX.c.state == before)
    statement = update(_OUTBOX).where(*here).values(state=state, problem=problem[:300])
    moved: CursorResult[Any] = uow.session.connection().execute(statement)
    return moved.rowcount > 0


def _say(uow: UnitOfWork, store_id: str, message_id: str, message: BranchMessage, now_utc: datetime) -> None:
    body = BranchEnvelope(message_id=message_id, message=message).model_dump_json()
    row = HqOutboxRow(
        store_id=store_id,
        message_id=message_id,
        kind=message.kind,
        body=body,
        state="waiting",
        problem="",
        made_at_utc=now_utc,
    )
    insert_new(uow.session, row)


def _days(uow: UnitOfWork, store_id: str, now_utc: datetime) -> dict[str, tuple[int, int]]:
    since = (now_utc - timedelta(days=DAYS_BACK)).date().isoformat()
    sums = (
        select(col(SaleRow.business_day), func.count(), func.sum(col(SaleRow.total_minor)))
        .where(col(SaleRow.store_id) == store_id, col(SaleRow.business_day) >= since)
        .group_by(col(SaleRow.business_day))
        .order_by(col(SaleRow.business_day))
    )
    rows = uow.session.connection().execute(sums)
    return {day: (count, int(total)) for day, count, total in rows}


def _stock(uow: UnitOfWork, store_id: str, since_utc: datetime | None) -> list[StockReport]:
    moved = select(ON_HAND.c.gtin, ON_HAND.c.on_hand_milli, ON_HAND.c.as_of_utc).where(
        ON_HAND.c.store_id == store_id
    )
    if since_utc is not None:
        moved = moved.where(ON_HAND.c.as_of_utc >= since_utc)
    rows = uow.session.connection().execute(moved.order_by(ON_HAND.c.gtin)).all()
    lines = [
        StockLine(gtin=row.gtin, on_hand_milli=row.on_hand_milli, as_of_utc=row.as_of_utc) for row in rows
    ]
    return [
        StockReport(lines=tuple(lines[start : start + PAGE_EVENTS]))
        for start in range(0, len(lines), PAGE_EVENTS)
    ]
