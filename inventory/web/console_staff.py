"""Owns the console's page of people: who may sign in, and what was done.

It must not know how a line is drawn (staff_views does) nor how a PIN is kept.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.staff import PinFault, Role
from inventory.services import staff as people
from inventory.services.staff import PinError, StaffNameError
from inventory.web import staff_views as views
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.texts import Texts

PATH: Final = "/manager/staff"
AUDIT_SHOWN: Final = 100


class StaffPage(ConsolePage):
    """People and their sign-ins."""

    def staff(self, request: Request) -> Response:
        return self._staff_page(request)

    def add_staff(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
    ) -> Response:
        text = self.texts.text
        try:
            wanted = Role.MANAGER if role == Role.MANAGER.value else Role.ATTENDANT
            with self._database.write() as uow:
                people.add(uow, self._store_id, name=name, pin=pin, role=wanted, now_utc=self._clock())
        except PinError as refused:
            return self._staff_page(request, status=422, refusal=pin_words(refused.fault, self.texts))
        except StaffNameError as refused:
            return self._staff_page(request, status=422, refusal=str(refused))
        return self._staff_page(request, notice=text("{name} can sign in now.").format(name=name))

    def unlock(self, request: Request, staff_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            people.unlock(uow, self._store_id, staff_id=staff_id, by=by, now_utc=self._clock())
        return to(PATH)

    def revoke(self, request: Request, staff_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            people.revoke_all(uow, self._store_id, staff_id=staff_id, by=by, now_utc=self._clock())
        return to(PATH)

    def _staff_page(
        self, request: Request, *, status: int = 200, notice: str = "", refusal: str = ""
    ) -> Response:
        with self._database.read() as uow:
            members = people.members(uow, self._store_id, now_utc=self._clock())
            trail = people.audit_trail(uow, self._store_id, limit=AUDIT_SHOWN)
        return self.page(
            request,
            "staff",
            here=PATH,
            status=status,
            notice=refusal or notice,
            is_refused=bool(refusal),
            people=[views.person_line(member, self.texts) for member in members],
            audit=[views.audit_line(entry, self.texts, zone=self._zone) for entry in trail],
        )


def pin_words(fault: PinFault, texts: Texts) -> str:
    """What is wrong with a PIN somebody chose."""
    match fault:
        case PinFault.NOT_DIGITS:
            return texts.text("A PIN is made of digits only.")
        case PinFault.TOO_SHORT:
            return texts.text("A PIN has at least 6 digits.")
        case PinFault.TOO_LONG:
            return texts.text("A PIN has at most 12 digits.")
        case PinFault.TOO_SIMPLE:
            return texts.text("This PIN is guessed first. Choose one without a run or one repeated digit.")
