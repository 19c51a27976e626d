"""Owns the steps of a call on the tablet: coming, here, solved, and the count of an empty shelf.

It must not know who may move what (the help desk does), nor how a tile looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.help_desk import Deed, HelpState, Resolve, Take
from inventory.domain.staff import Permission
from inventory.services import availability, empty_shelves
from inventory.services.help_desk import AlreadyTaken, ImpossibleStepError, UnknownRequestError
from inventory.web.auth import session_of
from inventory.web.pages import PageRefused
from inventory.web.shelf_tile import read_count
from inventory.web.staff_view import Route, StaffView

_STEPS: Final[dict[str, Callable[[str], Deed]]] = {
    "accept": lambda name: Take(name, HelpState.ACCEPTED),
    "en-route": lambda name: Take(name, HelpState.EN_ROUTE),
    "arrive": lambda name: Take(name, HelpState.ARRIVED),
    "resolve": Resolve,
}


@dataclass(frozen=True, slots=True)
class StaffCalls:
    """What the buttons of a call do."""

    view: StaffView

    def step(self, request: Request, help_id: str, step: str, lane: Annotated[str, Form()] = "") -> Response:
        if step not in _STEPS:
            raise PageRefused(404, self.view.text("There is no such step."), way_on="/staff")
        notice = self.done(help_id, _STEPS[step](session_of(request).name))
        return self.view.after_action(request, lane=lane, notice=notice)

    def done(self, help_id: str, deed: Deed, *, note: str = "") -> str:
        """Does it; answers why not, or ""."""
        view = self.view
        try:
            with view.database.write() as uow:
                empty_shelves.do(uow, view.store_id, help_id, deed, view.clock(), note=note)
        except AlreadyTaken as taken:
            return view.text("{name} has taken this call already.").format(name=taken.by)
        except ImpossibleStepError:
            return view.text("This call is over already.")
        except UnknownRequestError:
            return view.text("This call is not known here.")
        return ""

    def count(
        self,
        request: Request,
        help_id: str,
        counted: Annotated[str, Form()] = "",
        lane: Annotated[str, Form()] = "",
    ) -> Response:
        """Ends a report of an empty shelf with what is really there."""
        view, number, name, notice = self.view, read_count(counted), session_of(request).name, ""
        if number is None:
            notice = view.text("Type the count as a whole number.")
            return view.after_action(request, lane=lane, notice=notice)
        try:
            with view.database.write() as uow:
                empty_shelves.counted(uow, view.store_id, help_id, number, who=name, now_utc=view.clock())
        except (ImpossibleStepError, availability.UncountableError):
            notice = view.text("This call is over already.")
        except UnknownRequestError:
            notice = view.text("This call is not known here.")
        return view.after_action(request, lane=lane, notice=notice)


def routes(view: StaffView) -> tuple[Route, ...]:
    """What a call's buttons post to."""
    calls = StaffCalls(view)
    return (
        Route("/staff/help/{help_id}/{step}", calls.step, Permission.ANSWER_CALLS),
        Route("/staff/shelf/{help_id}/count", calls.count, Permission.KEEP_STOCK),
    )
