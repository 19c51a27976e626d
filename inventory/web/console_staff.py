"""Owns the console's page of people: who may sign in, and what was done.

It must not know how a line is drawn (staff_views does) nor how a PIN is kept.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.domain.staff import LockState, PinFault, Role, lock_reason
from inventory.services import staff as people
from inventory.services import staff_list
from inventory.services.listing import ListRow
from inventory.services.staff import PinError, StaffNameError
from inventory.web import staff_views as views
from inventory.web import table_export
from inventory.web.console_frame import ConsolePage
from inventory.web.table_view import Cell, Column, Table, show
from inventory.web.texts import Texts

PATH: Final = "/manager/staff"
AUDIT: Final = "/manager/audit"
AUDIT_SHOWN: Final = 20


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
            wanted = views.role_of(role)
            with self._database.write() as uow:
                people.add(uow, self._store_id, name=name, pin=pin, role=wanted, now_utc=self._clock())
        except PinError as refused:
            return self._staff_page(request, status=422, refusal=pin_words(refused.fault, self.texts))
        except StaffNameError as refused:
            return self._staff_page(request, status=422, refusal=str(refused))
        return self._staff_page(request, notice=text("{name} can sign in now.").format(name=name))

    def audit(self, request: Request) -> Response:
        t = self.texts.text
        table = Table(
            name="audit",
            path=AUDIT,
            caption=t("What was done"),
            listing=staff_list.AUDIT,
            columns=(
                Column("at", t("When")),
                Column("who", t("Who")),
                Column("what", t("What"), words=views.deed_words(self.texts)),
                Column("detail", t("Details"), css="long"),
            ),
            empty=t("Nothing yet."),
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
        )
        return self.table_page(request, "audit", table, here=PATH)

    def _staff_page(
        self, request: Request, *, status: int = 200, notice: str = "", refusal: str = ""
    ) -> Response:
        table = self._people()
        file = table_export.answer(self._database, self._store_id, table, request.query_params)
        if file is not None:
            return file
        with self._database.read() as uow:
            shown = show(uow, self._store_id, table, request.query_params)
            trail = people.audit_trail(uow, self._store_id, limit=AUDIT_SHOWN)
        return self.page(
            request,
            "staff",
            here=PATH,
            status=status,
            notice=refusal or notice,
            is_refused=bool(refusal),
            table=shown,
            roles=views.role_choices(self.texts, chosen=Role.ATTENDANT),
            audit=[views.audit_line(entry, self.texts, zone=self._zone) for entry in trail],
        )

    def _people(self) -> Table:
        t = self.texts.text
        now_utc = self._clock()
        roles = {role.value: views.role_words(role, self.texts) for role in Role}
        states = {staff_list.HERE: t("open"), staff_list.LEFT: t("has left")}

        def state(row: ListRow) -> Cell:
            if row["state"] == staff_list.LEFT:
                return Cell(states[staff_list.LEFT], look="quiet")
            lock = lock_reason(LockState(row["failures"], row["locked_until"]), now_utc)
            words = views.lock_words(lock, self.texts)
            return Cell(words, look="none", mark="✕") if words else Cell(states[staff_list.HERE])

        return Table(
            name="staff",
            path=PATH,
            caption=t("Staff"),
            listing=staff_list.people(now_utc),
            columns=(
                Column("name", t("Name"), link=lambda row: f"{PATH}/{row['staff_id']}"),
                Column("role", t("Role"), words=roles),
                Column("state", t("Sign-in"), words=states, show=state),
                Column("sessions", t("Open sessions")),
            ),
            empty="",
            texts=self.texts,
            zone=self._zone,
            currency=self._currency,
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
