"""Owns the sign-in with a passkey: what the browser is asked, and what comes of its answer.

It must not know how a signature is checked, nor draw a page: the sign-in page says why not.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.services import passkeys, sessions, tablets
from inventory.services.passkeys import PasskeyRefusedError
from inventory.services.sessions import Session
from inventory.web.auth import TOKEN_HEADER, own_path
from inventory.web.cookies import SESSION_COOKIE, cookie, is_own_form
from inventory.web.pages import Clock
from inventory.web.passkey_party import party_of
from inventory.web.sign_in_page import SignInPages, welcome

PATH: Final = "/sign-in/passkey"


class PasskeyDoor:
    """The two steps of a passkey at the door."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: SignInPages, clock: Clock) -> None:
        self._config = config
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock

    def question(self, request: Request) -> Response:
        """What the browser asks its passkeys; a script's request."""
        if not is_own_form(request, request.headers.get(TOKEN_HEADER, "")):
            return Response(status_code=403)
        if not self._pages.admits(request):
            return Response(status_code=429)
        with self._database.write() as uow:
            told = passkeys.ask_to_show(uow, self._store_id, party_of(self._config), now_utc=self._clock())
        return Response(told, media_type="application/json")

    def sign_in(
        self,
        request: Request,
        answer: Annotated[str, Form()] = "",
        form_token: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - the name in the form
    ) -> Response:
        next_path, text = own_path(next), self._pages.texts.text
        if not is_own_form(request, form_token):
            words = text("The form was too old. Please try again.")
            return self._pages.refuse(request, 403, words, next_path=next_path)
        if not self._pages.admits(request):
            words = text("Too many tries from this device. Wait five minutes.")
            return self._pages.refuse(request, 429, words, next_path=next_path)
        try:
            begun = self._begin(request, answer)
        except PasskeyRefusedError:
            words = text("This passkey opens nothing here. Sign in with your PIN.")
            return self._pages.refuse(request, 401, words, next_path=next_path)
        return welcome(request, begun, next_path)

    def _begin(self, request: Request, answer: str) -> Session:
        now_utc, place = self._clock(), self._pages.place(request)
        begun = passkeys.sign_in(
            self._database,
            self._store_id,
            party_of(self._config),
            answer=answer,
            place=place,
            now_utc=now_utc,
        )
        former = cookie(request, SESSION_COOKIE)
        with self._database.write() as uow:
            tablets.note_use(uow, self._store_id, place.tablet_id, now_utc)
            if former:
                sessions.sign_out(uow, self._store_id, token=former, now_utc=now_utc)
        return begun


def add_routes(
    router: APIRouter, config: StoreConfig, database: Database, *, pages: SignInPages, clock: Clock
) -> None:
    """Routes under /sign-in/passkey, where the store has a public address."""
    door = PasskeyDoor(config, database, pages=pages, clock=clock)
    router.add_api_route(f"{PATH}/question", door.question, methods=["POST"], response_model=None)
    router.add_api_route(PATH, door.sign_in, methods=["POST"], response_model=None)
