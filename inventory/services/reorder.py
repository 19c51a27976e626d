"""Owns the reorder rules of a store, and the rules that its sales suggest.

It must not order anything: it says what is low and how much would fill it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Subquery, cast, func, select
from sqlmodel import col

from inventory.db.ledger_table import ReorderRow
from inventory.db.repositories import ITEM, MOVEMENT, put, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.reordering import WEEKS, ReorderRule, check_rule, suggested
from inventory.domain.stock import Reason

LOOK_BACK = timedelta(weeks=WEEKS)


def put_rule(uow: UnitOfWork, store_id: str, rule: ReorderRule, *, who: str, now_utc: datetime) -> None:
    """Sets an item's rule in place of the one it had. Raises RuleError."""
    check_rule(rule)
    row = ReorderRow(
        store_id=store_id, gtin=rule.gtin, point_milli=rule.point_milli, target_milli=rule.target_milli
    )
    put(uow.session, row)
    detail = f"{rule.gtin}: {rule.point_milli} / {rule.target_milli}"
    write_audit(uow.session, store_id, who=who, what="reorder.set", detail=detail, at_utc=now_utc)


def take_suggestions(uow: UnitOfWork, store_id: str, *, who: str, now_utc: datetime) -> int:
    """Gives every item that was sold lately and has no rule the suggested one; answers how many."""
    sold = sold_since(store_id, now_utc - LOOK_BACK)
    wanted = (
        select(sold.c.gtin, sold.c.sold_milli)
        .join(ITEM, (ITEM.c.store_id == store_id) & (ITEM.c.gtin == sold.c.gtin))
        .outerjoin(ReorderRow, (col(ReorderRow.store_id) == store_id) & (col(ReorderRow.gtin) == sold.c.gtin))
        .where(col(ReorderRow.gtin).is_(None), sold.c.sold_milli > 0)
        .order_by(sold.c.gtin)
    )
    rows = uow.session.connection().execute(wanted).all()
    for row in rows:
        put_rule(uow, store_id, suggested(row.gtin, int(row.sold_milli)), who=who, now_utc=now_utc)
    return len(rows)


def sold_since(store_id: str, since_utc: datetime) -> Subquery:
    """What was sold of each item since then, less what came back (`gtin`, `sold_milli`)."""
    return (
        select(MOVEMENT.c.gtin, cast(-func.sum(MOVEMENT.c.quantity_milli), BigInteger).label("sold_milli"))
        .where(
            MOVEMENT.c.store_id == store_id,
            MOVEMENT.c.at_utc >= since_utc,
            MOVEMENT.c.reason.in_([Reason.SALE.value, Reason.RETURN.value]),
        )
        .group_by(MOVEMENT.c.gtin)
        .subquery("sold")
    )
