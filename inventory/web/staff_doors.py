"""Owns the doors of lanes on the tablet: one from its mirror, or many from a page with check boxes.

It must not know what a closed lane does, nor how its button looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.domain.doors import DoorWish
from inventory.domain.staff import Permission
from inventory.services import doors, lanes
from inventory.services.doors import DoorsOutcome, SeenDoor
from inventory.services.lanes import LaneOnWall
from inventory.web.auth import FRAGMENT_HEADER, session_of
from inventory.web.door_part import WORDS, moved_words, wish_of
from inventory.web.door_rows import door_rows, outcome_words, read_chosen
from inventory.web.pages import PageRefused
from inventory.web.staff_view import Check, Route, StaffView

PATH: Final = "/staff/doors"
MOST_LANES: Final = 1000


@dataclass(frozen=True, slots=True)
class StaffDoors:
    """What the buttons of doors do, and the page of all doors."""

    view: StaffView

    def door(
        self,
        request: Request,
        lane_id: str,
        wanted: str,
        lane: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "",
    ) -> Response:
        """Moves the door of one lane, unless somebody has since this page was drawn."""
        view, notice = self.view, ""
        if wanted not in WORDS:
            raise PageRefused(404, view.text("There is no such step."), way_on="/staff")
        now_utc, name = view.clock(), session_of(request).name
        with view.database.write() as uow:
            if not any(each.lane_id == lane_id for each in lanes.wall(uow, view.store_id, now_utc)):
                raise PageRefused(404, view.text("This lane is not known here."), way_on="/staff")
            try:
                doors.order(uow, view.store_id, lane_id, name, now_utc, wish=WORDS[wanted], after=after)
            except doors.DoorMovedError as moved:
                notice = moved_words(moved.by, moved.wish, view.pages.texts)
        return view.after_action(request, lane=lane, notice=notice)

    def page(self, request: Request) -> Response:
        return self._answer(request, "staff/doors.html")

    def rows(self, request: Request) -> Response:
        """The page's list alone, for its script."""
        return self._answer(request, "staff/door_rows.html")

    def many(
        self,
        request: Request,
        wish: Annotated[str, Form()] = "",
        chosen: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        """Moves the doors of all lanes that were chosen; one that somebody has moved since stays as it is."""
        view, texts = self.view, self.view.pages.texts
        if wish not in WORDS:
            raise PageRefused(404, view.text("There is no such step."), way_on=PATH)
        seen = read_chosen((chosen or [])[:MOST_LANES])
        known = {each.lane_id: each for each in self._lanes()}
        wanted = [each for each in seen if _is_to_move(known.get(each.lane_id), WORDS[wish])]
        outcome = self._ordered(session_of(request).name, wanted, WORDS[wish])
        notice = outcome_words(outcome, WORDS[wish], known, texts) if seen else ""
        return self._after(request, notice or view.text("Choose at least one lane."))

    def _ordered(self, name: str, wanted: Iterable[SeenDoor], wish: DoorWish) -> DoorsOutcome:
        view = self.view
        with view.database.write() as uow:
            return doors.order_many(uow, view.store_id, wanted, name, view.clock(), wish=wish)

    def _after(self, request: Request, notice: str) -> Response:
        template = "staff/door_rows.html" if FRAGMENT_HEADER in request.headers else "staff/doors.html"
        return self._answer(request, template, notice=notice)

    def back(self) -> Response:
        """Whoever reloads the address of a form gets the page, and nothing is ordered again."""
        return RedirectResponse(PATH, status_code=303)

    def _answer(self, request: Request, template: str, *, notice: str = "") -> Response:
        rows = door_rows(self._lanes(), self.view.pages.texts)
        return self.view.page(request, template, rows=rows, notice=notice)

    def _lanes(self) -> tuple[LaneOnWall, ...]:
        with self.view.database.read() as uow:
            return lanes.wall(uow, self.view.store_id, self.view.clock())


def _is_to_move(lane: LaneOnWall | None, wish: DoorWish) -> bool:
    """A lane that never was on has no door, and one that is so already is left to whoever did it."""
    return lane is not None and lane.state is not None and wish_of(lane) is not wish


def routes(view: StaffView) -> tuple[Route, ...]:
    """What a door's button posts to, and the page of all doors."""
    here = StaffDoors(view)
    return (
        Route(f"{PATH}/{{lane_id}}/{{wanted}}", here.door, Permission.MOVE_DOORS),
        Route(PATH, here.page, Permission.MOVE_DOORS, Check.READS),
        Route(f"{PATH}/rows", here.rows, Permission.MOVE_DOORS, Check.WATCHES),
        Route(PATH, here.many, Permission.MOVE_DOORS),
    )
