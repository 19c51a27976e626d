"""Owns the note of a shift on the tablet: leaving it, reading it, and the notes that are kept.

It must not know what counts as open (the floor's list does), nor how a note looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import Permission
from inventory.services import floor_work, help_desk, interventions, lanes, shift_notes, stores
from inventory.services.shift_notes import MAX_WORDS, Fact
from inventory.web.auth import session_of
from inventory.web.form_text import is_id, some_lines
from inventory.web.note_views import NoteWriter, fault_words
from inventory.web.staff_view import Check, Route, StaffView

PATH: Final = "/staff/note"
MOST_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class StaffNotes:
    """The page, and what its buttons do."""

    view: StaffView

    def page(self, request: Request, left: str = "") -> Response:
        notice = self.view.text("Your note is left. Whoever signs in next sees it first.") if left else ""
        return self._answer(request, notice=notice)

    def leave(self, request: Request, words: Annotated[str, Form()] = "") -> Response:
        """Leaves the note of this shift, or writes it anew."""
        view, person, told = self.view, session_of(request), some_lines(words)
        with view.database.write() as uow:
            facts = self._facts(uow)
            fault = shift_notes.note_fault(told, facts)
            if fault is None:
                shift_notes.leave(
                    uow,
                    view.store_id,
                    staff_id=person.staff_id,
                    staff_name=person.name,
                    words=told,
                    facts=facts,
                    now_utc=view.clock(),
                )
        if fault is not None:
            notice = fault_words(fault, MAX_WORDS, view.pages.texts)
            return self._answer(request, notice=notice, words=told, status=422)
        return RedirectResponse(f"{PATH}?left=yes", status_code=303)

    def read(
        self, request: Request, note_id: Annotated[str, Form()] = "", lane: Annotated[str, Form()] = ""
    ) -> Response:
        """One tap: it is read, and the next one that is not comes up."""
        view, person = self.view, session_of(request)
        if not is_id(note_id):
            return view.after_action(request, lane=lane)
        with view.database.write() as uow:
            shift_notes.read(
                uow,
                view.store_id,
                note_id,
                staff_id=person.staff_id,
                staff_name=person.name,
                now_utc=view.clock(),
            )
        return view.after_action(request, lane=lane)

    def back(self) -> Response:
        """Whoever reloads the address of the form gets the page."""
        return RedirectResponse(PATH, status_code=303)

    def _facts(self, uow: UnitOfWork) -> tuple[Fact, ...]:
        store_id, now_utc = self.view.store_id, self.view.clock()
        calls = len(help_desk.open_requests(uow, store_id)) + len(interventions.waiting(uow, store_id))
        return shift_notes.facts_of(floor_work.open_work(uow, store_id, now_utc), calls)

    def _answer(
        self, request: Request, *, notice: str, words: str | None = None, status: int = 200
    ) -> Response:
        view, now_utc = self.view, self.view.clock()
        with view.database.read() as uow:
            facts = self._facts(uow)
            mine = shift_notes.mine(uow, view.store_id, session_of(request).staff_id, now_utc)
            kept = shift_notes.newest(uow, view.store_id, now_utc)[:MOST_SHOWN]
            zone = ZoneInfo(stores.find_store(uow, view.store_id).timezone)
            names = {each.lane_id: each.name for each in lanes.wall(uow, view.store_id, now_utc)}
        writer = NoteWriter(view.pages.texts, zone, names)
        return view.page(
            request,
            "staff/note.html",
            status=status,
            notice=notice,
            facts=writer.facts(facts),
            words=words if words is not None else (mine.words if mine else ""),
            is_left=mine is not None,
            kept=writer.kept(kept),
            most=MAX_WORDS,
        )


def routes(view: StaffView) -> tuple[Route, ...]:
    """The page of the note, and what its buttons post to."""
    here = StaffNotes(view)
    return (
        Route(PATH, here.page, Permission.SEE_LANES, Check.READS),
        Route(PATH, here.leave, Permission.ANSWER_CALLS),
        Route(f"{PATH}/read", here.read, Permission.SEE_LANES),
    )
