"""Owns who asks a page of staff's, and the guards that stop those who may not.

It must not know how somebody signed in (sign_in_page does), nor what a page does with a session.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest
from threading import Lock
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Form, Request

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.staff import Permission, Role, SignInMethod, SignInReason, may
from inventory.services import sessions, tablets
from inventory.services.sessions import ANYWHERE, Place, Session
from inventory.web.cookies import SESSION_COOKIE, TABLET_COOKIE, cookie
from inventory.web.pages import Clock, PageRefused, SignInNeeded
from inventory.web.security import is_private_channel
from inventory.web.texts import Texts

FRAGMENT_HEADER: Final = "x-fragment"
TOKEN_HEADER: Final = "x-form-token"  # noqa: S105 - a header's name

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
        self._needs_tablet = config.staff_needs_enrolled_tablet
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
        """The living session the request's cookie stands for, on the tablet it was begun on."""
        token = cookie(request, SESSION_COOKIE)
        if not token:
            return None
        now_utc = self._clock()
        with self._database.read() as uow:
            found = sessions.session(uow, self._store_id, token=token, now_utc=now_utc)
            place = place_of(uow, self._store_id, request) if found is not None else ANYWHERE
        if found is None or (self._needs_tablet and is_by_pin_elsewhere(found.method, place)):
            return None
        if found.tablet_id == place.tablet_id:
            return found
        with self._database.write() as uow:
            sessions.end_stolen(uow, self._store_id, token=token, seen_at=place, now_utc=now_utc)
        return None

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
        if sessions.needs_touch(current, now_utc):
            with self._database.write() as uow:
                sessions.touch(uow, self._store_id, token=current.token, now_utc=now_utc)


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


def place_of(uow: UnitOfWork, store_id: str, request: Request) -> Place:
    """The enrolled tablet that asks, or that it is none."""
    token = cookie(request, TABLET_COOKIE)
    tablet = tablets.of_token(uow, store_id, token) if token else None
    return Place(tablet.tablet_id, tablet.name) if tablet is not None else ANYWHERE


def is_by_pin_elsewhere(method: SignInMethod, place: Place) -> bool:
    """Whether this is a PIN on a browser that nobody enrolled."""
    return method is not SignInMethod.PASSKEY and not place.tablet_id


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
