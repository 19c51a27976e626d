"""Owns the taking in of headquarters' pages: all of a page in one transaction, or nothing of it.

It must not fetch. A page is taken only where the one before it ended, so lost, repeated and reordered pages
do nothing. An event that cannot be used is put aside and tried again with every later page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Table, delete, select, update

from inventory.db.repositories import items_by_gtin, put_all
from inventory.db.tables import StoreTable
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.catalogue import Item
from inventory.domain.merging import WHOLE_ITEM, Merged, merge
from inventory.hq_wire import PAGE_EVENTS, FieldMark, HqEvent, HqPage
from inventory.services import catalogue, conflicts, item_fields, quarantine
from inventory.services.catalogue_feed import portions
from inventory.services.item_fields import FieldVersion, ItemFieldError, Origin
from inventory.services.stores import find_store

_LINE: Table = StoreTable.metadata.tables["hq_line"]
_BASE: Table = StoreTable.metadata.tables["hq_item"]


@dataclass(frozen=True, slots=True)
class _Case:
    """One event with what is known of its item."""

    event: HqEvent
    base: Item | None
    ours: Item | None
    theirs: Item | None
    known: Mapping[str, FieldVersion]

    def merged(self) -> Merged:
        own = {name for name, line in self.known.items() if line.origin is Origin.STORE}
        return merge(self.base, self.ours, self.theirs, own=own, refused=self.event.refused)


def apply_page(uow: UnitOfWork, store_id: str, page: HqPage, now_utc: datetime) -> bool:
    """Takes a page; False where it does not follow on what was taken before. Makes one catalogue version."""
    lines = select(_LINE.c.position, _LINE.c.round).where(_LINE.c.store_id == store_id).with_for_update()
    line = uow.session.connection().execute(lines).first()
    if line is None or line.position != page.position:
        return False
    round_ = page.round or line.round
    fresh = _readable(uow, store_id, page.events, now_utc)
    quarantine.settle(uow, store_id, fresh, "overtaken")
    again = {event.gtin: event for event in _retried(uow, store_id) if event.gtin not in fresh}
    _apply(uow, store_id, again | fresh, round_, now_utc)
    if page.is_whole:
        _drop_untold(uow, store_id, round_, now_utc)
    values = {"position": page.next, "round": round_, "behind": page.behind}
    uow.session.connection().execute(update(_LINE).where(_LINE.c.store_id == store_id).values(values))
    return True


def place(uow: UnitOfWork, store_id: str) -> str | None:
    """Where the feed goes on; None for a store without a headquarters."""
    found = select(_LINE.c.position).where(_LINE.c.store_id == store_id)
    return uow.session.connection().execute(found).scalar()


def retry(uow: UnitOfWork, store_id: str, now_utc: datetime) -> int:
    """Tries everything that was put aside once more; answers how much still waits."""
    lines = select(_LINE.c.round).where(_LINE.c.store_id == store_id).with_for_update()
    line = uow.session.connection().execute(lines).first()
    if line is not None:
        again = {event.gtin: event for event in _retried(uow, store_id)}
        _apply(uow, store_id, again, line.round, now_utc)
    return quarantine.count(uow, store_id)


def _readable(uow: UnitOfWork, store_id: str, events: Iterable[Any], now_utc: datetime) -> dict[str, HqEvent]:
    found: dict[str, HqEvent] = {}
    for raw in events:
        try:
            event = HqEvent.model_validate_json(json.dumps(raw))
        except (ValidationError, ValueError) as error:
            reason = f"The event cannot be read: {str(error).splitlines()[0]}"
            body = json.dumps(raw, default=str)
            quarantine.keep(uow, store_id, quarantine.unreadable_id(raw), "", body, reason, now_utc)
        else:
            found[event.gtin] = event
    return found


def _retried(uow: UnitOfWork, store_id: str) -> Iterator[HqEvent]:
    for each in quarantine.waiting(uow, store_id):
        if each.gtin:  # what could not be read will not be read now
            yield HqEvent.model_validate_json(each.body)


def _apply(
    uow: UnitOfWork, store_id: str, events: Mapping[str, HqEvent], round_: str, now_utc: datetime
) -> None:
    cases, aside = _cases(uow, store_id, events)
    results = {case.event.gtin: case.merged() for case in cases}
    aside |= _unsellable(uow, store_id, cases, results)
    good = [case for case in cases if case.event.gtin not in aside]
    put_items, dropped = [], []
    for case in good:
        item = results[case.event.gtin].item
        if item is None and case.ours is not None:
            dropped.append(case.event.gtin)
        elif item is not None and item != case.ours:
            put_items.append(item)
    version = catalogue.version(uow, store_id)
    if put_items or dropped:
        version = catalogue.change_items(uow, store_id, put=put_items, dropped=dropped, now_utc=now_utc)
    disputed = conflicts.with_conflicts(uow, store_id)
    for case in good:
        gtin = case.event.gtin
        _note(
            uow,
            store_id,
            case,
            results[gtin],
            version=version,
            is_disputed=gtin in disputed,
            now_utc=now_utc,
        )
    _keep_bases(uow, store_id, good, round_)
    quarantine.settle(uow, store_id, [case.event.gtin for case in good], "used")
    for gtin, reason in aside.items():
        event = events[gtin]
        quarantine.keep(uow, store_id, event.event_id, gtin, event.model_dump_json(), reason, now_utc)
    _still_told(uow, store_id, list(aside), round_)


def _cases(
    uow: UnitOfWork, store_id: str, events: Mapping[str, HqEvent]
) -> tuple[list[_Case], dict[str, str]]:
    """The events with what is known, and why some of them say nothing that can be an item."""
    gtins = list(events)
    ours: dict[str, Item] = {}
    for some in portions(gtins):
        ours |= items_by_gtin(uow.session, store_id, some)
    bases = _bases(uow, store_id, gtins)
    known = item_fields.of_items(uow, store_id, gtins)
    currency, rates = find_store(uow, store_id).currency, catalogue.tax_rates(uow, store_id)
    cases, aside = [], {}
    for gtin, event in events.items():
        try:
            theirs = _item(event, currency, rates)
        except ItemFieldError as error:
            aside[gtin] = str(error)
        else:
            cases.append(_Case(event, bases.get(gtin), ours.get(gtin), theirs, known.get(gtin, {})))
    return cases, aside


def _item(event: HqEvent, currency: str, rates: Mapping[str, int]) -> Item | None:
    if event.item is None:
        return None
    item = item_fields.item_from(event.item)
    if item.gtin != event.gtin:
        raise ItemFieldError(f"The item says it is {item.gtin[:20]}.")
    if item.currency != currency:
        raise ItemFieldError(f"The item is priced in {item.currency[:10]}, the store sells in {currency}.")
    fault = next(item_fields.faults(item, rates), None)
    if fault is not None:
        raise ItemFieldError(fault)
    return item


def _unsellable(
    uow: UnitOfWork, store_id: str, cases: Sequence[_Case], results: Mapping[str, Merged]
) -> dict[str, str]:
    """Why some of what would be sold cannot be; whoever is left out may make room or trouble for another."""
    aside: dict[str, str] = {}
    moved: dict[str, tuple[str, ...]] = {}
    for case in cases:
        item = results[case.event.gtin].item
        if item is not None and item != case.ours:
            new = item_fields.FIELDS if case.ours is None else item_fields.differing(case.ours, item)
            moved[case.event.gtin] = new
    while True:
        left = {gtin: result.item for gtin, result in results.items() if gtin not in aside}
        together = {gtin: item for gtin, item in left.items() if item is not None}
        candidates = {gtin: together[gtin] for gtin in moved if gtin in together}
        gone = left.keys() - together.keys()
        found = item_fields.taken(uow, store_id, candidates, moved, together=together, gone=gone)
        if not found:
            return aside
        aside |= found


def _note(
    uow: UnitOfWork,
    store_id: str,
    case: _Case,
    result: Merged,
    *,
    version: int,
    is_disputed: bool,
    now_utc: datetime,
) -> None:
    """Writes whose each field is now, and what is disputed."""
    gtin, event = case.event.gtin, case.event
    for name in result.disputed:
        mark = event.refused.get(name) or _mark(event, name)
        theirs = conflicts.DROPPED
        if name != WHOLE_ITEM and case.theirs is not None:
            theirs = item_fields.value_of(case.theirs, name)
        conflicts.dispute(uow, store_id, gtin, name, theirs, mark, now_utc)
    given_up = [
        name for name in result.agreed if name in case.known and case.known[name].origin is Origin.STORE
    ]
    for name in (*result.taken, *given_up):
        if name != WHOLE_ITEM and case.theirs is not None:
            mark, value = _mark(event, name), item_fields.value_of(case.theirs, name)
            line = FieldVersion(name, value, Origin.HQ, version, mark.who, mark.at_utc)
            item_fields.remember(uow, store_id, gtin, line)
    if is_disputed:
        settled = [*result.agreed, *result.taken, *([WHOLE_ITEM] if case.theirs is not None else [])]
        conflicts.agree(uow, store_id, gtin, settled, now_utc)


def _mark(event: HqEvent, name: str) -> FieldMark:
    return event.fields.get(name) or FieldMark(who=event.who, at_utc=event.at_utc)


def _keep_bases(uow: UnitOfWork, store_id: str, cases: Sequence[_Case], round_: str) -> None:
    """What headquarters said of each item is what its next word is compared with."""
    kept: list[dict[str, str]] = []
    for case in sorted(cases, key=lambda case: case.event.gtin):
        gtin = case.event.gtin
        if case.theirs is None:
            here = (_BASE.c.store_id == store_id, _BASE.c.gtin == gtin)
            uow.session.connection().execute(delete(_BASE).where(*here))
            continue
        body = json.dumps(item_fields.plain_item(case.theirs), ensure_ascii=False)
        kept.append({"store_id": store_id, "gtin": gtin, "round": round_, "body": body})
    put_all(uow.session, _BASE, kept)


def _still_told(uow: UnitOfWork, store_id: str, gtins: Sequence[str], round_: str) -> None:
    """What was put aside was told all the same: it is not among what headquarters no longer has."""
    if gtins:
        here = (_BASE.c.store_id == store_id, _BASE.c.gtin.in_(list(gtins)))
        uow.session.connection().execute(update(_BASE).where(*here).values(round=round_))


def _bases(uow: UnitOfWork, store_id: str, gtins: Sequence[str]) -> dict[str, Item]:
    rows = select(_BASE.c.gtin, _BASE.c.body).where(
        _BASE.c.store_id == store_id, _BASE.c.gtin.in_(list(gtins))
    )
    found = uow.session.connection().execute(rows)
    return {gtin: item_fields.item_from(json.loads(body)) for gtin, body in found}


def _drop_untold(uow: UnitOfWork, store_id: str, round_: str, now_utc: datetime) -> None:
    """After a whole: what headquarters sent once and no longer has."""
    rows = select(_BASE.c.gtin).where(_BASE.c.store_id == store_id, _BASE.c.round != round_)
    gtins = uow.session.connection().execute(rows.order_by(_BASE.c.gtin)).scalars().all()
    for start in range(0, len(gtins), PAGE_EVENTS):
        events = {
            gtin: HqEvent(event_id=f"whole:{gtin}", gtin=gtin, item=None, at_utc=now_utc)
            for gtin in gtins[start : start + PAGE_EVENTS]
        }
        _apply(uow, store_id, events, round_, now_utc)
