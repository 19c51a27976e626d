"""Owns the closing and opening of a lane from the tablet.

It must not know what a closed lane does, nor how its button looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.staff import Permission
from inventory.services import doors, lanes
from inventory.web.auth import session_of
from inventory.web.pages import PageRefused
from inventory.web.staff_view import Route, StaffView

_DOORS: Final = {"close": True, "open": False}


@dataclass(frozen=True, slots=True)
class StaffDoors:
    """What the button of a lane's door does."""

    view: StaffView

    def door(
        self,
        request: Request,
        lane_id: str,
        wanted: str,
        lane: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "",
    ) -> Response:
        """Closes or opens a lane, unless somebody has moved its door since this page was drawn."""
        view, notice = self.view, ""
        if wanted not in _DOORS:
            raise PageRefused(404, view.text("There is no such step."), way_on="/staff")
        now_utc = view.clock()
        with view.database.write() as uow:
            if not any(each.lane_id == lane_id for each in lanes.wall(uow, view.store_id, now_utc)):
                raise PageRefused(404, view.text("This lane is not known here."), way_on="/staff")
            name, close = session_of(request).name, _DOORS[wanted]
            try:
                doors.order(uow, view.store_id, lane_id, name, now_utc, close=close, after=after)
            except doors.DoorMovedError as moved:
                words = view.text("{name} has opened this lane already.")
                if moved.is_closed:
                    words = view.text("{name} has closed this lane already.")
                notice = words.format(name=moved.by)
        return view.after_action(request, lane=lane, notice=notice)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What a door's button posts to."""
    return (Route("/staff/doors/{lane_id}/{wanted}", StaffDoors(view).door, Permission.MOVE_DOORS),)
