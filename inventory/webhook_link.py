"""Owns the sending of words to one other system: signed, again until it has them, on a thread of its own.

It must not decide what is told. What answers is neither read nor followed: its status is all that counts.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from random import Random, SystemRandom
from types import TracebackType
from typing import Self

import httpx

from inventory.db.unit_of_work import Database
from inventory.domain.webhooks import WebhookEvent, public_id, signature
from inventory.services import webhook_outbox
from inventory.services.webhook_outbox import Facts
from inventory.webhook_settings import WebhookConfig

_log = logging.getLogger(__name__)

EVERY_S = 1.0
SILENCE_S = 10.0
"""Whoever says nothing for so long is tried again later."""
CONNECT_S = 5.0
STOP_S = 2.0
MOST_AT_ONCE = 100

Clock = Callable[[], datetime]
Words = Callable[[WebhookEvent, Facts], str]
"""Facts as one sentence."""


class WebhookLink:
    """Sends what waits for one webhook from `with` to its end; `round` does it once, without the thread."""

    def __init__(
        self,
        config: WebhookConfig,
        database: Database,
        store_id: str,
        words: Words,
        *,
        clock: Clock,
        client: httpx.Client | None = None,
        chance: Random | None = None,
    ) -> None:
        self._config = config
        self._database = database
        self._store_id = store_id
        self._words = words
        self._clock = clock
        self._client = client or client_for()
        self._chance = chance or SystemRandom()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"webhook-{config.name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._client.close()
        self._thread.join(STOP_S)  # one that hangs in the middle of a try is left behind

    def round(self) -> int:
        """Sends all that is due, each once; how many were taken."""
        taken = 0
        for _ in range(MOST_AT_ONCE):
            now_utc = self._clock()
            with self._database.read() as uow:
                if not webhook_outbox.is_due(uow, self._store_id, self._config.name, now_utc):
                    break
            with self._database.write() as uow:
                message = webhook_outbox.claim(uow, self._store_id, self._config.name, now_utc)
            if message is None or self._is_over.is_set():
                break
            problem = post(
                self._client,
                self._config,
                public_id(self._store_id, message.message_id),
                body_of(self._config, message.event, message.facts, self._words),
                self._clock(),
            )
            if self._is_over.is_set():
                break  # the store has stopped meanwhile; whoever starts next sends it once more
            self._settle(message.message_id, problem)
            taken += not problem
        return taken

    def _settle(self, message_id: str, problem: str) -> None:
        name, now_utc = self._config.name, self._clock()
        with self._database.write() as uow:
            if not problem:
                webhook_outbox.sent(uow, self._store_id, name, message_id, now_utc)
                return
            webhook_outbox.failed(
                uow,
                self._store_id,
                name,
                message_id,
                now_utc,
                problem=problem,
                chance=self._chance.random(),
            )

    def _run(self) -> None:
        while not self._is_over.wait(EVERY_S):
            try:
                self.round()
            except Exception:  # noqa: BLE001 - a busy or lost database is tried again at the next round
                _log.exception("The webhook %s failed; the next round tries again.", self._config.name)


def client_for() -> httpx.Client:
    """A client that goes where it is sent and nowhere else, not through what the environment names."""
    timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
    return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)


def body_of(config: WebhookConfig, event: WebhookEvent, facts: Facts, words: Words) -> bytes:
    """What is sent: the facts, or a sentence of them."""
    told = {"text": words(event, facts)} if config.kind == "text" else dict(facts)
    return json.dumps(told, sort_keys=True, ensure_ascii=False).encode()


def post(client: httpx.Client, config: WebhookConfig, message_id: str, body: bytes, now_utc: datetime) -> str:
    """One try; why it was not taken, in words without the address, or ""."""
    timestamp = int(now_utc.timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Lanelight",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(config.secret.get_secret_value(), message_id, timestamp, body),
    }
    try:
        url = config.url.get_secret_value()
        with client.stream("POST", url, content=body, headers=headers) as answer:
            return "" if answer.is_success else f"it answered {answer.status_code}"
    except httpx.TimeoutException:
        return "it did not answer in time"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
        return f"it was not reached ({type(error).__name__})"
