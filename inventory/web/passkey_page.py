"""Owns the page on which supervisors and managers make their own passkeys and take them away.

It must not know how a passkey is checked. One is made only by whoever shows their PIN again.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import MAX_PIN_DIGITS, Permission
from inventory.services import passkeys, pins
from inventory.services.passkeys import PasskeyNameError, PasskeyRefusedError
from inventory.services.pins import PinRefused
from inventory.web import staff_views as views
from inventory.web.auth import Guard, may_carry_pin, open_channel_words, refusal_words, session_of
from inventory.web.console_frame import ConsolePage, add_routes, to
from inventory.web.events import Broker
from inventory.web.pages import Clock, Pages, pages_for, utc_now
from inventory.web.passkey_party import origin_of, party_of

PATH: Final = "/staff/passkeys"
Text = Annotated[str, Form()]


class PasskeyPage(ConsolePage):
    """One's own passkeys."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._config = config

    def mine(self, request: Request) -> Response:
        return self._page(request)

    def question(self, request: Request) -> Response:
        """What the browser makes a passkey with; a script's request."""
        if not self._config.public_url:
            return Response(status_code=404)
        person = session_of(request)
        with self._database.write() as uow:
            told = passkeys.ask_to_make(
                uow,
                self._store_id,
                party_of(self._config),
                staff_id=person.staff_id,
                name=person.name,
                now_utc=self._clock(),
            )
        return Response(told, media_type="application/json")

    def add(self, request: Request, name: Text = "", pin: Text = "", answer: Text = "") -> Response:
        refusal = self._why_not(request, pin)
        if refusal:
            return self._page(request, refusal=refusal)
        try:
            passkeys.add(
                self._database,
                self._store_id,
                party_of(self._config),
                staff_id=session_of(request).staff_id,
                name=name,
                answer=answer,
                now_utc=self._clock(),
            )
        except PasskeyNameError:
            return self._page(request, refusal=self.texts.text("A name has 1 to 60 characters."))
        except PasskeyRefusedError:
            return self._page(request, refusal=self.texts.text("The passkey was not made. Please try again."))
        return to(PATH)

    def revoke(self, request: Request, passkey_id: str) -> Response:
        person = session_of(request)
        with self._database.write() as uow:
            passkeys.revoke(
                uow, self._store_id, person.staff_id, passkey_id, by=person.name, now_utc=self._clock()
            )
        return to(PATH)

    def _why_not(self, request: Request, pin: str) -> str:
        """Why no passkey is made, or "". A session left open makes none: the PIN is asked for again."""
        if not may_carry_pin(request) or not self._config.public_url:
            return open_channel_words(self.texts)
        checked = pins.check(
            self._database, self._store_id, name=session_of(request).name, pin=pin[: MAX_PIN_DIGITS + 1]
        )
        with self._database.write() as uow:
            settled = pins.settle(uow, self._store_id, checked, what="pin.refused", now_utc=self._clock())
        if not isinstance(settled, PinRefused):
            return ""
        return refusal_words(settled.reason, self.texts, wrong=self.texts.text("The PIN is not right."))

    def _page(self, request: Request, *, refusal: str = "") -> Response:
        with self._database.read() as uow:
            known = passkeys.of_person(uow, self._store_id, session_of(request).staff_id)
        return self.page(
            request,
            "passkeys",
            here=PATH,
            status=409 if refusal else 200,
            refusal=refusal,
            passkeys_at=origin_of(self._config),
            passkeys=[views.passkey_line(each, self.texts, zone=self._zone) for each in known],
        )


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes under /staff/passkeys."""
    del broker
    page = PasskeyPage(config, database, pages=pages_for(config.name, config.language), clock=clock)
    router = APIRouter(include_in_schema=False)
    add_routes(
        router,
        Guard(config, database, clock=clock),
        reads=[(PATH, page.mine)],
        posts=[
            (PATH, page.add),
            (f"{PATH}/question", page.question),
            (f"{PATH}/{{passkey_id}}/revoke", page.revoke),
        ],
        needed=Permission.HOLD_PASSKEY,
    )
    return router
