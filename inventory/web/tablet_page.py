"""Owns the page on which a browser becomes a tablet of the store's: it shows a code and keeps a token.

It must not know how codes are made (console_tablets) nor how a token is kept.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.services import enrolment, sessions, tablets
from inventory.services.enrolment import EnrolmentRefusedError
from inventory.web.auth import AddressThrottle, may_carry_pin, place_of
from inventory.web.callers import caller_of
from inventory.web.cookies import (
    FOR_LONG,
    FORM_COOKIE,
    SESSION_COOKIE,
    TABLET_COOKIE,
    cookie,
    drop_cookie,
    form_token_of,
    is_own_form,
    set_cookie,
)
from inventory.web.events import Broker
from inventory.web.pages import Clock, Pages, pages_for, utc_now

PATH: Final = "/tablet"
TRIES_PER_ADDRESS: Final = 10
TRIES_WINDOW: Final = timedelta(minutes=10)
_MOST_TYPED: Final = 32


class TabletPage:
    """Where a code is typed."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock
        self._throttle = AddressThrottle(limit=TRIES_PER_ADDRESS, window=TRIES_WINDOW)

    def form(self, request: Request) -> Response:
        with self._database.read() as uow:
            place = place_of(uow, self._store_id, request)
        return self._form(request, name=place.name)

    def enrol(
        self, request: Request, code: Annotated[str, Form()] = "", form_token: Annotated[str, Form()] = ""
    ) -> Response:
        text = self._pages.texts.text
        if not is_own_form(request, form_token):
            return self._form(request, status=403, refusal=text("The form was too old. Please try again."))
        if not may_carry_pin(request):
            words = text("A code is not sent over an open network. Use the https address of this store.")
            return self._form(request, status=403, refusal=words)
        if not self._throttle.admits(caller_of(request), self._clock()):
            words = text("Too many tries from this device. Wait ten minutes.")
            return self._form(request, status=429, refusal=words)
        digits = "".join(code[:_MOST_TYPED].split())
        try:
            new = tablets.enrol(self._database, self._store_id, digits=digits, now_utc=self._clock())
        except EnrolmentRefusedError:
            words = text("This code is wrong, used or too old. Ask for a new one.")
            return self._form(request, status=403, refusal=words)
        self._end_session(request)
        answer = self._form(request, name=new.name, is_new=True)
        set_cookie(answer, request, TABLET_COOKIE, new.token, kept=FOR_LONG)
        drop_cookie(answer, request, SESSION_COOKIE)
        return answer

    def _end_session(self, request: Request) -> None:
        """Whoever is signed in here did so before this was a tablet: they sign in again."""
        token = cookie(request, SESSION_COOKIE)
        if token:
            with self._database.write() as uow:
                sessions.sign_out(uow, self._store_id, token=token, now_utc=self._clock())

    def _form(
        self, request: Request, *, status: int = 200, refusal: str = "", name: str = "", is_new: bool = False
    ) -> Response:
        token = form_token_of(request)
        answer = self._pages.answer(
            "auth/tablet.html",
            self._pages.frame(),
            status=status,
            refusal=refusal,
            form_token=token,
            name=name,
            is_new=is_new,
            digits=enrolment.DIGITS,
        )
        set_cookie(answer, request, FORM_COOKIE, token)
        return answer


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /tablet."""
    del broker
    page = TabletPage(config, database, pages=pages_for(config.name, config.language), clock=clock)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PATH, page.form, methods=["GET"], response_model=None)
    router.add_api_route(PATH, page.enrol, methods=["POST"], response_model=None)
    return router
