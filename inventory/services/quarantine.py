"""Owns the events of headquarters that the store cannot use: kept with the reason, tried again, or dropped.

It must not judge an event; `hq_intake` does. Nothing here holds anything up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Table, func, select, update

from inventory.db.hq_table import HqQuarantineRow
from inventory.db.repositories import put, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork

RETRIED_AT_ONCE = 200
_LONGEST_BODY = 16_000
_EVENT: Table = StoreTable.metadata.tables["hq_quarantine"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One event that waits. `gtin` is "" where not even that can be read."""

    event_id: str
    gtin: str
    body: str
    reason: str
    at_utc: datetime


def keep(
    uow: UnitOfWork, store_id: str, event_id: str, gtin: str, body: str, reason: str, now_utc: datetime
) -> None:
    """Puts an event aside. Put aside again, it has the newer reason."""
    row = HqQuarantineRow(
        store_id=store_id,
        event_id=event_id,
        gtin=gtin,
        body=body[:_LONGEST_BODY].replace("\0", ""),
        reason=reason[:300].replace("\0", ""),
        state="waiting",
        at_utc=now_utc,
    )
    put(uow.session, row)


def unreadable_id(raw: object) -> str:
    """The same id for the same event that has none of its own."""
    text = json.dumps(raw, sort_keys=True, default=str)
    return f"unreadable-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def waiting(uow: UnitOfWork, store_id: str, *, limit: int = RETRIED_AT_ONCE) -> tuple[Quarantined, ...]:
    """The events that wait, oldest first."""
    names = [_EVENT.c[name] for name in Quarantined.__slots__]
    rows = select(*names).where(_EVENT.c.store_id == store_id, _EVENT.c.state == "waiting")
    found = uow.session.connection().execute(rows.order_by(_EVENT.c.at_utc, _EVENT.c.event_id).limit(limit))
    return tuple(Quarantined(*row) for row in found)


def count(uow: UnitOfWork, store_id: str) -> int:
    """How many wait."""
    rows = select(func.count()).where(_EVENT.c.store_id == store_id, _EVENT.c.state == "waiting")
    return int(uow.session.connection().execute(rows).scalar_one())


def settle(uow: UnitOfWork, store_id: str, gtins: Collection[str], state: str) -> None:
    """Ends what waits for these items: `used`, or `overtaken` by something newer."""
    here = (_EVENT.c.store_id == store_id, _EVENT.c.state == "waiting", _EVENT.c.gtin.in_(list(gtins)))
    uow.session.connection().execute(update(_EVENT).where(*here).values(state=state))


def drop(uow: UnitOfWork, store_id: str, event_id: str, *, who: str, now_utc: datetime) -> bool:
    """Gives an event up; False where it does not wait (any more)."""
    here = (_EVENT.c.store_id == store_id, _EVENT.c.event_id == event_id, _EVENT.c.state == "waiting")
    statement = update(_EVENT).where(*here).values(state="dropped")
    moved: CursorResult[Any] = uow.session.connection().execute(statement)
    if moved.rowcount:
        write_audit(
            uow.session, store_id, who=who, what="quarantine.dropped", detail=event_id, at_utc=now_utc
        )
    return moved.rowcount > 0
