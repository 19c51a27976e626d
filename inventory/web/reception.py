"""Owns who is speaking to the API: whose token is shown, what it may ask, and how often.

It must not know what is asked. A token that is not known counts against the address it came from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from inventory.db.unit_of_work import Database
from inventory.domain.staff import Permission, may
from inventory.services import api_tokens, lanes
from inventory.services.api_tokens import ApiToken
from inventory.web.callers import caller_of
from inventory.web.problems import Problem
from inventory.web.throttle import Buckets

Clock = Callable[[], datetime]
T = TypeVar("T")


def utc_now() -> datetime:
    """The clock of a running store."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Reception:
    """What every handler of the API shares: the store, its database, its clock, and who is speaking."""

    store_id: str
    database: Database
    clock: Clock
    buckets: Buckets

    def lane(self, request: Request, *, is_fact: bool = False) -> str:
        """The id of the lane whose token is shown. Raises Problem 401, 403 for a system's token, or 429.

        A fact, a sale that was paid, is never sent away for its number.
        """
        caller = self._caller(request)
        if isinstance(caller, ApiToken):
            raise Problem(HTTPStatus.FORBIDDEN, "Only a lane may do this; the token is a system's.")
        if not is_fact:
            self.count(f"lane {caller}")
        return caller

    def system(self, request: Request, needed: Permission) -> ApiToken:
        """The system whose token is shown. Raises Problem 401, 429, or 403 for a lane or a lesser role."""
        caller = self._caller(request)
        if not isinstance(caller, ApiToken):
            raise Problem(HTTPStatus.FORBIDDEN, "Only a system may do this; the token is a lane's.")
        if not may(caller.role, needed):
            raise Problem(HTTPStatus.FORBIDDEN, f"A token of the role {caller.role.value} may not do this.")
        self.count(f"system {caller.token_id}")
        self._note(caller)
        return caller

    def anybody(self, request: Request) -> None:
        """Whoever has any token of this store. Raises Problem 401 or 429."""
        caller = self._caller(request)
        self.count(f"system {caller.token_id}" if isinstance(caller, ApiToken) else f"lane {caller}")

    async def look(self, question: Callable[[], T]) -> T:
        """Answers a small question of a plain route, one that only reads.

        A file is asked here and now, which takes less than a thread's turn; a server over a network is not.
        """
        if self.database.is_embedded:
            return question()
        return await run_in_threadpool(question)

    def _caller(self, request: Request) -> str | ApiToken:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            found = self._found(token.strip())
            if found is not None:
                return found
        self.count_address(request)
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "A token of this store must be shown.",
            headers={"www-authenticate": 'Bearer realm="lanelight"'},
        )

    def _found(self, token: str) -> str | ApiToken | None:
        if not token.startswith(api_tokens.PREFIX):
            return lanes.authenticate_now(self.database, self.store_id, token)
        with self.database.read() as uow:
            return api_tokens.authenticate(uow, self.store_id, token)

    def _note(self, caller: ApiToken) -> None:
        now_utc = self.clock()
        if caller.is_use_news(now_utc):
            with self.database.write() as uow:
                api_tokens.note_use(uow, self.store_id, caller.token_id, now_utc)

    def count_address(self, request: Request) -> None:
        """Counts a request with a token that nobody has against where it came from. Raises Problem 429."""
        self.count(f"address {caller_of(request)}")

    def count(self, key: str) -> None:
        """Counts one request of whom the key names. Raises Problem 429 with Retry-After."""
        wait_s = self.buckets.wait_s(key)
        if wait_s:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                self.buckets.words,
                headers={"retry-after": str(math.ceil(wait_s))},
            )
