"""Owns the console's page of shoppers' faces, one day at a time, renewed while it is looked at.

It must not know who said anything: the store does not.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.feedback import KEPT
from inventory.domain.staff import Permission, may
from inventory.services import feedback, stores
from inventory.services.day_close import lane_name
from inventory.web.auth import Guard, session_of
from inventory.web.events import Broker
from inventory.web.feedback_views import opinions
from inventory.web.pages import Clock, Pages, pages_for, utc_now
from inventory.web.rail import places
from inventory.web.wall_words import lane_name_words

PATH: Final = "/manager/feedback"


class FeedbackPage:
    """The page, and the part of it that renews itself."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock

    def page(self, request: Request, day: str = "") -> Response:
        person = session_of(request)
        is_manager = may(person.role, Permission.SEE_CONSOLE)
        frame = self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=is_manager)
        rail = places(PATH, self._pages.texts, role=person.role)
        return self._pages.answer("manager/feedback.html", frame, places=rail, **self._values(day))

    def part(self, day: str = "") -> Response:
        return self._pages.answer("manager/feedback_part.html", self._pages.frame(), **self._values(day))

    def _values(self, wanted: str) -> dict[str, Any]:
        with self._database.read() as uow:
            store = stores.find_store(uow, self._store_id)
            today = self._clock().astimezone(ZoneInfo(store.timezone)).date()
            day = _day(wanted, today)
            found = [
                (lane_name_words(lane_name(uow, self._store_id, each.lane_id), self._pages.texts), each)
                for each in feedback.of_day(uow, self._store_id, day)
            ]
        return {
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1) if day < today else None,
            "opinions": opinions(found, self._pages.texts),
        }


def _day(wanted: str, today: date) -> date:
    """A day of the last season; anything else is today."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return today
    return day if today - KEPT <= day <= today else today


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /manager/feedback."""
    del broker
    shown = FeedbackPage(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    for path, answer, check in (
        (PATH, shown.page, guard.reads(Permission.SEE_NUMBERS)),
        # Not a sign of somebody's presence: a page left open must not keep its sign-in alive.
        (f"{PATH}/part", shown.part, guard.watches(Permission.SEE_NUMBERS)),
    ):
        router.add_api_route(
            path, answer, methods=["GET"], response_model=None, dependencies=[Depends(check)]
        )
    return router
