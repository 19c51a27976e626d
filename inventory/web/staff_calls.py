"""Owns the steps of a call on the tablet: coming, here, solved, given on, climbing; and a shelf's count.

It must not know who may move what (the help desk does), nor how a tile looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.help_desk import Deed, Escalate, HandOver, HelpState, Resolve, Take
from inventory.domain.staff import Permission, may
from inventory.services import availability, empty_shelves, help_desk, help_routes, on_shift
from inventory.services.help_desk import (
    AlreadyTaken,
    ImpossibleStepError,
    StaleTurnError,
    UnknownRequestError,
)
from inventory.services.help_routes import DeskUnableError
from inventory.web.auth import refused_words, session_of
from inventory.web.call_form import CallForm
from inventory.web.pages import PageRefused
from inventory.web.shelf_tile import read_count
from inventory.web.staff_view import Route, StaffView

_STEPS: Final[dict[str, Callable[[str, CallForm], Deed]]] = {
    "accept": lambda name, _form: Take(name, HelpState.ACCEPTED),
    "en-route": lambda name, _form: Take(name, HelpState.EN_ROUTE),
    "arrive": lambda name, _form: Take(name, HelpState.ARRIVED),
    "resolve": lambda name, form: Resolve(name, form.wanted_cause),
    "escalate": lambda name, form: Escalate(form.wanted_level, name),
    "hand-over": lambda name, form: HandOver(name, form.to),
}
_ON_FOOT: Final = frozenset({"en-route", "arrive"})
"""Steps that a helper elsewhere cannot take."""


@dataclass(frozen=True, slots=True)
class StaffCalls:
    """What the buttons of a call do."""

    view: StaffView

    def step(self, request: Request, help_id: str, step: str, form: Annotated[CallForm, Form()]) -> Response:
        if step not in _STEPS:
            raise PageRefused(404, self.view.text("There is no such step."), way_on="/staff")
        person = session_of(request)
        deed = _STEPS[step](person.name, form)
        if step in _ON_FOOT and not may(person.role, Permission.WORK_AT_LANE):
            raise PageRefused(403, refused_words(Permission.WORK_AT_LANE), way_on="/staff")
        if isinstance(deed, HandOver) and not may(person.role, Permission.HAND_OVER):
            raise PageRefused(403, self.view.text("There is no such step."), way_on="/staff")
        return self.view.after_action(request, lane=form.lane, notice=self._done(help_id, deed, form))

    def _done(self, help_id: str, deed: Deed, form: CallForm) -> str:
        """Does it; answers why not, or ""."""
        view, note = self.view, form.plain_note
        fault = form.note_fault(view.pages.texts)
        if fault:
            return fault
        try:
            with view.database.write() as uow:
                if isinstance(deed, HandOver) and form.wanted_desk:
                    return self._sent(uow, help_id, deed.by, form)
                if isinstance(deed, HandOver) and not self._is_there(uow, deed.to):
                    return view.text("{name} is not signed in any more.").format(name=deed.to)
                turn = form.seen_turn
                if isinstance(deed, Escalate) and self._has_it(uow, help_id, deed.by):
                    # Whoever has a call and cannot end it gives it on: it waits for those who are called.
                    given_on = HandOver(deed.by)
                    empty_shelves.do(uow, view.store_id, help_id, given_on, view.clock(), turn=turn)
                    turn = None
                told = note if isinstance(deed, HandOver) else ""
                empty_shelves.do(uow, view.store_id, help_id, deed, view.clock(), note=told, turn=turn)
        except AlreadyTaken as taken:
            return view.text("{name} has taken this call already.").format(name=taken.by)
        except StaleTurnError:
            return view.text("This call was given on meanwhile.")
        except ImpossibleStepError:
            return view.text("This call is over already.")
        except UnknownRequestError:
            return view.text("This call is not known here.")
        return ""

    def _sent(self, uow: UnitOfWork, help_id: str, name: str, form: CallForm) -> str:
        """Puts a call before a desk elsewhere; answers why not, or ""."""
        view, note, turn = self.view, form.plain_note, form.seen_turn
        try:
            help_routes.send(
                uow,
                view.store_id,
                help_id,
                form.wanted_desk,
                by=name,
                now_utc=view.clock(),
                note=note,
                turn=turn,
            )
        except DeskUnableError:
            return view.text("Nobody there can take this call now.")
        return ""

    def _is_there(self, uow: UnitOfWork, name: str) -> bool:
        """Whether a call can be given to this colleague; "" is everybody."""
        people = on_shift.colleagues(uow, self.view.store_id, self.view.clock())
        return not name or any(each.name == name for each in people)

    def _has_it(self, uow: UnitOfWork, help_id: str, name: str) -> bool:
        call = help_desk.find(uow, self.view.store_id, help_id)
        return call is not None and call.case.is_open and (call.staff_name, call.case.desk) == (name, "")

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
