"""Owns the console's page of shoppers' faces, of a day, a week or a month, and the same as a file.

It must not know who said anything: the store does not. Only today is renewed while it is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.feedback import KEPT, Hours, by_lane
from inventory.domain.help_numbers import percentile
from inventory.domain.staff import Permission, may
from inventory.services import feedback, feedback_alerts, stores
from inventory.services.day_close import lane_name
from inventory.services.feedback_alerts import PastAlerts
from inventory.web.auth import Guard, session_of
from inventory.web.events import Broker
from inventory.web.feedback_export import csv_answer
from inventory.web.feedback_map import heat_map
from inventory.web.feedback_views import Named, opinions
from inventory.web.pages import Clock, Pages, pages_for, utc_now
from inventory.web.rail import places
from inventory.web.wall_words import lane_name_words

PATH: Final = "/manager/feedback"
_SPANS: Final = ("1", "7", "30")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are looked at: one, seven or thirty, up to `last`."""

    last: date
    span: int
    today: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.span - 1)

    def path(self, *, last: date | None = None, span: int = 0, part: str = "") -> str:
        """The page, or a part of it, of these days or others."""
        asked = {"day": (last or self.last).isoformat(), "span": span or self.span}
        return f"{PATH}{part}?{urlencode(asked)}"

    @property
    def is_now(self) -> bool:
        """Whether it may look different in a moment."""
        return self.span == 1 and self.last == self.today

    @property
    def before(self) -> date:
        return self.last - timedelta(days=self.span)

    @property
    def after(self) -> date | None:
        return min(self.last + timedelta(days=self.span), self.today) if self.last < self.today else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said on some days, lanes by their names."""

    days: Days
    lanes: Named
    hours: Hours
    sales: Mapping[str, int]
    alerts: PastAlerts


class FeedbackPage:
    """The page, the part of it that renews itself, and the file."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock

    def page(self, request: Request, day: str = "", span: str = "", export: str = "") -> Response:
        said = self._said(day, span)
        if export == "csv":
            name = f"feedback-{said.days.first}-{said.days.last}"
            return csv_answer(said.lanes, said.hours, said.sales, name, self._pages.texts)
        person = session_of(request)
        is_manager = may(person.role, Permission.SEE_CONSOLE)
        frame = self._pages.frame(form_token=person.form_token, staff_name=person.name, is_manager=is_manager)
        rail = places(PATH, self._pages.texts, role=person.role)
        return self._pages.answer("manager/feedback.html", frame, places=rail, **self._values(said))

    def part(self, day: str = "", span: str = "") -> Response:
        values = self._values(self._said(day, span))
        return self._pages.answer("manager/feedback_part.html", self._pages.frame(), **values)

    def _said(self, wanted: str, span: str) -> _Said:
        with self._database.read() as uow:
            store = stores.find_store(uow, self._store_id)
            today = self._clock().astimezone(ZoneInfo(store.timezone)).date()
            days = Days(_day(wanted, today), int(span) if span in _SPANS else 1, today)
            hours = feedback.by_hour(uow, self._store_id, days.first, days.last)
            lanes = [
                (lane_name_words(lane_name(uow, self._store_id, each.lane_id), self._pages.texts), each)
                for each in by_lane(hours)
            ]
            sales = feedback.sales_by_lane(uow, self._store_id, days.first, days.last)
            alerts = feedback_alerts.past(uow, self._store_id, days.first, days.last)
        return _Said(days, lanes, hours, sales, alerts)

    def _values(self, said: _Said) -> dict[str, Any]:
        texts = self._pages.texts
        return {
            "days": said.days,
            "spans": tuple(
                (int(n), texts.plural("%(n)d day", "%(n)d days", int(n)) % {"n": int(n)}) for n in _SPANS
            ),
            "opinions": opinions(said.lanes, said.sales, texts),
            "map": heat_map(said.lanes, said.hours, texts),
            "alerts": said.alerts,
            "half_s": percentile(said.alerts.seen_to_after_s, 50),
            "most_s": percentile(said.alerts.seen_to_after_s, 90),
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
