"""Owns signing in and out on the web: the form, the cookies, and the guards other pages stand behind.

It must not know what a page does with a session. PIN rules are inventory.domain.staff's, hashes services'.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest
from threading import Lock
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.staff import MAX_NAME_LENGTH, MAX_PIN_DIGITS, Permission, Role, SignInReason, may
from inventory.services import help_desk, interventions, pins
from inventory.services import staff as service
from inventory.services.pins import PinRefused
from inventory.services.staff import Session
from inventory.web.callers import caller_of
from inventory.web.events import Broker
from inventory.web.pages import Clock, PageRefused, Pages, SignInNeeded, pages_for, utc_now
from inventory.web.security import is_private_channel
from inventory.web.texts import Texts

SESSION_COOKIE: Final = "lanelight"
FORM_COOKIE: Final = "lanelight-form"
HOST_PREFIX: Final = "__Host-"
FRAGMENT_HEADER: Final = "x-fragment"
TOKEN_HEADER: Final = "x-form-token"  # noqa: S105 - a header's name

ATTEMPTS_PER_ADDRESS: Final = 20
ATTEMPT_WINDOW: Final = timedelta(minutes=5)
_ADDRESSES_KEPT: Final = 4096


class AddressThrottle:
    """Counts sign-in attempts of an address within a sliding window. Bounded; forgets the oldest address."""

    def __init__(self, *, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._attempts: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def admits(self, address: str, now_utc: datetime) -> bool:
        """Notes one attempt and tells whether it may go on."""
        with self._lock:
            recent = self._attempts.setdefault(address, deque(maxlen=self._limit))
            self._attempts.move_to_end(address)
            while len(self._attempts) > _ADDRESSES_KEPT:
                self._attempts.popitem(last=False)
            while recent and now_utc - recent[0] >= self._window:
                recent.popleft()
            if len(recent) == self._limit:
                return False
            recent.append(now_utc)
            return True


class Guard:
    """Finds out who asks, and stops those who may not. Used as route dependencies."""

    def __init__(self, config: StoreConfig, database: Database, *, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._clock = clock

    def reads(self, needed: Permission) -> Callable[[Request], None]:
        """A person opens a page: signed in, allowed to, and the session counts as used."""

        def check(request: Request) -> None:
            self._admit(request, needed)
            self._touch(request)

        return check

    def watches(self, needed: Permission) -> Callable[[Request], None]:
        """A page asks on its own: signed in and allowed to, but nobody touched anything."""

        def check(request: Request) -> None:
            self._admit(request, needed)

        return check

    def posts(self, needed: Permission) -> Callable[[Request, str], None]:
        """A person sends a form: as `reads`, and with the session's form token."""

        def check(request: Request, form_token: Annotated[str, Form()] = "") -> None:
            current = self._admit(request, needed)
            sent = form_token or request.headers.get(TOKEN_HEADER, "")
            if not compare_digest(sent.encode(), current.form_token.encode()):
                raise PageRefused(403, "This form is not from your sign-in. Open the page again.")
            self._touch(request)

        return check

    def current(self, request: Request) -> Session | None:
        """The living session the request's cookie stands for."""
        token = request.cookies.get(cookie_name(SESSION_COOKIE, request))
        if not token:
            return None
        with self._database.read() as uow:
            return service.session(uow, self._store_id, token=token, now_utc=self._clock())

    def is_manager(self, request: Request) -> bool:
        """Whether a manager asks; changes nothing."""
        current = self.current(request)
        return current is not None and may(current.role, Permission.SEE_CONSOLE)

    def _admit(self, request: Request, needed: Permission) -> Session:
        current = self.current(request)
        if current is None:
            is_page = (
                "text/html" in request.headers.get("accept", "") and FRAGMENT_HEADER not in request.headers
            )
            # A form cannot be sent again after the sign-in; its first page is where to go on.
            place = request.url.path if request.method == "GET" else f"/{request.url.path.split('/')[1]}"
            raise SignInNeeded(quote(place), is_script=not is_page)
        if not may(current.role, needed):
            raise PageRefused(403, refused_words(needed), way_on="/staff", way_on_label="To the lanes")
        request.state.session = current
        return current

    def _touch(self, request: Request) -> None:
        current, now_utc = session_of(request), self._clock()
        if service.needs_touch(current, now_utc):
            with self._database.write() as uow:
                service.touch(uow, self._store_id, token=current.token, now_utc=now_utc)


def refused_words(needed: Permission) -> str:
    """What somebody is told whose role does not reach."""
    if may(Role.ATTENDANT, needed):
        return "Somebody at the lanes has to do this."
    return "This page is for managers."


def session_of(request: Request) -> Session:
    """Who asks; only behind a guard."""
    current = request.state.session
    assert isinstance(current, Session), "a guard stands before every page that asks this"
    return current


def cookie_name(name: str, request: Request) -> str:
    """`__Host-` binds a cookie to this host over https; browsers refuse the prefix on plain http."""
    return f"{HOST_PREFIX}{name}" if request.url.scheme == "https" else name


class SignInPages:
    """The sign-in form and what comes of it."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        self._store_id = config.store_id
        self._database = database
        self._pages = pages
        self._clock = clock
        self._throttle = AddressThrottle(limit=ATTEMPTS_PER_ADDRESS, window=ATTEMPT_WINDOW)

    def home(self) -> Response:
        return RedirectResponse("/staff", status_code=303)

    def form(self, request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
        return self._form(request, next_path=own_path(next))

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        pin: Annotated[str, Form()] = "",
        form_token: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - the name in the form
    ) -> Response:
        next_path = own_path(next)
        expected = request.cookies.get(cookie_name(FORM_COOKIE, request), "")
        if not expected or not compare_digest(form_token.encode(), expected.encode()):
            return self._form(request, next_path=next_path, status=403, refusal=self._words("stale"))
        if not may_carry_pin(request):
            return self._form(request, next_path=next_path, status=403, refusal=self._words("open channel"))
        if not self._throttle.admits(caller_of(request), self._clock()):
            return self._form(request, next_path=next_path, status=429, refusal=self._words("too often"))
        outcome = self._attempt(request, name[:MAX_NAME_LENGTH], pin[: MAX_PIN_DIGITS + 1])
        if isinstance(outcome, PinRefused):
            wrong = self._pages.texts.text("Name or PIN is not right.")
            refusal = refusal_words(outcome.reason, self._pages.texts, wrong=wrong)
            return self._form(request, next_path=next_path, status=401, refusal=refusal, name=name)
        home = "/manager" if may(outcome.role, Permission.SEE_CONSOLE) else "/staff"
        answer = RedirectResponse(next_path or home, status_code=303)
        _set_cookie(answer, request, SESSION_COOKIE, outcome.token)
        return answer

    def sign_out(self, request: Request) -> Response:
        with self._database.write() as uow:
            token = session_of(request).token
            service.sign_out(uow, self._store_id, token=token, now_utc=self._clock())
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(
            cookie_name(SESSION_COOKIE, request),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    def bell(self) -> dict[str, int]:
        """How many calls are open: no more than the lamps over the lanes show to everybody."""
        with self._database.read() as uow:
            calls = len(help_desk.open_requests(uow, self._store_id))
            return {"open": calls + len(interventions.waiting(uow, self._store_id))}

    def _attempt(self, request: Request, name: str, pin: str) -> Session | PinRefused:
        former = request.cookies.get(cookie_name(SESSION_COOKIE, request))
        checked = pins.check(self._database, self._store_id, name=name, pin=pin)
        with self._database.write() as uow:
            now_utc = self._clock()
            outcome = service.sign_in(uow, self._store_id, checked, now_utc=now_utc)
            if former and isinstance(outcome, Session):
                service.sign_out(uow, self._store_id, token=former, now_utc=now_utc)
            return outcome

    def _form(
        self, request: Request, *, next_path: str, status: int = 200, refusal: str = "", name: str = ""
    ) -> Response:
        token = request.cookies.get(cookie_name(FORM_COOKIE, request)) or secrets.token_urlsafe(24)
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
        )
        _set_cookie(answer, request, FORM_COOKIE, token)
        return answer

    def _words(self, reason: str) -> str:
        text = self._pages.texts.text
        match reason:
            case "stale":
                return text("The form was too old. Please try again.")
            case "open channel":
                return open_channel_words(self._pages.texts)
            case _:
                return text("Too many tries from this device. Wait five minutes.")


def refusal_words(reason: SignInReason, texts: Texts, *, wrong: str) -> str:
    """Why a PIN was not taken; `wrong` is what to say of one that is not right."""
    match reason:
        case SignInReason.WRONG:
            return wrong
        case SignInReason.WAIT:
            return texts.text("Too many wrong PINs. Wait 15 minutes, or ask a manager.")
        case SignInReason.LOCKED:
            return texts.text("This name is locked. A manager can unlock it.")


def open_channel_words(texts: Texts) -> str:
    """Why no PIN is taken here at all."""
    return texts.text("A PIN is not sent over an open network. Use the https address of this store.")


def may_carry_pin(request: Request) -> bool:
    """Whether a PIN may come the way this request came."""
    address = request.client.host if request.client else ""
    return is_private_channel(scheme=request.url.scheme, client_host=address)


def own_path(wanted: str) -> str:
    """`wanted` when it is a page of ours, else "": a sign-in never sends anybody elsewhere."""
    is_ours = wanted.split("/")[1:2] in (["staff"], ["manager"]) and wanted.startswith("/")
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    return wanted if is_ours and is_plain else ""


def _set_cookie(answer: Response, request: Request, name: str, value: str) -> None:
    answer.set_cookie(
        cookie_name(name, request),
        value,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def router_for(
    config: StoreConfig, database: Database, broker: Broker, *, clock: Clock = utc_now
) -> APIRouter:
    """Routes for signing in and out, and the number of open calls for a signed-out tablet."""
    del broker
    here = SignInPages(config, database, pages=pages_for(config.name, config.language), clock=clock)
    guard = Guard(config, database, clock=clock)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", here.home, methods=["GET"], response_model=None)
    router.add_api_route("/sign-in", here.form, methods=["GET"], response_model=None)
    router.add_api_route("/sign-in", here.sign_in, methods=["POST"], response_model=None)
    router.add_api_route(
        "/sign-out",
        here.sign_out,
        methods=["POST"],
        response_model=None,
        dependencies=[Depends(guard.posts(Permission.SEE_LANES))],
    )
    router.add_api_route("/staff/bell", here.bell, methods=["GET"])
    return router
