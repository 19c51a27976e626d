"""Owns planned prices: taking one in, carrying out what is due, calling one off.

It must not know clocks or pages: whoever calls says what time it is. All that is due becomes one catalogue
version, however many prices it moves: lanes fetch once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.price_plan_table import PricePlanRow
from inventory.db.repositories import ITEM, items_by_gtin, ordered_id, write_audit
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.domain.price_plan import ALIVE, PlanState, Played, PricePlan, call_off, play
from inventory.services import catalogue, item_fields
from inventory.services.item_list import naming
from inventory.services.listing import By, Field, Kind, Listing, Order

MAX_REASON_LENGTH = 120
FARTHEST = timedelta(days=5 * 366)
"""How far ahead a price may be planned: farther is a slip of the finger in the year."""
_AT_ONCE = 500
_ALIVE = tuple(state.value for state in ALIVE)
_PLAN: Any = StoreTable.metadata.tables["price_plan"]

_ITEM_TO_PLAN = (
    select_columns(ITEM.c.gtin)
    .where(ITEM.c.store_id == bindparam("store"), ITEM.c.gtin == bindparam("gtin"))
    .with_for_update()
)


class PlanFault(Enum):
    """Why a price cannot be planned so."""

    NO_ITEM = "no-item"
    PRICE = "price"
    PAST = "past"
    BACKWARDS = "backwards"
    TOO_FAR = "too-far"
    OVERLAP = "overlap"
    GONE = "gone"


class PlanRefused(Exception):  # noqa: N818 - it names what the manager is told
    """Nothing was planned. `other` is the plan that stands in the way, for an overlap."""

    def __init__(self, fault: PlanFault, other: PricePlan | None = None) -> None:
        super().__init__(f"The price was not planned: {fault.value}.")
        self.fault = fault
        self.other = other


@dataclass(frozen=True, slots=True)
class Applied:
    """What was due: how many prices moved, and the catalogue's version if any did."""

    price_count: int
    version: int | None


@dataclass(frozen=True, slots=True)
class _Moved:
    """An item whose price moves, and who planned it or called it off."""

    before: Item
    price_minor: int
    who: str


def plan(
    uow: UnitOfWork,
    store_id: str,
    gtin: str,
    *,
    price_minor: int,
    from_utc: datetime,
    until_utc: datetime | None,
    reason: str,
    who: str,
    now_utc: datetime,
) -> str:
    """Plans a price and answers its id; one that is due already begins with the next `apply_due`.

    Raises PlanRefused, also when another plan of the item holds at any of these instants.
    """
    wanted = PricePlan(ordered_id(now_utc), gtin, price_minor, from_utc, until_utc)
    _refuse_impossible(uow, store_id, wanted, now_utc)
    for row in _rows_of(uow, store_id, [gtin]):
        if _plan(row).overlaps(wanted):
            raise PlanRefused(PlanFault.OVERLAP, _plan(row))
    uow.session.add(
        PricePlanRow(
            store_id=store_id,
            plan_id=wanted.plan_id,
            gtin=gtin,
            price_minor=price_minor,
            valid_from_utc=from_utc,
            valid_until_utc=until_utc,
            reason=" ".join(reason.split())[:MAX_REASON_LENGTH],
            who=who,
            made_at_utc=now_utc,
            state=PlanState.PLANNED.value,
            due_utc=from_utc,
        )
    )
    uow.session.flush()
    detail = f"{gtin}: {price_minor} from {from_utc:%Y-%m-%d %H:%M} UTC" + (
        f" until {until_utc:%Y-%m-%d %H:%M} UTC" if until_utc is not None else ""
    )
    write_audit(uow.session, store_id, who=who, what="price.planned", detail=detail, at_utc=now_utc)
    return wanted.plan_id


def next_due(uow: UnitOfWork, store_id: str) -> datetime | None:
    """When the next plan begins or ends; None while there is none. One look into an index."""
    return uow.session.exec(
        select(PricePlanRow.due_utc)
        .where(PricePlanRow.store_id == store_id, col(PricePlanRow.due_utc).is_not(None))
        .order_by(col(PricePlanRow.due_utc))
        .limit(1)
    ).first()


def apply_due(uow: UnitOfWork, store_id: str, now_utc: datetime) -> Applied:
    """Begins and ends every plan that is due; answers what moved. Safe to repeat, and to come late.

    An item that left the catalogue loses its plans. On a server with several processes the rows are locked,
    so a plan is carried out once.
    """
    due = uow.session.exec(
        select(PricePlanRow)
        .where(PricePlanRow.store_id == store_id, col(PricePlanRow.due_utc) <= now_utc)
        .order_by(col(PricePlanRow.gtin), col(PricePlanRow.valid_from_utc))
        .with_for_update()
    ).all()
    rows: defaultdict[str, list[PricePlanRow]] = defaultdict(list)
    for row in due:
        rows[row.gtin].append(row)
    moved: list[_Moved] = []
    ordered = sorted(rows)
    for begin in range(0, len(ordered), _AT_ONCE):
        some = ordered[begin : begin + _AT_ONCE]
        items = items_by_gtin(uow.session, store_id, some)
        for gtin in some:
            moved += _carry_out(uow, rows[gtin], items.get(gtin), now_utc)
    if not moved:
        return Applied(0, None)
    return Applied(len(moved), _sell_at(uow, store_id, moved, now_utc))


def cancel(uow: UnitOfWork, store_id: str, plan_id: str, *, who: str, now_utc: datetime) -> PricePlan:
    """Calls a plan off; one that runs gives the former price back. Raises PlanRefused once it is over."""
    row = uow.session.get(PricePlanRow, (store_id, plan_id), with_for_update=True)
    if row is None or row.state not in _ALIVE:
        raise PlanRefused(PlanFault.GONE)
    before = _plan(row)
    item = items_by_gtin(uow.session, store_id, [row.gtin]).get(row.gtin)
    ended = call_off(before, item.price_minor if item is not None else before.price_minor)
    _write(uow, row, ended.plans[0])
    if item is not None and ended.price_minor != item.price_minor:
        _sell_at(uow, store_id, [_Moved(item, ended.price_minor, who)], now_utc)
    detail = f"{row.gtin}: {row.price_minor}"
    write_audit(uow.session, store_id, who=who, what="price.called-off", detail=detail, at_utc=now_utc)
    return before


def of_item(uow: UnitOfWork, store_id: str, gtin: str) -> tuple[PricePlanRow, ...]:
    """The plans of an item that are still to do something, by their beginning."""
    return tuple(_rows_of(uow, store_id, [gtin]))


@cache
def plans(language: str) -> Listing:
    """Every plan of the store, the last to begin first, with its item's name in `language`."""
    return Listing(
        source=_PLAN.outerjoin(ITEM, and_(ITEM.c.store_id == _PLAN.c.store_id, ITEM.c.gtin == _PLAN.c.gtin)),
        scope=_PLAN.c.store_id,
        key=(_PLAN.c.plan_id,),
        fields=(
            *naming(language, store_id=_PLAN.c.store_id, gtin=_PLAN.c.gtin),
            Field("price", _PLAN.c.price_minor, Kind.MONEY, filter=By.RANGE),
            Field("former", _PLAN.c.former_minor, Kind.MONEY, is_nullable=True),
            Field("from", _PLAN.c.valid_from_utc, Kind.MOMENT, filter=By.RANGE),
            Field("until", _PLAN.c.valid_until_utc, Kind.MOMENT, is_nullable=True),
            Field("state", _PLAN.c.state, filter=By.VALUE),
            Field("reason", _PLAN.c.reason, filter=By.PART),
            Field("who", _PLAN.c.who),
            Field("gtin", _PLAN.c.gtin, is_sortable=False),
            Field("plan_id", _PLAN.c.plan_id, is_sortable=False),
        ),
        default=Order("from", is_down=True),
    )


def _refuse_impossible(uow: UnitOfWork, store_id: str, wanted: PricePlan, now_utc: datetime) -> None:
    if not 1 <= wanted.price_minor <= MAX_AMOUNT_MINOR:
        raise PlanRefused(PlanFault.PRICE)
    if wanted.until_utc is not None and wanted.until_utc <= wanted.from_utc:
        raise PlanRefused(PlanFault.BACKWARDS)
    if wanted.until_utc is not None and wanted.until_utc <= now_utc:
        raise PlanRefused(PlanFault.PAST)
    if max(wanted.from_utc, wanted.until_utc or wanted.from_utc) > now_utc + FARTHEST:
        raise PlanRefused(PlanFault.TOO_FAR)
    # Locked until the commit: two people who plan for one item at once are told of each other.
    found = uow.session.connection().execute(_ITEM_TO_PLAN, {"store": store_id, "gtin": wanted.gtin}).first()
    if found is None:
        raise PlanRefused(PlanFault.NO_ITEM)


def _carry_out(
    uow: UnitOfWork, rows: Sequence[PricePlanRow], item: Item | None, now_utc: datetime
) -> list[_Moved]:
    if item is None:
        for row in rows:
            row.state, row.due_utc = PlanState.OVER.value, None
            uow.session.add(row)
        return []
    played = play(map(_plan, rows), item.price_minor, now_utc)
    _keep(uow, rows, played)
    if played.price_minor == item.price_minor:
        return []
    detail = f"{item.gtin}: {item.price_minor} → {played.price_minor}"
    store_id, who = rows[0].store_id, rows[-1].who
    write_audit(uow.session, store_id, who=who, what="price.applied", detail=detail, at_utc=now_utc)
    return [_Moved(item, played.price_minor, who)]


def _sell_at(uow: UnitOfWork, store_id: str, moved: Sequence[_Moved], now_utc: datetime) -> int:
    """Sells these items at their new prices in one version, which is answered.

    The prices are the store's own, as those typed by hand: headquarters does not write over them unasked.
    """
    put = [replace(each.before, price_minor=each.price_minor) for each in moved]
    version = catalogue.change_items(uow, store_id, put=put, now_utc=now_utc)
    for each, after in zip(moved, put, strict=True):
        item_fields.note_change(
            uow,
            store_id,
            each.before,
            after,
            origin=item_fields.Origin.STORE,
            version=version,
            who=each.who,
            now_utc=now_utc,
        )
    return version


def _keep(uow: UnitOfWork, rows: Sequence[PricePlanRow], played: Played) -> None:
    after = {plan.plan_id: plan for plan in played.plans}
    for row in rows:
        _write(uow, row, after[row.plan_id])


def _write(uow: UnitOfWork, row: PricePlanRow, after: PricePlan) -> None:
    row.state, row.former_minor, row.due_utc = after.state.value, after.former_minor, after.due_utc
    uow.session.add(row)


def _rows_of(uow: UnitOfWork, store_id: str, gtins: Sequence[str]) -> Sequence[PricePlanRow]:
    return uow.session.exec(
        select(PricePlanRow)
        .where(
            PricePlanRow.store_id == store_id,
            col(PricePlanRow.gtin).in_(gtins),
            col(PricePlanRow.state).in_(_ALIVE),
        )
        .order_by(col(PricePlanRow.valid_from_utc))
    ).all()


def _plan(row: PricePlanRow) -> PricePlan:
    return PricePlan(
        row.plan_id,
        row.gtin,
        row.price_minor,
        row.valid_from_utc,
        row.valid_until_utc,
        PlanState(row.state),
        row.former_minor,
    )
