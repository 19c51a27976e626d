"""Owns what the store and its headquarters disagree about: a field both have changed, until somebody decides.

It must not decide by itself. Ours is sold as long as a conflict is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import CursorResult, Table, func, select, update

from inventory.db.hq_table import ItemConflictRow
from inventory.db.repositories import insert_new, ordered_id, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.merging import WHOLE_ITEM
from inventory.hq_wire import FieldMark, ProposalMessage
from inventory.services import catalogue, hq_outbox, item_fields
from inventory.services.item_fields import Origin, value_of

DROPPED = "null"
"""Theirs, as JSON, where headquarters no longer has the item."""
_CONFLICT: Table = StoreTable.metadata.tables["item_conflict"]


class Choice(Enum):
    """What a manager does about a conflict; the values are the states it leads to."""

    KEEP = "kept"
    TAKE = "taken"
    PROPOSE = "proposed"


class DecidedError(LookupError):
    """There is no such conflict, or it is no longer open."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both values as JSON. `field` is "" where headquarters drops the item; `ours_who` is "" if unknown."""

    conflict_id: str
    gtin: str
    name: str
    field: str
    ours: str
    ours_who: str
    ours_at_utc: datetime | None
    theirs: str
    theirs_who: str
    theirs_at_utc: datetime


def dispute(
    uow: UnitOfWork,
    store_id: str,
    gtin: str,
    field: str,
    theirs: str,
    mark: FieldMark,
    now_utc: datetime,
) -> None:
    """Opens a conflict, or brings the open one of this field up to what headquarters has now."""
    values = {"theirs": theirs, "theirs_who": mark.who, "theirs_at_utc": mark.at_utc}
    if _move(uow, store_id, gtin, (field,), values | {"changed_at_utc": now_utc}):
        return
    row = ItemConflictRow(
        store_id=store_id,
        conflict_id=ordered_id(now_utc),
        gtin=gtin,
        field=field,
        state="open",
        decided_by="",
        changed_at_utc=now_utc,
        theirs=theirs,
        theirs_who=mark.who,
        theirs_at_utc=mark.at_utc,
    )
    insert_new(uow.session, row)


def agree(uow: UnitOfWork, store_id: str, gtin: str, fields: Iterable[str], now_utc: datetime) -> None:
    """Ends the open conflicts of fields that are alike now."""
    _move(uow, store_id, gtin, tuple(fields), {"state": "agreed", "changed_at_utc": now_utc})


def with_conflicts(uow: UnitOfWork, store_id: str) -> frozenset[str]:
    """The GTINs of items with an open conflict."""
    rows = select(_CONFLICT.c.gtin).where(_CONFLICT.c.store_id == store_id, _CONFLICT.c.state == "open")
    return frozenset(uow.session.connection().execute(rows.distinct()).scalars())


def count(uow: UnitOfWork, store_id: str) -> int:
    """How many are open."""
    rows = select(func.count()).where(_CONFLICT.c.store_id == store_id, _CONFLICT.c.state == "open")
    return int(uow.session.connection().execute(rows).scalar_one())


def open_conflicts(uow: UnitOfWork, store_id: str, *, limit: int = 100) -> tuple[Conflict, ...]:
    """The oldest of those that are open."""
    rows = select(_CONFLICT).where(_CONFLICT.c.store_id == store_id, _CONFLICT.c.state == "open")
    found = uow.session.connection().execute(rows.order_by(_CONFLICT.c.conflict_id).limit(limit)).all()
    return tuple(_shown(uow, store_id, row) for row in found)


def decide(
    uow: UnitOfWork, store_id: str, conflict_id: str, choice: Choice, *, who: str, now_utc: datetime
) -> None:
    """Ends a conflict: ours stays, theirs is taken, or ours stays and is proposed to headquarters.

    Raises DecidedError, and ItemFieldError where theirs cannot be sold here (the conflict stays open).
    """
    rows = select(_CONFLICT).where(
        _CONFLICT.c.store_id == store_id, _CONFLICT.c.conflict_id == conflict_id, _CONFLICT.c.state == "open"
    )
    row = uow.session.connection().execute(rows.with_for_update()).first()
    if row is None:
        raise DecidedError("Somebody has decided this already.")
    shown = _shown(uow, store_id, row)
    match choice:
        case Choice.TAKE:
            _take(uow, store_id, shown, who, now_utc)
        case Choice.PROPOSE if shown.field != WHOLE_ITEM:
            message = ProposalMessage(
                gtin=shown.gtin, field=shown.field, value=shown.ours, who=who, at_utc=now_utc
            )
            hq_outbox.propose(uow, store_id, message, now_utc)
        case _:
            pass
    values = {"state": choice.value, "decided_by": who, "changed_at_utc": now_utc}
    _move(uow, store_id, shown.gtin, (shown.field,), values)
    detail = f"{choice.value}: {shown.gtin} {shown.field or 'item'}, ours {shown.ours}, theirs {shown.theirs}"
    write_audit(uow.session, store_id, who=who, what="conflict.decided", detail=detail[:4000], at_utc=now_utc)


def _take(uow: UnitOfWork, store_id: str, conflict: Conflict, who: str, now_utc: datetime) -> None:
    if conflict.field == WHOLE_ITEM:
        catalogue.change_items(uow, store_id, dropped=[conflict.gtin], now_utc=now_utc)
        return
    values = {conflict.field: json.loads(conflict.theirs)}
    item_fields.set_fields(uow, store_id, conflict.gtin, values, origin=Origin.HQ, who=who, now_utc=now_utc)


def _shown(uow: UnitOfWork, store_id: str, row: Any) -> Conflict:
    item = catalogue.find_item(uow, store_id, row.gtin)
    line = item_fields.of_item(uow, store_id, row.gtin).get(row.field)
    is_own = line is not None and line.origin is Origin.STORE
    ours = DROPPED if item is None or not row.field else value_of(item, row.field)
    return Conflict(
        conflict_id=row.conflict_id,
        gtin=row.gtin,
        name=item.name("en") if item else row.gtin,
        field=row.field,
        ours=ours,
        ours_who=line.who if line is not None and is_own else "",
        ours_at_utc=line.at_utc if line is not None and is_own else None,
        theirs=row.theirs,
        theirs_who=row.theirs_who,
        theirs_at_utc=row.theirs_at_utc,
    )


def _move(uow: UnitOfWork, store_id: str, gtin: str, fields: tuple[str, ...], values: dict[str, Any]) -> bool:
    here = (
        _CONFLICT.c.store_id == store_id,
        _CONFLICT.c.gtin == gtin,
        _CONFLICT.c.field.in_(fields),
        _CONFLICT.c.state == "open",
    )
    moved: CursorResult[Any] = uow.session.connection().execute(update(_CONFLICT).where(*here).values(values))
    return moved.rowcount > 0
