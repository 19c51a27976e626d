"""Owns signing in and out on the web: the form, and what comes of it.

It must not know what a page does with a session. PIN rules are inventory.domain.staff's, hashes services'.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import MAX_NAME_LENGTH, MAX_PIN_DIGITS, Permission, SignInMethod, may
from inventory.services import badges, desk_calls, help_desk, interventions, pins, sessions, tablets
from inventory.services.pins import PinRefused
from inventory.services.sessions import Place, Session
from inventory.web.auth import (
    AddressThrottle,
    is_by_pin_elsewhere,
    may_carry_pin,
    open_channel_words,
    own_path,
    place_of,
    refusal_words,
    session_of,
)
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
from inventory.web.pages import Clock, Pages
from inventory.web.passkey_party import origin_of
from inventory.web.texts import Texts

ATTEMPTS: Final = 20
"""Of one address, and of one tablet wherever it is, within the window."""

ATTEMPT_WINDOW: Final = timedelta(minutes=5)


class SignInPages:
    """The sign-in form and what comes of it."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._needs_tablet = config.staff_needs_enrolled_tablet
        self._database = database
        self._pages = pages
        self._clock = clock
        self._passkeys_at = origin_of(config)
        self._throttle = AddressThrottle(limit=ATTEMPTS, window=ATTEMPT_WINDOW)

    def home(self) -> Response:
        return RedirectResponse("/staff", status_code=303)

    def form(self, request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
        return self._form(request, self.place(request), next_path=own_path(next))

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
        form_token: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - the name in the form
    ) -> Response:
        next_path, place = own_path(next), self.place(request)
        status, refusal = self._refusal(request, place, form_token)
        if refusal:
            return self._form(request, place, next_path=next_path, status=status, refusal=refusal)
        outcome = self._attempt(request, place, name[:MAX_NAME_LENGTH], pin[: MAX_PIN_DIGITS + 1])
        if isinstance(outcome, PinRefused):
            wrong = self._pages.texts.text("Name or PIN is not right.")
            refusal = refusal_words(outcome.reason, self._pages.texts, wrong=wrong)
            return self._form(request, place, next_path=next_path, status=401, refusal=refusal, name=name)
        return welcome(request, outcome, next_path)

    def sign_out(self, request: Request) -> Response:
        with self._database.write() as uow:
            token = session_of(request).token
            sessions.sign_out(uow, self._store_id, token=token, now_utc=self._clock())
        answer = RedirectResponse("/sign-in", status_code=303)
        drop_cookie(answer, request, SESSION_COOKIE)
        return answer

    def bell(self) -> dict[str, int]:
        """How many calls are open: no more than the lamps over the lanes show to everybody."""
        with self._database.read() as uow:
            calls = len(help_desk.open_requests(uow, self._store_id))
            calls += desk_calls.count(uow, self._store_id)
            return {"open": calls + len(interventions.waiting(uow, self._store_id))}

    def place(self, request: Request) -> Place:
        with self._database.read() as uow:
            return place_of(uow, self._store_id, request)

    @property
    def texts(self) -> Texts:
        """The words of the page's language."""
        return self._pages.texts

    def admits(self, request: Request) -> bool:
        """Notes one try of this address, and of this tablet wherever it is; whether it may go on."""
        tablet_id = self.place(request).tablet_id
        callers = [caller_of(request), *([f"tablet {tablet_id}"] if tablet_id else [])]
        return all([self._throttle.admits(each, self._clock()) for each in callers])  # noqa: C419 - count both

    def refuse(self, request: Request, status: int, words: str, *, next_path: str) -> Response:
        """The form again, and why somebody was not let in."""
        return self._form(request, self.place(request), next_path=next_path, status=status, refusal=words)

    def _refusal(self, request: Request, place: Place, form_token: str) -> tuple[int, str]:
        """Why no PIN is looked at here, with the answer's status; "" where one is."""
        text = self._pages.texts.text
        if not is_own_form(request, form_token):
            return 403, text("The form was too old. Please try again.")
        if not may_carry_pin(request):
            return 403, open_channel_words(self._pages.texts)
        if self._needs_tablet and is_by_pin_elsewhere(SignInMethod.PIN, place):
            return 403, text("This device is not let in yet. A manager makes a code for it.")
        if not self.admits(request):
            return 429, text("Too many tries from this device. Wait five minutes.")
        return 200, ""

    def _attempt(self, request: Request, place: Place, name: str, pin: str) -> Session | PinRefused:
        former = cookie(request, SESSION_COOKIE)
        method = SignInMethod.BADGE if badges.is_badge(name.strip()) else SignInMethod.PIN
        who = badges.named(self._database, self._store_id, name.strip())
        checked = pins.check(self._database, self._store_id, name=who, pin=pin)
        with self._database.write() as uow:
            now_utc = self._clock()
            outcome = sessions.sign_in(
                uow, self._store_id, checked, now_utc=now_utc, place=place, method=method
            )
            if isinstance(outcome, Session):
                tablets.note_use(uow, self._store_id, place.tablet_id, now_utc)
                if former:
                    sessions.sign_out(uow, self._store_id, token=former, now_utc=now_utc)
            return outcome

    def _form(
        self,
        request: Request,
        place: Place,
        *,
        next_path: str,
        status: int = 200,
        refusal: str = "",
        name: str = "",
    ) -> Response:
        token = form_token_of(request)
        hint = self._pages.texts.text("Sign in to go on.") if next_path and not refusal else ""
        answer = self._pages.answer(
            "auth/sign_in.html",
            self._pages.frame(),
            status=status,
            refusal=refusal,
            hint=hint,
            form_token=token,
            next_path=next_path,
            name=name,
            tablet=place.name,
            passkeys_at=self._passkeys_at,
        )
        set_cookie(answer, request, FORM_COOKIE, token)
        return answer


def welcome(request: Request, begun: Session, next_path: str) -> Response:
    """Lets somebody on to where they wanted to go, with the cookie of their session."""
    home = "/manager" if may(begun.role, Permission.SEE_CONSOLE) else "/staff"
    answer = RedirectResponse(next_path or home, status_code=303)
    set_cookie(answer, request, SESSION_COOKIE, begun.token)
    if begun.tablet_id:
        set_cookie(answer, request, TABLET_COOKIE, cookie(request, TABLET_COOKIE), kept=FOR_LONG)
    return answer
