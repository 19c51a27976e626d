"""Owns the tablet's page and the list of its parts: calls, decisions, doors, news.

It must not know what a part does, nor how a tile looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission
from inventory.web import (
    feedback_steps,
    staff_batch,
    staff_calls,
    staff_decisions,
    staff_desk,
    staff_doors,
    staff_news,
    staff_notes,
    staff_talk,
    staff_tasks,
)
from inventory.web.auth import Guard
from inventory.web.desk_wall import ROOT as DESK_ROOT
from inventory.web.events import Broker
from inventory.web.pages import Clock, pages_for, utc_now
from inventory.web.staff_view import Check, Route, StaffView

_PARTS: Final = (
    feedback_steps,
    staff_batch,
    staff_calls,
    staff_talk,
    staff_decisions,
    staff_desk,
    staff_doors,
    staff_notes,
    staff_tasks,
)


DRAWN_AT_ONCE: Final = 2
"""Walls that are drawn side by side: thirty tablets ask at the same moment, and drawing is work for the
processor alone, which would keep calls and reports of lanes from being written.
"""


@dataclass(frozen=True, slots=True)
class Tablet:
    """The page itself."""

    view: StaffView
    drawing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(DRAWN_AT_ONCE))

    def page(self, request: Request, lane: str = "") -> Response:
        if staff_desk.is_desk_alone(self.view):
            return RedirectResponse(DESK_ROOT, status_code=303)
        return self.view.answer(request, "staff/tablet.html", lane=lane)

    async def fragment(self, request: Request, lane: str = "") -> Response:
        asked_s = monotonic()
        draw = partial(self.view.answer, request, "staff/wall.html", lane=lane, asked_s=asked_s)
        return await to_thread.run_sync(draw, limiter=self.drawing)

    async def mirror(self, request: Request, lane: str = "") -> Response:
        asked_s = monotonic()
        draw = partial(self.view.mirror, request, lane, asked_s=asked_s)
        return await to_thread.run_sync(draw, limiter=self.drawing)

    def seen(self) -> Response:
        """Somebody touched the tablet; the guard has noted it."""
        return Response(status_code=204)

    def routes(self) -> tuple[Route, ...]:
        """The page, its wall, and the touch of a finger."""
        return (
            Route("/staff", self.page, Permission.SEE_LANES, Check.READS),
            Route("/staff/wall", self.fragment, Permission.SEE_LANES, Check.WATCHES),
            Route("/staff/mirror", self.mirror, Permission.SEE_LANES, Check.WATCHES),
            Route("/staff/seen", self.seen, Permission.SEE_LANES),
        )


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /staff."""
    policy = config.approvals.policy(config.currency)
    view = StaffView(config.store_id, database, pages_for(config.name, config.language), clock, policy)
    guard = Guard(config, database, clock=clock)
    checks: dict[Check, Callable[[Permission], Callable[..., None]]] = {
        Check.READS: guard.reads,
        Check.WATCHES: guard.watches,
        Check.POSTS: guard.posts,
    }
    router = APIRouter(include_in_schema=False)
    parts = (each for part in _PARTS for each in part.routes(view))
    for route in (*Tablet(view).routes(), *staff_news.routes(view, broker), *parts):
        router.add_api_route(
            route.path,
            route.handler,
            methods=[route.method],
            response_model=None,
            dependencies=[Depends(checks[route.check](route.needed))],
        )
    return router
