"""Owns what a wall says to everybody alike, read in one transaction.

It must not know who looks at it, nor what any of it looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from inventory.db.unit_of_work import Database
from inventory.domain.routing import Desk
from inventory.services import (
    catalogue,
    desk_calls,
    desks,
    empty_shelves,
    feedback_alerts,
    floor_work,
    help_desk,
    lane_list,
    lanes,
    on_shift,
    stores,
    tasks,
)
from inventory.web.pages import Clock
from inventory.web.price_form import PriceTerms
from inventory.web.talk_form import talks_now
from inventory.web.talk_parts import Talks


@dataclass(frozen=True, slots=True)
class WallFacts:
    """One moment of the floor. `answers_s` are today's waits for an answer, sorted."""

    now_utc: datetime
    zone: ZoneInfo
    terms: PriceTerms
    answers_s: list[int]
    seen: tuple[lanes.LaneOnWall, ...]
    to_do: tuple[tasks.Task, ...]
    alerts: tuple[feedback_alerts.StandingAlert, ...]
    shelves: dict[str, empty_shelves.MissedGood]
    talks: Talks
    colleagues: tuple[on_shift.Colleague, ...]
    desks: tuple[Desk, ...]
    lags: Mapping[int, lane_list.Lag]
    work_count: int
    """How much there is to do on the floor."""
    elsewhere: int | None
    """Calls of other stores that wait for this desk; None where there is no desk."""


def read_facts(database: Database, store_id: str, language: str, clock: Clock) -> WallFacts:
    """What stands on every wall now."""
    now_utc = clock()
    with database.read() as uow:
        store = stores.find_store(uow, store_id)
        zone = ZoneInfo(store.timezone)
        midnight = datetime.combine(now_utc.astimezone(zone).date(), time(), tzinfo=zone)
        is_desk = desks.terms_of(uow, store_id) is not None
        seen, to_do = lanes.wall(uow, store_id, now_utc), tasks.open_tasks(uow, store_id)
        return WallFacts(
            now_utc=now_utc,
            zone=zone,
            terms=PriceTerms(store.currency, catalogue.tax_rates(uow, store_id)),
            answers_s=help_desk.seconds_to_answer(uow, store_id, since_utc=midnight),
            seen=seen,
            to_do=to_do,
            work_count=len(floor_work.work_of(seen, to_do)),
            alerts=feedback_alerts.standing(uow, store_id, now_utc),
            shelves=empty_shelves.missed(uow, store_id),
            talks=talks_now(uow, store_id, language, store.currency),
            colleagues=on_shift.colleagues(uow, store_id, now_utc),
            desks=desks.serving(uow, store_id, now_utc),
            lags=lane_list.lags(uow, store_id),
            elsewhere=desk_calls.count(uow, store_id) if is_desk else None,
        )
