"""Owns what branches tell their headquarters: each message taken once, and proposals until somebody decides.

It must not know how messages arrive. What a branch tells of its stock and its days takes the place of what it
told before, never of something newer.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Table, select, update

from inventory.db.hq_table import BranchDayRow, HqInboxRow, ProposalRow
from inventory.db.repositories import ON_HAND, insert_new, put, write_audit
from inventory.db.tables import OnHandRow, StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.hq_wire import BranchEnvelope, DayMessage, ProposalMessage, StockReport
from inventory.services import catalogue_feed, hq_branches, item_fields
from inventory.services.hq_branches import Branch
from inventory.services.hq_feed import REFUSED
from inventory.services.item_fields import Origin

_tables = StoreTable.metadata.tables
_DAY: Table = _tables["branch_day"]
_PROPOSAL: Table = _tables["proposal"]
_INBOX: Table = _tables["hq_inbox"]


class MessageConflict(Exception):  # noqa: N818 - it names what the branch is told
    """The id was used before, for something else."""


class NotOpenError(LookupError):
    """There is no such proposal, or somebody has decided it already."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that a branch sells at and proposes to headquarters. `value` is JSON."""

    proposal_id: str
    branch_id: str
    gtin: str
    field: str
    value: str
    who: str
    at_utc: datetime


def receive(uow: UnitOfWork, hq_id: str, branch: Branch, envelope: BranchEnvelope, now_utc: datetime) -> bool:
    """Takes a message of a branch; False when it was taken before. Raises MessageConflict."""
    body_hash = hashlib.sha256(envelope.model_dump_json().encode()).hexdigest()
    key = {"store_id": hq_id, "branch_id": branch.branch_id, "message_id": envelope.message_id}
    if not insert_new(uow.session, HqInboxRow(**key, body_hash=body_hash, received_at_utc=now_utc)):
        taken = select(_INBOX.c.body_hash).where(*(_INBOX.c[name] == value for name, value in key.items()))
        if uow.session.connection().execute(taken).scalar() != body_hash:
            raise MessageConflict(f"Message {envelope.message_id} was taken before with other contents.")
        return False
    match envelope.message:
        case DayMessage() as day:
            _take_day(uow, hq_id, branch, day)
        case StockReport() as report:
            _take_stock(uow, branch, report)
        case ProposalMessage() as proposal:
            _take_proposal(uow, hq_id, branch, envelope.message_id, proposal)
    return True


def proposals(uow: UnitOfWork, hq_id: str, *, limit: int = 200) -> tuple[Proposal, ...]:
    """The proposals that nobody has decided, oldest first."""
    names = (_PROPOSAL.c[name] for name in Proposal.__slots__)
    rows = select(*names).where(_PROPOSAL.c.store_id == hq_id, _PROPOSAL.c.state == "open")
    found = uow.session.connection().execute(rows.order_by(_PROPOSAL.c.proposal_id).limit(limit))
    return tuple(Proposal(*row) for row in found)


def accept(
    uow: UnitOfWork, hq_id: str, proposal_id: str, *, everywhere: bool, who: str, now_utc: datetime
) -> None:
    """Makes the proposed value headquarters' own: for all, or a price for the branch alone.

    Raises NotOpenError, ItemFieldError and UnknownItemError.
    """
    found = _settled(uow, hq_id, proposal_id, "accepted", who, now_utc)
    value = json.loads(found.value)
    if everywhere or found.field != "price_minor":
        item_fields.set_fields(
            uow, hq_id, found.gtin, {found.field: value}, origin=Origin.HQ, who=who, now_utc=now_utc
        )
        return
    if not isinstance(value, int):
        raise item_fields.ItemFieldError(f"{found.value[:40]} is no price.")
    scope = f"store:{found.branch_id}"
    hq_branches.set_prices(uow, hq_id, scope, {found.gtin: value}, who=who, now_utc=now_utc)


def refuse(uow: UnitOfWork, hq_id: str, proposal_id: str, *, who: str, now_utc: datetime) -> None:
    """Tells the branch that headquarters stays with its own value. Raises NotOpenError."""
    found = _settled(uow, hq_id, proposal_id, REFUSED, who, now_utc)
    scope = f"store:{found.branch_id}"
    catalogue_feed.add_scoped(uow, hq_id, scope, [found.gtin], kind=REFUSED, now_utc=now_utc)


def _settled(
    uow: UnitOfWork, hq_id: str, proposal_id: str, state: str, who: str, now_utc: datetime
) -> Proposal:
    here = (_PROPOSAL.c.store_id == hq_id, _PROPOSAL.c.proposal_id == proposal_id)
    statement = update(_PROPOSAL).where(*here, _PROPOSAL.c.state == "open")
    connection = uow.session.connection()
    moved: CursorResult[Any] = connection.execute(
        statement.values(state=state, decided_by=who, decided_at_utc=now_utc)
    )
    if not moved.rowcount:
        raise NotOpenError(f"There is no open proposal {proposal_id[:64]}.")
    names = (_PROPOSAL.c[name] for name in Proposal.__slots__)
    found = Proposal(*connection.execute(select(*names).where(*here)).one())
    detail = f"{state}: {found.branch_id}, {found.gtin} {found.field} {found.value}"
    write_audit(uow.session, hq_id, who=who, what="proposal.decided", detail=detail[:4000], at_utc=now_utc)
    return found


def _take_day(uow: UnitOfWork, hq_id: str, branch: Branch, day: DayMessage) -> None:
    newer = select(_DAY.c.as_of_utc).where(
        _DAY.c.store_id == hq_id,
        _DAY.c.branch_id == branch.branch_id,
        _DAY.c.business_day == day.business_day,
        _DAY.c.as_of_utc > day.as_of_utc,
    )
    if uow.session.connection().execute(newer).first() is not None:
        return
    values = day.model_dump(exclude={"kind"})
    put(uow.session, BranchDayRow(store_id=hq_id, branch_id=branch.branch_id, **values))


def _take_stock(uow: UnitOfWork, branch: Branch, report: StockReport) -> None:
    """A branch's stock lies under its own id: whoever looks for the nearest store with an item finds it."""
    known = select(ON_HAND.c.gtin, ON_HAND.c.as_of_utc).where(
        ON_HAND.c.store_id == branch.branch_id, ON_HAND.c.gtin.in_([line.gtin for line in report.lines])
    )
    as_of = {row.gtin: row.as_of_utc for row in uow.session.connection().execute(known)}
    for line in report.lines:
        if line.gtin not in as_of or as_of[line.gtin] <= line.as_of_utc:
            put(uow.session, OnHandRow(store_id=branch.branch_id, **line.model_dump()))


def _take_proposal(
    uow: UnitOfWork, hq_id: str, branch: Branch, message_id: str, proposal: ProposalMessage
) -> None:
    """The newest of a branch for a field is the one to decide about."""
    older = (
        _PROPOSAL.c.store_id == hq_id,
        _PROPOSAL.c.branch_id == branch.branch_id,
        _PROPOSAL.c.gtin == proposal.gtin,
        _PROPOSAL.c.field == proposal.field,
        _PROPOSAL.c.state == "open",
    )
    uow.session.connection().execute(update(_PROPOSAL).where(*older).values(state="overtaken"))
    row = ProposalRow(
        store_id=hq_id,
        proposal_id=f"{branch.branch_id}:{message_id}",
        branch_id=branch.branch_id,
        gtin=proposal.gtin,
        field=proposal.field,
        value=proposal.value,
        who=proposal.who,
        at_utc=proposal.at_utc,
        state="open",
        decided_by="",
    )
    insert_new(uow.session, row)
