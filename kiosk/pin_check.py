"""Owns the question to the store whether a PIN is right: asked once, answered as an event, and forgotten.

It must not keep a PIN, ask a second time by itself, or let one travel where others can read it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from ipaddress import ip_address
from random import Random
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from inventory.wire import StaffPinAnswer, StaffPinMessage
from kiosk.checkout.messages import Event, PinRefused, PinState, StaffEntered

_REFUSED = {"wrong": PinState.WRONG, "wait": PinState.WAIT, "locked": PinState.LOCKED}


class PinCheck:
    """Asks on a thread of its own: a slow store must not hold up what the lane has to say beside it."""

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        lane_id: str,
        post: Callable[[Event], None],
        is_offline: Callable[[], bool],
        chance: Random,
    ) -> None:
        self._client = client
        self._is_private = is_private(url)
        self._lane_id = lane_id
        self._post = post
        self._is_offline = is_offline
        self._chance = chance

    def ask(self, who: str, pin: str) -> None:
        """Returns at once; the answer comes as StaffEntered or PinRefused."""
        if not self._is_private:
            self._post(PinRefused(PinState.NOT_PRIVATE))
        elif self._is_offline():
            self._post(PinRefused(PinState.OFFLINE))
        else:
            threading.Thread(target=self._ask, args=(who, pin), name="store-pin", daemon=True).start()

    def _ask(self, who: str, pin: str) -> None:
        message = StaffPinMessage(lane_id=self._lane_id, who=who, pin=pin)
        headers = {"Content-Type": "application/json"}
        try:
            answer = self._client.post(
                "/api/v1/staff/pin", content=message.model_dump_json(), headers=headers
            )
            answer.raise_for_status()
            told = StaffPinAnswer.model_validate_json(answer.content)
        except (httpx.HTTPError, OSError, RuntimeError, ValidationError):
            return self._post(PinRefused(PinState.OFFLINE))
        if told.outcome == "right":
            session_id = f"{self._chance.getrandbits(64):016x}"
            return self._post(StaffEntered(told.staff_name, session_id, told.price_cut_percent))
        return self._post(PinRefused(_REFUSED[told.outcome]))


def is_private(url: str) -> bool:
    """Whether a PIN may travel to this address: encrypted, or without leaving this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
