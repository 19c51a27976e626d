"""Owns what the store says of its shelves: the one place where ledger, baskets and doubts meet.

It must not know screens, nor post anything but counts. What changes is announced as `stock` and `shelves`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from inventory.db.repositories import insert_new, items_by_gtin, write_audit
from inventory.db.shelf_table import ShelfRuleRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.availability import (
    DEFAULT_RULE,
    LONGEST_CERTAIN_H,
    Availability,
    ShelfRule,
    assess,
    difference_of_count,
    records_are_trusted,
)
from inventory.domain.bundles import Part, explode
from inventory.domain.catalogue import Item, SoldBy
from inventory.domain.places import PLAIN
from inventory.domain.stock import BandLimits, Movement, Reason
from inventory.services import bundles, late_sales, reservations, shelves, stock, trust
from inventory.services.late_sales import Look
from inventory.wire import LaneStateMessage, ShelfRuleMessage, ShelvesMessage

MOST_JUDGED = 200
"""Counts a department is judged by; then both numbers are halved, so that what was long ago fades."""


class UncountableError(ValueError):
    """No such item, no such number, or a pack or bundle: its parts are counted."""


@dataclass(frozen=True, slots=True)
class RuleOfDepartment:
    """A department's rule as it was set, and how its last counts came out."""

    department: str
    rule: ShelfRule
    counted: int = 0
    agreed: int = 0


def of_item(uow: UnitOfWork, store_id: str, item: Item, now_utc: datetime) -> Availability | None:
    """What may be said of one item; None for what the store has never heard of."""
    level = stock.on_hand(uow, store_id, item.gtin)
    return None if level is None else assess(level.facts, now_utc, rule_of(uow, store_id, item.department))


def of_items(
    uow: UnitOfWork, store_id: str, items: Iterable[Item], now_utc: datetime
) -> dict[str, Availability]:
    """The same of several items, by GTIN; those nobody knows are left out."""
    rules = {each.department: each.rule for each in _messages(uow, store_id)}
    departments = {item.gtin: item.department for item in items}
    return {
        level.gtin: assess(level.facts, now_utc, rules.get(departments[level.gtin], DEFAULT_RULE))
        for level in stock.of_items(uow, store_id, departments)
    }


# --- rules ---------------------------------------------------------------------------------------


def rule_of(uow: UnitOfWork, store_id: str, department: str) -> ShelfRule:
    """The rule in force; a department whose records were wrong too often names no number."""
    row = uow.session.get(ShelfRuleRow, (store_id, department))
    return DEFAULT_RULE if row is None else _in_force(row)


def rules(uow: UnitOfWork, store_id: str) -> tuple[RuleOfDepartment, ...]:
    """Every department that items are in, with its rule as it was set."""
    rows = {row.department: row for row in _rows(uow, store_id)}
    names = sorted({*stock.departments(uow, store_id), *rows})
    return tuple(
        RuleOfDepartment(name, _as_set(row), row.counted, row.agreed)
        if (row := rows.get(name)) is not None
        else RuleOfDepartment(name, DEFAULT_RULE)
        for name in names
    )


def set_by_hand(uow: UnitOfWork, store_id: str) -> frozenset[str]:
    """The departments whose rule somebody set on the console."""
    return frozenset(row.department for row in _rows(uow, store_id) if row.set_by)


def set_rule_by_hand(
    uow: UnitOfWork, store_id: str, department: str, rule: ShelfRule, *, who: str, now_utc: datetime
) -> None:
    """What somebody set goes before the settings from now on. Raises ValueError for a rule without sense."""
    _signed(uow, store_id, department, rule, who=who, at_utc=now_utc)
    _note(uow, store_id, department, rule, who=who, at_utc=now_utc)


def give_rule_back(
    uow: UnitOfWork, store_id: str, department: str, settled: ShelfRule, *, who: str, now_utc: datetime
) -> None:
    """The department speaks again as the settings have it (`settled`)."""
    _signed(uow, store_id, department, settled, who="", at_utc=None)
    _note(uow, store_id, department, settled, who=who, at_utc=now_utc)


def set_rule(uow: UnitOfWork, store_id: str, department: str, rule: ShelfRule) -> None:
    """Sets how a department speaks and tells every screen. Raises ValueError for a rule without sense."""
    limits = rule.limits
    if not (department and 0 < limits.a_few_milli <= limits.plenty_milli <= 1_000_000_000):
        raise ValueError("“Plenty” begins at or above “a few”, and both above nothing.")
    if not 0 <= rule.certain_for_h <= LONGEST_CERTAIN_H:
        raise ValueError(f"A count is sure for 0 to {LONGEST_CERTAIN_H} hours.")
    row = _row(uow, store_id, department)
    row.plenty_milli, row.a_few_milli = limits.plenty_milli, limits.a_few_milli
    row.certain_for_h = rule.certain_for_h
    uow.session.add(row)
    uow.session.flush()
    _tell_rules(uow, store_id)


def keep_rules(uow: UnitOfWork, store_id: str, wanted: Mapping[str, ShelfRule]) -> None:
    """Departments speak by the rules in `wanted` and all others as most do.

    What counts found stays, and so does what somebody set by hand.
    """
    rows = _rows(uow, store_id)
    known = {row.department: _as_set(row) for row in rows}
    by_hand = {row.department for row in rows if row.set_by}
    for department in sorted({*wanted, *known} - by_hand):
        rule = wanted.get(department, DEFAULT_RULE)
        if known.get(department, DEFAULT_RULE) != rule:
            set_rule(uow, store_id, department, rule)


def shelves_now(uow: UnitOfWork, store_id: str, *, from_now: bool) -> ShelvesMessage:
    """What a lane must know before it is told of stock."""
    return ShelvesMessage(rules=_messages(uow, store_id), from_now=from_now)


# --- what changes it -----------------------------------------------------------------------------


def baskets_heard(uow: UnitOfWork, store_id: str, message: LaneStateMessage, now_utc: datetime) -> None:
    """Takes a lane's word about its baskets, and tells every screen what is left now.

    The lane's state is to be kept first: a lane that is heard is not silent.
    """
    opened = bundles.of(uow, store_id, [each.gtin for each in message.held]) if message.held else {}
    held: dict[str, int] = {}
    for each in message.held:
        for gtin, milli in explode(opened.get(each.gtin) or (Part(each.gtin, 1000),), each.quantity_milli):
            held[gtin] = held.get(gtin, 0) + milli
    stock.tell(uow, store_id, reservations.hold(uow, store_id, message.lane_id, held, now_utc))


def silent_baskets_ended(uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
    """Baskets of lanes that have been silent for too long hold nothing back any more."""
    stock.tell(uow, store_id, reservations.end_silent(uow, store_id, now_utc))


def shelf_found_empty(uow: UnitOfWork, store_id: str, gtin: str) -> None:
    """A shopper stands before an empty shelf: the records of the item are believed less from now on."""
    trust.doubted(uow, store_id, gtin, by=1)
    stock.tell(uow, store_id, [gtin])


def report_taken_back(uow: UnitOfWork, store_id: str, gtin: str) -> None:
    """The shopper was mistaken."""
    trust.doubted(uow, store_id, gtin, by=-1)
    stock.tell(uow, store_id, [gtin])


def shelf_looked_at(uow: UnitOfWork, store_id: str, gtin: str) -> None:
    """Staff have been there and did not count."""
    trust.looked(uow, store_id, gtin)
    stock.tell(uow, store_id, [gtin])


def count(
    uow: UnitOfWork,
    store_id: str,
    gtin: str,
    counted_milli: int,
    *,
    source_id: str,
    who: str,
    now_utc: datetime,
) -> int:
    """Posts what somebody counted on the shelf (0 or more); answers by how much the records were wrong.

    What lies in the back room is none of it. Raises UncountableError. The same source again posts nothing.
    """
    item = items_by_gtin(uow.session, store_id, [gtin]).get(gtin)
    level = stock.on_hand(uow, store_id, gtin)
    if item is None or level is None or counted_milli < 0 or not is_countable(uow, store_id, item):
        raise UncountableError(gtin)
    on_shelf = replace(level.facts, on_hand_milli=shelves.at(uow, store_id, gtin, PLAIN))
    in_baskets = reservations.held_by(uow, store_id, gtin)
    difference_milli = difference_of_count(counted_milli, on_shelf)
    movement = Movement(gtin, Reason.COUNT, difference_milli, source_id, who, now_utc)
    if stock.post(uow, store_id, movement):
        _judge(uow, store_id, item.department, is_right=difference_milli == 0)
        look = Look(gtin, now_utc, now_utc, json.dumps(in_baskets) if in_baskets else "")
        late_sales.looked(uow, store_id, {source_id: look})
    return difference_milli


def is_countable(uow: UnitOfWork, store_id: str, item: Item) -> bool:
    """Whether the item is counted itself: packs and bundles are counted as what they are made of."""
    return not item.is_pack and not bundles.of(uow, store_id, [item.gtin])


def in_milli(uow: UnitOfWork, store_id: str, gtin: str, number: int) -> int:
    """A number as people count it, pieces or grams, in the ledger's unit. Raises UncountableError."""
    item = items_by_gtin(uow.session, store_id, [gtin]).get(gtin)
    if item is None:
        raise UncountableError(gtin)
    return number if item.sold_by is SoldBy.WEIGHT else number * 1000


def _judge(uow: UnitOfWork, store_id: str, department: str, *, is_right: bool) -> None:
    """One more count of a department, and whether it found what the records said."""
    if not department:
        return
    row = _row(uow, store_id, department)
    before = _in_force(row)
    row.counted, row.agreed = row.counted + 1, row.agreed + is_right
    if row.counted > MOST_JUDGED:
        row.counted, row.agreed = row.counted // 2, row.agreed // 2
    uow.session.add(row)
    uow.session.flush()
    if _in_force(row) != before:
        _tell_rules(uow, store_id)


def _signed(
    uow: UnitOfWork, store_id: str, department: str, rule: ShelfRule, *, who: str, at_utc: datetime | None
) -> None:
    set_rule(uow, store_id, department, rule)
    row = _row(uow, store_id, department)
    row.set_by, row.set_at_utc = who, at_utc
    uow.session.add(row)
    uow.session.flush()


def _note(
    uow: UnitOfWork, store_id: str, department: str, rule: ShelfRule, *, who: str, at_utc: datetime
) -> None:
    limits = rule.limits
    detail = (
        f"{department}: {limits.plenty_milli}, {limits.a_few_milli} (thousandths), {rule.certain_for_h} h"
    )
    write_audit(uow.session, store_id, who=who, what="shelf.rule", detail=detail, at_utc=at_utc)


def _tell_rules(uow: UnitOfWork, store_id: str) -> None:
    uow.announce(store_id, "shelves", message=shelves_now(uow, store_id, from_now=False))


def _rows(uow: UnitOfWork, store_id: str) -> tuple[ShelfRuleRow, ...]:
    rows = uow.session.exec(
        select(ShelfRuleRow).where(ShelfRuleRow.store_id == store_id).order_by(col(ShelfRuleRow.department))
    )
    return tuple(rows)


def _row(uow: UnitOfWork, store_id: str, department: str) -> ShelfRuleRow:
    """The department's row, to be changed; made of the default where there is none."""
    limits = DEFAULT_RULE.limits
    fresh = ShelfRuleRow(
        store_id=store_id,
        department=department,
        plenty_milli=limits.plenty_milli,
        a_few_milli=limits.a_few_milli,
        certain_for_h=DEFAULT_RULE.certain_for_h,
    )
    insert_new(uow.session, fresh)
    row = uow.session.get(ShelfRuleRow, (store_id, department), with_for_update=True, populate_existing=True)
    assert row is not None, "it was made just now, if it was not there"
    return row


def _as_set(row: ShelfRuleRow) -> ShelfRule:
    return ShelfRule(BandLimits(row.plenty_milli, row.a_few_milli), row.certain_for_h)


def _in_force(row: ShelfRuleRow) -> ShelfRule:
    certain_for_h = row.certain_for_h if records_are_trusted(row.counted, row.agreed) else 0
    return ShelfRule(BandLimits(row.plenty_milli, row.a_few_milli), certain_for_h)


def _messages(uow: UnitOfWork, store_id: str) -> tuple[ShelfRuleMessage, ...]:
    rules_in_force = ((row.department, _in_force(row)) for row in _rows(uow, store_id))
    return tuple(
        ShelfRuleMessage(
            department=department,
            plenty_milli=rule.limits.plenty_milli,
            a_few_milli=rule.limits.a_few_milli,
            certain_for_h=rule.certain_for_h,
        )
        for department, rule in rules_in_force
        if rule != DEFAULT_RULE
    )
