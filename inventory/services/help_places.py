"""Owns what waiting lanes are told: their place in line, and about when somebody will be there.

It must not promise: a band is what is usual at this hour, with the calls that come first and the people here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from inventory.db.help_table import HelpRequestRow
from inventory.db.tables import SessionRow
from inventory.db.unit_of_work import UnitOfWork, lane_audience
from inventory.domain.help_waiting import Band, band_of, expected_s, waiting_since
from inventory.domain.staff import IDLE_LIMIT
from inventory.services.help_rows import HelpRequest
from inventory.services.stores import Store, business_time, find_store
from inventory.wire import HelpPlaceMessage

MOST_PLACES = 30
"""Lanes behind the thirtieth are not told of every step before them: nobody reads that."""

LOOKED_BACK = timedelta(days=28)
ARRIVALS_READ = 300
"""The newest of the last four weeks: what is usual changes with the season and the people."""


def announce(
    uow: UnitOfWork,
    store_id: str,
    waiting: Iterable[HelpRequest],
    changed: HelpRequest,
    now_utc: datetime,
) -> None:
    """Tells every waiting lane its place and band, and the lane of a call just answered how soon."""
    told = [each for each in waiting if each.case.is_waiting][:MOST_PLACES]
    is_answered = changed.case.is_open and not changed.case.is_waiting
    if not told and not is_answered:
        return
    usual = _Usual(uow, store_id, now_utc)
    for ahead, call in enumerate(told):
        _tell(uow, store_id, call, ahead + 1, usual.band(ahead))
    if is_answered:
        _tell(uow, store_id, changed, 0, usual.band(0))


def places_of_lane(
    uow: UnitOfWork, store_id: str, lane_id: str, requests: Sequence[HelpRequest], now_utc: datetime
) -> list[HelpPlaceMessage]:
    """What a lane that comes back must hear of its open calls; `requests` are all open ones in turn."""
    mine = [each for each in requests if each.lane_id == lane_id]
    if not mine:
        return []
    usual = _Usual(uow, store_id, now_utc)
    waiting = [each.help_id for each in requests if each.case.is_waiting]
    return [
        HelpPlaceMessage(
            help_id=each.help_id,
            lane_id=lane_id,
            place=waiting.index(each.help_id) + 1 if each.case.is_waiting else 0,
            band=usual.band(waiting.index(each.help_id) if each.case.is_waiting else 0),
        )
        for each in mine
    ]


class _Usual:
    """How long it usually takes here, read once for all who are told."""

    def __init__(self, uow: UnitOfWork, store_id: str, now_utc: datetime) -> None:
        store = find_store(uow, store_id)
        self._this_hour, self._all_hours = _walks(uow, store, now_utc)
        self._staff = staff_here(uow, store_id, now_utc)

    def band(self, ahead: int) -> Band:
        return band_of(expected_s(self._this_hour, self._all_hours, ahead=ahead, staff=self._staff))


def staff_here(uow: UnitOfWork, store_id: str, now_utc: datetime) -> int:
    """How many people are signed in and have touched a page lately."""
    return uow.session.exec(
        select(func.count(func.distinct(SessionRow.staff_id))).where(
            SessionRow.store_id == store_id,
            col(SessionRow.revoked_at_utc).is_(None),
            col(SessionRow.last_seen_at_utc) > now_utc - IDLE_LIMIT,
        )
    ).one()


def _walks(uow: UnitOfWork, store: Store, now_utc: datetime) -> tuple[list[int], list[int]]:
    """Seconds from call to arrival, the newest first: at this hour of the store's clock, and at all."""
    rows = uow.session.exec(
        select(
            HelpRequestRow.requested_at_utc,
            HelpRequestRow.received_at_utc,
            HelpRequestRow.arrived_at_utc,
        )  # whole rows took as long to make as all the rest of a step
        .where(
            HelpRequestRow.store_id == store.store_id,
            col(HelpRequestRow.arrived_at_utc) >= now_utc - LOOKED_BACK,
        )
        .order_by(col(HelpRequestRow.arrived_at_utc).desc())
        .limit(ARRIVALS_READ)
    )
    _day, hour_now = business_time(store, now_utc)
    this_hour, all_hours = [], []
    for requested_utc, received_utc, arrived_utc in rows:
        assert arrived_utc is not None, "asked for above"
        walk_s = max(0, round((arrived_utc - waiting_since(requested_utc, received_utc)).total_seconds()))
        all_hours.append(walk_s)
        if business_time(store, arrived_utc)[1] == hour_now:
            this_hour.append(walk_s)
    return this_hour, all_hours


def _tell(uow: UnitOfWork, store_id: str, call: HelpRequest, place: int, band: Band) -> None:
    message = HelpPlaceMessage(help_id=call.help_id, lane_id=call.lane_id, place=place, band=band)
    uow.announce(store_id, "place", message=message, audience=lane_audience(call.lane_id))
