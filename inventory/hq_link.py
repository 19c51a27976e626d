"""Owns the store's conversation with its headquarters: a thread that fetches pages and sends what waits.

It must not decide what a page does or what is said. Headquarters may be away for as long as it likes: the
store sells, and what it has to say waits in its outbox.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from random import Random, SystemRandom
from types import TracebackType
from typing import Self

import httpx
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from inventory.config import HeadquartersConfig, StoreConfig
from inventory.db.unit_of_work import Database
from inventory.hq_wire import MESSAGES_AT_ONCE, HqPage
from inventory.services import hq_intake, hq_outbox

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
PAGES_AT_ONCE = 10_000
SUMMARY_EVERY = 5
"""Rounds between two summaries."""
BACK_OFF_CAP_S = 300.0
WAITS_A_ROUND = 60
"""How often headquarters may say "later" in one round; then the round ends, and the next goes on there."""
LONGEST_WAIT_S = 60.0
UNSAID_WAIT_S = 5.0
Clock = Callable[[], datetime]
Wait = Callable[[float], bool]
"""Waits so many seconds; answers whether the link was closed meanwhile."""


class HqProblem(Exception):  # noqa: N818 - it names what the console shows
    """Why a round did not come to its end, in one sentence."""


class HqLink:
    """Speaks on a thread of its own from `with` to its end; `round` is one exchange, for who has none."""

    def __init__(
        self,
        config: StoreConfig,
        database: Database,
        *,
        clock: Clock,
        client: httpx.Client | None = None,
        chance: Random | None = None,
        wait: Wait | None = None,
    ) -> None:
        """Raises OSError and ssl.SSLError for an unusable `ca_file`."""
        assert config.headquarters is not None, "a store without a headquarters has no link to one"
        self._store_id = config.store_id
        self._currency = config.currency
        self._every_s = config.headquarters.every_s
        self._database = database
        self._clock = clock
        self._client = client or client_for(config.headquarters)
        self._chance = chance or SystemRandom()
        self._rounds = 0
        self._stopping = threading.Event()
        self._wait = wait or self._stopping.wait
        self._waits_left = WAITS_A_ROUND
        self._thread = threading.Thread(target=self._run, name="headquarters", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stopping.set()
        self._client.close()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def round(self) -> None:
        """Hears all there is and says all that waits. Raises HqProblem; the next round goes on there."""
        self._waits_left = WAITS_A_ROUND
        try:
            self._hear()
            self._say()
        except (httpx.HTTPError, OSError, RuntimeError, ValidationError) as error:
            problem = str(error).splitlines()[0] if str(error) else type(error).__name__
            with self._database.write() as uow:
                hq_outbox.reached(uow, self._store_id, now_utc=self._clock(), problem=problem)
            raise HqProblem(problem) from error
        with self._database.write() as uow:
            hq_outbox.reached(uow, self._store_id, now_utc=self._clock())

    def _hear(self) -> None:
        for _ in range(PAGES_AT_ONCE):
            if self._stopping.is_set():
                return
            with self._database.read() as uow:
                line = hq_outbox.line(uow, self._store_id)
            if line is None:
                return
            answer = self._ask(
                self._client.build_request("GET", "/api/v1/hq/feed", params={"position": line.position})
            )
            answer.raise_for_status()
            page = HqPage.model_validate_json(answer.content)
            if not page.events and page.next == line.position and line.behind == page.behind:
                return
            with self._database.write() as uow:
                hq_intake.apply_page(uow, self._store_id, page, self._clock())
            if not page.behind:
                return

    def _say(self) -> None:
        """Oldest first. What headquarters refuses is kept aside with its reason."""
        if self._rounds % SUMMARY_EVERY == 0:
            with self._database.write() as uow:
                hq_outbox.summarise(uow, self._store_id, self._currency, self._clock())
        self._rounds += 1
        while not self._stopping.is_set():
            with self._database.read() as uow:
                waiting = hq_outbox.waiting(uow, self._store_id, limit=MESSAGES_AT_ONCE)
            if not waiting:
                return
            for envelope in waiting:
                answer = self._ask(
                    self._client.build_request(
                        "PUT",
                        f"/api/v1/hq/messages/{envelope.message_id}",
                        content=envelope.model_dump_json(),
                        headers={"content-type": "application/json"},
                    )
                )
                refused = answer.status_code in (400, 409, 413, 415, 422)
                if not refused and answer.status_code not in (HTTPStatus.OK, HTTPStatus.CREATED):
                    answer.raise_for_status()
                    raise httpx.ProtocolError(f"headquarters answered {answer.status_code}")
                problem = answer.text[:300] if refused else ""
                with self._database.write() as uow:
                    hq_outbox.settle(uow, self._store_id, envelope.message_id, problem=problem)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        """Headquarters' answer; where it says "later", it is asked again then."""
        while True:
            answer = self._client.send(request)
            is_over = not self._waits_left or answer.status_code != HTTPStatus.TOO_MANY_REQUESTS
            if is_over or self._wait(_later_s(answer)):
                return answer
            self._waits_left -= 1

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self.round()
                if failures:
                    log.warning("headquarters answers")
                failures = 0
            except (HqProblem, SQLAlchemyError) as error:
                if not failures and not self._stopping.is_set():
                    log.warning("headquarters does not answer: %s", error)
                failures += 1
            except Exception:
                log.exception("The exchange with headquarters failed; the next round tries again.")
                failures += 1
            self._stopping.wait(self._pause_s(failures))

    def _pause_s(self, failures: int) -> float:
        """Full jitter: the stores of a chain do not ask in the same second."""
        longest = min(BACK_OFF_CAP_S, self._every_s * 2 ** min(failures, 6))
        return self._chance.uniform(longest / 2, longest)


def _later_s(answer: httpx.Response) -> float:
    """In how many seconds headquarters wants to be asked again, as far as it says so in seconds."""
    told = answer.headers.get("retry-after", "")
    is_number = told.isascii() and told.isdecimal() and len(told) < 6
    return min(float(told), LONGEST_WAIT_S) if is_number else UNSAID_WAIT_S


def client_for(config: HeadquartersConfig) -> httpx.Client:
    """A client that shows the store's token and believes the authority that the settings name."""
    verify: ssl.SSLContext | bool = True
    if config.ca_file is not None:
        verify = ssl.create_default_context(cafile=config.ca_file)
    return httpx.Client(
        base_url=config.url,
        headers={"authorization": f"Bearer {config.token.get_secret_value()}"},
        timeout=TIMEOUT_S,
        verify=verify,
        trust_env=False,
    )
