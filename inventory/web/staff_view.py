"""Owns what every part of the tablet shares: the page drawn anew, what stands after a deed, a part's routes.

It must not know how a tile looks (lane_wall does), nor what any button does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import Enum
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.approving import PLAIN_POLICY, Policy
from inventory.domain.help_numbers import percentile
from inventory.domain.staff import Permission, may
from inventory.services import (
    call_links,
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
    shift_notes,
    stores,
    tasks,
)
from inventory.services.sessions import Session
from inventory.web.auth import FRAGMENT_HEADER, session_of
from inventory.web.calm_tiles import CalmTiles
from inventory.web.decision_tiles import Deciding
from inventory.web.lane_wall import WallWriter
from inventory.web.note_views import NoteWriter
from inventory.web.pages import Clock, Pages
from inventory.web.price_form import PriceTerms
from inventory.web.tablet_ways import ways_for
from inventory.web.talk_form import talks_now
from inventory.web.wall_parts import Tile, Wall


class Check(Enum):
    """Which of the guard's checks a route stands behind."""

    READS = "reads"
    WATCHES = "watches"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the tablet. A part is a module with `routes(view)`; `staff` lists the parts."""

    path: str
    handler: Callable[..., Any]
    needed: Permission
    check: Check = Check.POSTS

    @property
    def method(self) -> str:
        """How a browser asks for it."""
        return "POST" if self.check is Check.POSTS else "GET"


@dataclass(frozen=True, slots=True)
class StaffView:
    """The tablet's page of one store."""

    store_id: str
    database: Database
    pages: Pages
    clock: Clock
    policy: Policy = PLAIN_POLICY
    calm: CalmTiles = field(default_factory=CalmTiles)

    def text(self, message: str) -> str:
        return self.pages.texts.text(message)

    def after_action(self, request: Request, *, lane: str, notice: str = "") -> Response:
        """What a button leads to: the wall for a script, the page for a browser without."""
        if FRAGMENT_HEADER in request.headers:
            return self.answer(request, "staff/wall.html", lane=lane, notice=notice)
        if notice:
            return self.answer(request, "staff/tablet.html", lane=lane, notice=notice)
        return RedirectResponse(f"/staff?{urlencode({'lane': lane})}" if lane else "/staff", status_code=303)

    def answer(self, request: Request, template: str, *, lane: str, notice: str = "") -> Response:
        """The page or its wall, for whoever asks."""
        person = session_of(request)
        wall = self._wall(person, lane=lane, notice=notice)
        return self.page(request, template, wall=wall)

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """Any page of the tablet, or a part of one, for whoever asks."""
        person = session_of(request)
        frame = self.pages.frame(
            form_token=person.form_token,
            staff_name=person.name,
            is_manager=may(person.role, Permission.SEE_CONSOLE),
        )
        return self.pages.answer(template, frame, status=status, **values)

    def terms(self, uow: UnitOfWork) -> PriceTerms:
        """What every price of the store has in common."""
        currency = stores.find_store(uow, self.store_id).currency
        return PriceTerms(currency, catalogue.tax_rates(uow, self.store_id))

    def mirror(self, request: Request, lane: str) -> Response:
        """The mirror of one lane alone: what a scan changes, at a fraction of the wall."""
        person = session_of(request)
        with self.database.read() as uow:
            seen = lanes.wall(uow, self.store_id, self.clock(), only=lane)
            writer = self._writer(uow, person)
        panel = writer.panel(next(iter(seen), None))
        frame = self.pages.frame(form_token=person.form_token, staff_name=person.name)
        return self.pages.answer("staff/mirror.html", frame, panel=panel)

    def _writer(self, uow: UnitOfWork, person: Session) -> WallWriter:
        now_utc, terms = self.clock(), self.terms(uow)
        return WallWriter(
            person.name,
            now_utc,
            self.pages.texts,
            Deciding(person.role, self.policy, terms),
            empty_shelves.missed(uow, self.store_id),
            talks_now(uow, self.store_id, self.pages.texts.language, terms.currency),
            role=person.role,
            colleagues=on_shift.colleagues(uow, self.store_id, now_utc),
            desks=desks.serving(uow, self.store_id, now_utc),
            links=call_links.of_helper(uow, self.store_id, person.name, now_utc),
            lags=lane_list.lags(uow, self.store_id),
            zone=self._zone(uow),
            calm=self.calm,
            draw=self._drawn,
        )

    def _drawn(self, tile: Tile) -> str:
        """One tile that is the same for everybody, every value in it escaped."""
        template = self.pages.environment.get_template("staff/tile.html")
        return template.render(page=self.pages.frame(), tile=tile, chosen="")

    def _zone(self, uow: UnitOfWork) -> ZoneInfo:
        return ZoneInfo(stores.find_store(uow, self.store_id).timezone)

    def _wall(self, person: Session, *, lane: str, notice: str) -> Wall:
        now_utc = self.clock()
        with self.database.read() as uow:
            zone = self._zone(uow)
            midnight = datetime.combine(now_utc.astimezone(zone).date(), time(), tzinfo=zone)
            answers_s = help_desk.seconds_to_answer(uow, self.store_id, since_utc=midnight)
            seen = lanes.wall(uow, self.store_id, now_utc)
            to_do = tasks.open_tasks(uow, self.store_id)
            waiting = tuple(task.words for task in to_do if task.is_about_money)
            note = shift_notes.to_read(uow, self.store_id, person.staff_id, now_utc)
            alerts = feedback_alerts.standing(uow, self.store_id, now_utc)
            is_desk = desks.terms_of(uow, self.store_id) is not None
            elsewhere = desk_calls.count(uow, self.store_id) if is_desk else None
            writer = self._writer(uow, person)
        wall = writer.wall(
            seen,
            chosen=lane,
            notice=notice,
            answered_s=percentile(answers_s, 50),
            tasks=waiting,
            alerts=alerts,
        )
        texts, names = self.pages.texts, {each.lane_id: each.name for each in seen}
        return replace(
            wall,
            ways=ways_for(person.role, texts, len(floor_work.work_of(seen, to_do)), elsewhere=elsewhere),
            note=NoteWriter(texts, zone, names).part(note) if note is not None else None,
        )
