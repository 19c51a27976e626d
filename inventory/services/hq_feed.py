"""Owns the feed of a headquarters: page after page, what one branch has not been told yet.

It must not keep how far a branch is; the branch says. A position is "s:…" within a telling of the whole,
or "v:…" in the change feed, each with the mark of its version: one of another history starts anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlmodel import col

from inventory.db.feed_table import ItemChangeRow
from inventory.db.hq_table import ProposalRow
from inventory.db.repositories import ITEM, items_by_gtin
from inventory.db.tables import CatalogueVersionRow, StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.hq_wire import PAGE_EVENTS, FieldMark, HqEvent, HqPage
from inventory.services import hq_branches
from inventory.services.hq_branches import Branch
from inventory.services.item_fields import plain_item

REFUSED = "refused"
_END = "~"
"""Behind every GTIN."""
_FIELD: Table = StoreTable.metadata.tables["item_field"]


@dataclass(frozen=True, slots=True)
class _Place:
    is_whole: bool
    version: int
    after: str
    mark: str

    def written(self) -> str:
        return f"{'s' if self.is_whole else 'v'}:{self.version}:{self.after}:{self.mark}"


@dataclass(frozen=True, slots=True)
class _Change:
    version: int
    gtin: str
    kind: str


def page(uow: UnitOfWork, hq_id: str, branch: Branch, position: str, *, limit: int = PAGE_EVENTS) -> HqPage:
    """What comes after `position`, at most `limit` items; the whole from its beginning where that is lost."""
    place = _place(uow, hq_id, position)
    if place is None:
        version, mark = _newest(uow, hq_id)
        place = _Place(is_whole=True, version=version, after="", mark=mark)
    if place.is_whole:
        return _whole_page(uow, hq_id, branch, position, place, limit)
    return _change_page(uow, hq_id, branch, position, place, limit)


def _whole_page(
    uow: UnitOfWork, hq_id: str, branch: Branch, position: str, place: _Place, limit: int
) -> HqPage:
    here = and_(ITEM.c.store_id == hq_id, ITEM.c.gtin > place.after)
    connection = uow.session.connection()
    left = int(connection.execute(select(func.count()).select_from(ITEM).where(here)).scalar_one())
    gtins = connection.execute(select(ITEM.c.gtin).where(here).order_by(ITEM.c.gtin).limit(limit))
    changes = [_Change(place.version, gtin, "put") for gtin in gtins.scalars()]
    later = _later(hq_id, branch, _Place(is_whole=False, version=place.version, after=_END, mark=""))
    changed = int(connection.execute(select(func.count()).where(later)).scalar_one())
    is_last = left <= limit
    after = _END if is_last else changes[-1].gtin
    next_place = replace(place, is_whole=not is_last, after=after)
    return HqPage(
        position=position,
        next=next_place.written(),
        round=place.mark,
        is_whole=is_last,
        behind=left - len(changes) + changed,
        events=tuple(_events(uow, hq_id, branch, changes)),
    )


def _change_page(
    uow: UnitOfWork, hq_id: str, branch: Branch, position: str, place: _Place, limit: int
) -> HqPage:
    version, gtin = col(ItemChangeRow.version), col(ItemChangeRow.gtin)
    later = _later(hq_id, branch, place)
    connection = uow.session.connection()
    left = int(connection.execute(select(func.count()).where(later)).scalar_one())
    rows = select(version, gtin, col(ItemChangeRow.kind)).where(later).order_by(version, gtin).limit(limit)
    changes = [_Change(*row) for row in connection.execute(rows)]
    if left > len(changes):
        last = changes[-1]
        next_place = _Place(
            is_whole=False, version=last.version, after=last.gtin, mark=_mark(uow, hq_id, last.version)
        )
    else:
        newest, mark = _newest(uow, hq_id)
        next_place = _Place(is_whole=False, version=newest, after=_END, mark=mark)
    return HqPage(
        position=position,
        next=next_place.written(),
        behind=left - len(changes),
        events=tuple(_events(uow, hq_id, branch, changes)),
    )


def _later(hq_id: str, branch: Branch, place: _Place) -> ColumnElement[bool]:
    """The changes after a place that concern the branch."""
    version, gtin = col(ItemChangeRow.version), col(ItemChangeRow.gtin)
    return and_(
        col(ItemChangeRow.store_id) == hq_id,
        col(ItemChangeRow.scope).in_(("", *branch.scopes)),
        or_(version > place.version, and_(version == place.version, gtin > place.after)),
    )


def _events(uow: UnitOfWork, hq_id: str, branch: Branch, changes: Sequence[_Change]) -> list[dict[str, Any]]:
    """An item that changed more than once is told once, as it is now."""
    newest = {change.gtin: change for change in changes}
    refused = {change.gtin for change in changes if change.kind == REFUSED}
    gtins = list(newest)
    items = items_by_gtin(uow.session, hq_id, gtins)
    prices = hq_branches.prices_of(uow, hq_id, branch, gtins)
    marks = _field_marks(uow, hq_id, gtins)
    made = _made_at(uow, hq_id, sorted({change.version for change in newest.values()}))
    told = []
    for gtin, change in newest.items():
        item, own = items.get(gtin), prices.get(gtin)
        fields = dict(marks.get(gtin, {})) if item is not None else {}
        if item is not None and own is not None:
            item = replace(item, price_minor=own.price_minor)
            fields["price_minor"] = FieldMark(who=own.who, at_utc=own.at_utc)
        event = HqEvent(
            event_id=f"{change.version}:{gtin}",
            gtin=gtin,
            item=None if item is None else plain_item(item),
            at_utc=made[change.version],
            fields=fields,
            refused=_refusals(uow, hq_id, branch, gtin) if gtin in refused else {},
        )
        told.append(event.model_dump(mode="json"))
    return told


def _field_marks(uow: UnitOfWork, hq_id: str, gtins: Sequence[str]) -> dict[str, dict[str, FieldMark]]:
    rows = select(_FIELD.c.gtin, _FIELD.c.field, _FIELD.c.who, _FIELD.c.at_utc).where(
        _FIELD.c.store_id == hq_id, _FIELD.c.gtin.in_(list(gtins))
    )
    found: dict[str, dict[str, FieldMark]] = {}
    for row in uow.session.connection().execute(rows):
        found.setdefault(row.gtin, {})[row.field] = FieldMark(who=row.who, at_utc=row.at_utc)
    return found


def _refusals(uow: UnitOfWork, hq_id: str, branch: Branch, gtin: str) -> dict[str, FieldMark]:
    rows = select(col(ProposalRow.field), col(ProposalRow.decided_by), col(ProposalRow.decided_at_utc)).where(
        col(ProposalRow.store_id) == hq_id,
        col(ProposalRow.branch_id) == branch.branch_id,
        col(ProposalRow.gtin) == gtin,
        col(ProposalRow.state) == REFUSED,
    )
    ordered = rows.order_by(col(ProposalRow.decided_at_utc))
    return {
        field: FieldMark(who=who, at_utc=at_utc)
        for field, who, at_utc in uow.session.connection().execute(ordered)
        if at_utc is not None
    }


def _place(uow: UnitOfWork, hq_id: str, position: str) -> _Place | None:
    """The position, if it is one of this history and the feed reaches back to it."""
    parts = position.split(":")
    if len(parts) != 4 or parts[0] not in ("s", "v") or not (parts[1].isdecimal() and len(parts[1]) < 16):
        return None
    place = _Place(parts[0] == "s", int(parts[1]), parts[2], parts[3])
    if not place.mark or _mark(uow, hq_id, place.version) != place.mark:
        return None
    is_inside = not place.is_whole and place.after != _END
    first = place.version if is_inside else place.version + 1
    gaps = select(func.count()).where(
        col(CatalogueVersionRow.store_id) == hq_id,
        col(CatalogueVersionRow.version) >= first,
        col(CatalogueVersionRow.change_count).is_(None),
    )
    return None if uow.session.connection().execute(gaps).scalar_one() else place


def _mark(uow: UnitOfWork, hq_id: str, version: int) -> str:
    marks = select(col(CatalogueVersionRow.mark)).where(
        col(CatalogueVersionRow.store_id) == hq_id, col(CatalogueVersionRow.version) == version
    )
    return uow.session.connection().execute(marks).scalar() or ""


def _newest(uow: UnitOfWork, hq_id: str) -> tuple[int, str]:
    rows = (
        select(col(CatalogueVersionRow.version), col(CatalogueVersionRow.mark))
        .where(col(CatalogueVersionRow.store_id) == hq_id)
        .order_by(col(CatalogueVersionRow.version).desc())
        .limit(1)
    )
    row = uow.session.connection().execute(rows).first()
    return (row.version, row.mark) if row is not None else (0, "")


def _made_at(uow: UnitOfWork, hq_id: str, versions: Sequence[int]) -> dict[int, datetime]:
    rows = select(col(CatalogueVersionRow.version), col(CatalogueVersionRow.made_at_utc)).where(
        col(CatalogueVersionRow.store_id) == hq_id, col(CatalogueVersionRow.version).in_(list(versions))
    )
    return {row.version: row.made_at_utc for row in uow.session.connection().execute(rows)}
