"""Owns what every part of the tablet shares: the page drawn anew, what stands after a deed, a part's routes.

It must not know how a tile looks (lane_wall does), nor what any button does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.approving import PLAIN_POLICY, Policy
from inventory.domain.help_numbers import percentile
from inventory.domain.staff import Permission, may
from inventory.services import (
    call_links,
    catalogue,
    lanes,
    shift_notes,
    stores,
)
from inventory.services.sessions import Session
from inventory.web.auth import FRAGMENT_HEADER, session_of
from inventory.web.calm_tiles import CalmTiles
from inventory.web.decision_tiles import Deciding
from inventory.web.lane_wall import WallWriter
from inventory.web.note_views import NoteWriter
from inventory.web.pages import Clock, Pages
from inventory.web.price_form import PriceTerms
from inventory.web.shared_reading import SharedReading
from inventory.web.tablet_ways import ways_for
from inventory.web.wall_facts import WallFacts, read_facts
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
    shared: SharedReading[WallFacts] = field(init=False)

    def __post_init__(self) -> None:
        language = self.pages.texts.language
        read = partial(read_facts, self.database, self.store_id, language, self.clock)
        object.__setattr__(self, "shared", SharedReading(read))

    def text(self, message: str) -> str:
        return self.pages.texts.text(message)

    def after_action(self, request: Request, *, lane: str, notice: str = "") -> Response:
        """What a button leads to: the wall for a script, the page for a browser without."""
        if FRAGMENT_HEADER in request.headers:
            return self.answer(request, "staff/wall.html", lane=lane, notice=notice)
        if notice:
            return self.answer(request, "staff/tablet.html", lane=lane, notice=notice)
        return RedirectResponse(f"/staff?{urlencode({'lane': lane})}" if lane else "/staff", status_code=303)

    def answer(
        self,
        request: Request,
        template: str,
        *,
        lane: str,
        notice: str = "",
        asked_s: float | None = None,
    ) -> Response:
        """The page or its wall, for whoever asks, as all stood at `asked_s` (monotonic) or later."""
        person = session_of(request)
        facts = self.facts_since(asked_s)
        wall = self._wall(person, facts, lane=lane, notice=notice)
        return self.page(request, template, wall=wall)

    def facts_since(self, asked_s: float | None = None) -> WallFacts:
        """What stands on every wall; None asks for now."""
        return self.shared.since(monotonic() if asked_s is None else asked_s)

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

    def mirror(self, request: Request, lane: str, *, asked_s: float | None = None) -> Response:
        """The mirror of one lane alone: what a scan changes, at a fraction of the wall."""
        person = session_of(request)
        with self.database.read() as uow:
            seen = lanes.wall(uow, self.store_id, self.clock(), only=lane)
        writer = self._writer(person, self.facts_since(asked_s))
        panel = writer.panel(next(iter(seen), None))
        frame = self.pages.frame(form_token=person.form_token, staff_name=person.name)
        return self.pages.answer("staff/mirror.html", frame, panel=panel)

    def _writer(self, person: Session, facts: WallFacts) -> WallWriter:
        with self.database.read() as uow:
            links = call_links.of_helper(uow, self.store_id, person.name, facts.now_utc)
        return WallWriter(
            person.name,
            facts.now_utc,
            self.pages.texts,
            Deciding(person.role, self.policy, facts.terms),
            facts.shelves,
            facts.talks,
            role=person.role,
            colleagues=facts.colleagues,
            desks=facts.desks,
            links=links,
            lags=facts.lags,
            zone=facts.zone,
            calm=self.calm,
            draw=self._drawn,
        )

    def _drawn(self, tile: Tile) -> str:
        """One tile that is the same for everybody, every value in it escaped."""
        template = self.pages.environment.get_template("staff/tile.html")
        return template.render(page=self.pages.frame(), tile=tile, chosen="")

    def _wall(self, person: Session, facts: WallFacts, *, lane: str, notice: str) -> Wall:
        with self.database.read() as uow:
            note = shift_notes.to_read(uow, self.store_id, person.staff_id, facts.now_utc)
        wall = self._writer(person, facts).wall(
            facts.seen,
            chosen=lane,
            notice=notice,
            answered_s=percentile(facts.answers_s, 50),
            tasks=tuple(task.words for task in facts.to_do if task.is_about_money),
            alerts=facts.alerts,
        )
        texts, names = self.pages.texts, {each.lane_id: each.name for each in facts.seen}
        return replace(
            wall,
            ways=ways_for(
                person.role,
                texts,
                facts.work_count,
                elsewhere=facts.elsewhere,
            ),
            note=NoteWriter(texts, facts.zone, names).part(note) if note is not None else None,
        )
