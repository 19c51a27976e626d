"""Owns the console's page of machines: lanes with their keys, codes that let lanes in, systems' tokens.

It must not know how a key or a code is kept. A code and a token are shown in one answer, and never again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Form, Request
from fastapi.responses import Response

from inventory.config import StoreConfig
from inventory.db.unit_of_work import Database
from inventory.domain.moments import format_moment
from inventory.domain.staff import Role
from inventory.services import api_tokens, enrolment, lanes, tablets
from inventory.services.enrolment import LIFE, Code
from inventory.web.auth import session_of
from inventory.web.console_frame import ConsolePage, to
from inventory.web.pages import Clock, Pages
from inventory.web.squares import qr_squares

PATH: Final = "/manager/devices"
MINUTES: Final = int(LIFE.total_seconds() // 60)
_LANE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class LaneKeyLine:
    lane_id: str
    enrolled_by: str
    heard: str
    is_open: bool
    is_in_settings: bool


@dataclass(frozen=True, slots=True)
class TokenLine:
    token_id: str
    name: str
    role: str
    made_by: str
    used: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TabletLine:
    tablet_id: str
    name: str
    enrolled_by: str
    used: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class CodeView:
    """A new code: its digits in two groups, and a square to scan. `squares` is an SVG path in modules."""

    made_for: str
    spoken: str
    hint: str
    command: str
    size: int
    squares: str


class DevicesPage(ConsolePage):
    """Lanes and other systems, and what lets them in."""

    def __init__(self, config: StoreConfig, database: Database, *, pages: Pages, clock: Clock) -> None:
        super().__init__(config, database, pages=pages, clock=clock)
        self._in_settings = frozenset(config.lanes)

    def devices(self, request: Request) -> Response:
        return self.show(request)

    def make_code(self, request: Request, lane_id: Annotated[str, Form()] = "") -> Response:
        wanted, text = lane_id.strip(), self.texts.text
        if not _LANE_ID.fullmatch(wanted):
            return self._refused(request, text("A lane’s id has letters, digits, dots and hyphens."))
        if wanted in self._in_settings:
            return self._refused(request, text("The token of this lane is in the store’s settings."))
        digits = enrolment.new_digits()
        with self._database.write() as uow:
            by = session_of(request).name
            code = enrolment.make(uow, self._store_id, wanted, digits=digits, by=by, now_utc=self._clock())
        return self.show(request, code=self._lane_code(code, _address(request)))

    def make_tablet_code(self, request: Request, name: Annotated[str, Form()] = "") -> Response:
        digits = enrolment.new_digits()
        try:
            with self._database.write() as uow:
                by = session_of(request).name
                code = tablets.make_code(
                    uow, self._store_id, name, digits=digits, by=by, now_utc=self._clock()
                )
        except tablets.TabletNameError:
            return self._refused(request, self.texts.text("A name has 1 to 60 characters."))
        return self.show(request, code=self._tablet_code(code, _address(request)))

    def rename_tablet(self, request: Request, tablet_id: str, name: Annotated[str, Form()] = "") -> Response:
        try:
            with self._database.write() as uow:
                by = session_of(request).name
                tablets.rename(uow, self._store_id, tablet_id, name=name, by=by, now_utc=self._clock())
        except tablets.TabletNameError:
            return self._refused(request, self.texts.text("A name has 1 to 60 characters."))
        return to(PATH)

    def revoke_tablet(self, request: Request, tablet_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            tablets.revoke(uow, self._store_id, tablet_id, by=by, now_utc=self._clock())
        return to(PATH)

    def revoke_lane(self, request: Request, lane_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            lanes.revoke(uow, self._store_id, lane_id, by=by, now_utc=self._clock())
        return to(PATH)

    def make_token(
        self, request: Request, name: Annotated[str, Form()] = "", role: Annotated[str, Form()] = ""
    ) -> Response:
        wanted = Role.MANAGER if role == Role.MANAGER.value else Role.ATTENDANT
        try:
            with self._database.write() as uow:
                by = session_of(request).name
                token = api_tokens.make(
                    uow, self._store_id, name=name, role=wanted, by=by, now_utc=self._clock()
                )
        except api_tokens.TokenNameError:
            return self._refused(request, self.texts.text("A name has 1 to 60 characters."))
        return self.show(request, token=token)

    def revoke_token(self, request: Request, token_id: str) -> Response:
        with self._database.write() as uow:
            by = session_of(request).name
            api_tokens.revoke(uow, self._store_id, token_id, by=by, now_utc=self._clock())
        return to(PATH)

    def _refused(self, request: Request, words: str) -> Response:
        return self.show(request, status=422, refusal=words)

    def show(
        self,
        request: Request,
        *,
        status: int = 200,
        refusal: str = "",
        code: CodeView | None = None,
        token: str = "",
    ) -> Response:
        with self._database.read() as uow:
            keys = lanes.enrolled(uow, self._store_id)
            tokens = api_tokens.made(uow, self._store_id)
            known = tablets.enrolled(uow, self._store_id)
        text, when = self.texts.text, self._when()
        return self.page(
            request,
            "devices",
            here=PATH,
            status=status,
            refusal=refusal,
            code=code,
            token=token,
            tablets=[
                TabletLine(
                    each.tablet_id,
                    each.name,
                    each.enrolled_by,
                    when(each.used_at_utc),
                    each.revoked_at_utc is None,
                )
                for each in known
            ],
            lanes=[
                LaneKeyLine(
                    key.lane_id,
                    key.enrolled_by,
                    when(key.heard_at_utc),
                    key.revoked_at_utc is None,
                    key.lane_id in self._in_settings,
                )
                for key in keys
            ],
            tokens=[
                TokenLine(
                    each.token_id,
                    each.name,
                    text("manager") if each.role is Role.MANAGER else text("attendant"),
                    each.made_by,
                    when(each.used_at_utc),
                    each.revoked_at_utc is None,
                )
                for each in tokens
            ],
        )

    def _lane_code(self, code: Code, store_url: str) -> CodeView:
        told = urlencode({"store": store_url, "lane": code.made_for, "code": code.digits})
        hint = self.texts.text("Type this at the lane within {minutes} minutes. It works once.")
        command = f"lanelight lane enrol --config lane.toml --store {store_url} --code {code.digits}"
        squares = qr_squares(f"lanelight:enrol?{told}")
        return CodeView(code.made_for, code.spoken, hint.format(minutes=MINUTES), command, *squares)

    def _tablet_code(self, code: Code, store_url: str) -> CodeView:
        """The square is the address alone: a code in it would stay in the tablet's history."""
        address = f"{store_url}/tablet"
        hint = self.texts.text("Type this on the tablet within {minutes} minutes. It works once.")
        squares = qr_squares(address)
        return CodeView(code.made_for, code.spoken, hint.format(minutes=MINUTES), address, *squares)

    def _when(self) -> Callable[[datetime | None], str]:
        never = self.texts.text("never")

        def words(at_utc: datetime | None) -> str:
            return format_moment(at_utc.astimezone(self._zone), self.texts.language) if at_utc else never

        return words


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")
