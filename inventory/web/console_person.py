"""Owns the console's page of one person: their PIN, their role, their sign-ins, their leaving.

It must not know how a PIN is kept, nor who the last manager is (services.staff_changes does).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.staff import MAX_PIN_DIGITS, Permission, may
from inventory.services import badges, passkeys, sessions
from inventory.services import staff as people
from inventory.services import staff_changes as changes
from inventory.services.staff import PinError
from inventory.services.staff_changes import LastManagerError, UnknownPersonError
from inventory.web import staff_views as views
from inventory.web.auth import may_carry_pin, open_channel_words, session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.console_staff import PATH, pin_words
from inventory.web.pages import PageRefused

Text = Annotated[str, Form()]
Deed = Callable[[UnitOfWork, str, datetime], object]
"""A change in one transaction: gets who makes it, and the time."""
_MOST_CHARS: Final = 64


class PersonPage(ConsolePage):
    """One person of the store."""

    def person(self, request: Request, staff_id: str) -> Response:
        return self._page(request, staff_id)

    def pin(self, request: Request, staff_id: str, pin: Text = "") -> Response:
        if not may_carry_pin(request):
            raise PageRefused(403, open_channel_words(self.texts), way_on=PATH)

        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            new = pin[: MAX_PIN_DIGITS + 1]
            changes.set_pin(uow, self._store_id, staff_id, pin=new, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def role(self, request: Request, staff_id: str, role: Text = "") -> Response:
        wanted = views.role_of(role)

        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            changes.set_role(uow, self._store_id, staff_id, role=wanted, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def leave(self, request: Request, staff_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            changes.deactivate(uow, self._store_id, staff_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def come_back(self, request: Request, staff_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            changes.reactivate(uow, self._store_id, staff_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def unlock(self, request: Request, staff_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            people.unlock(uow, self._store_id, staff_id=staff_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def revoke(self, request: Request, staff_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            sessions.revoke_all(uow, self._store_id, staff_id=staff_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def end_session(self, request: Request, staff_id: str, session_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            sessions.end_one(uow, self._store_id, staff_id, session_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def give_badge(self, request: Request, staff_id: str) -> Response:
        """The badge stands in this one answer."""
        try:
            with self._database.write() as uow:
                by = session_of(request).name
                text = badges.give(uow, self._store_id, staff_id, by=by, now_utc=self._clock())
        except UnknownPersonError:
            raise self._unknown() from None
        return self._page(request, staff_id, badge=text)

    def take_badge(self, request: Request, staff_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            badges.take_back(uow, self._store_id, staff_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def revoke_passkey(self, request: Request, staff_id: str, passkey_id: str) -> Response:
        def deed(uow: UnitOfWork, by: str, now_utc: datetime) -> None:
            passkeys.revoke(uow, self._store_id, staff_id, passkey_id, by=by, now_utc=now_utc)

        return self._do(request, staff_id, deed)

    def _do(self, request: Request, staff_id: str, deed: Deed) -> Response:
        text = self.texts.text
        try:
            with self._database.write() as uow:
                deed(uow, session_of(request).name, self._clock())
        except PinError as refused:
            return self._page(request, staff_id, refusal=pin_words(refused.fault, self.texts))
        except LastManagerError:
            words = text("This is the last manager. Make somebody else a manager first.")
            return self._page(request, staff_id, refusal=words)
        except UnknownPersonError:
            raise self._unknown() from None
        return to(f"{PATH}/{quote(staff_id)}")

    def _page(self, request: Request, staff_id: str, *, refusal: str = "", badge: str = "") -> Response:
        now_utc = self._clock()
        with self._database.read() as uow:
            members = people.members(uow, self._store_id, now_utc=now_utc)
            begun = sessions.open_of(uow, self._store_id, staff_id, now_utc)
            known = passkeys.of_person(uow, self._store_id, staff_id)
            has_badge = badges.of_person(uow, self._store_id, staff_id) is not None
        found = next((each for each in members if each.staff_id == staff_id[:_MOST_CHARS]), None)
        if found is None:
            raise self._unknown()
        return self.page(
            request,
            "person",
            here=PATH,
            status=409 if refusal else 200,
            person=views.person_line(found, self.texts),
            roles=views.role_choices(self.texts, chosen=found.role),
            is_self=found.staff_id == session_of(request).staff_id,
            refusal=refusal,
            sessions=[views.session_line(each, self.texts, zone=self._zone) for each in begun],
            has_badge=has_badge,
            passkeys=[views.passkey_line(each, self.texts, zone=self._zone) for each in known],
            may_hold_passkeys=may(found.role, Permission.HOLD_PASSKEY),
            badge=views.badge_view(badge) if badge else None,
        )

    def _unknown(self) -> PageRefused:
        text = self.texts.text
        return PageRefused(404, text("There is no such person."), way_on=PATH, way_on_label=text("Staff"))
