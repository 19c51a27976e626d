"""Owns what other systems are told of help: which events there are, how they are signed, when to try again.

It must not know addresses, and reads no clock: instants and chance come in. The headers and the signature are
those of Standard Webhooks 1.0, so that a receiver finds a library for them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import Final

from inventory.domain.help_desk import TAKEN_STATES, HelpState
from inventory.domain.help_waiting import Level

GIVE_UP: Final = timedelta(hours=24)
FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 900.0
_KEY_PREFIX: Final = "whsec_"


class WebhookEvent(Enum):
    """What may be told."""

    ESCALATED_MANAGER = "escalated-manager"
    """Nobody has answered for so long that a manager shall come."""
    CALLED = "called"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    FEEDBACK = "feedback"
    """Bad faces at a lane; somebody should go there."""
    SIGNAL = "signal"
    """The store's signal goes on or off: the first call is at the manager's level, or none is any more."""
    TEST = "test"


def events_of(state: HelpState, level: Level) -> Iterator[WebhookEvent]:
    """What a call that stands so has to be told as, each once a turn."""
    if state is HelpState.RESOLVED:
        yield WebhookEvent.RESOLVED
    elif state is HelpState.CANCELLED:
        yield WebhookEvent.CANCELLED
    elif state in TAKEN_STATES:
        yield WebhookEvent.ANSWERED
    else:
        yield WebhookEvent.CALLED
        if level >= Level.MANAGER:
            yield WebhookEvent.ESCALATED_MANAGER


def wait_s(tries: int, chance: float) -> float:
    """How long to wait after so many failures; `chance` is 0 to 1, so that not all come in one second."""
    assert tries > 0, "nothing waits before the first try"
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries - 1, 20))
    return longest / 2 + chance * longest / 2


def public_id(store_id: str, message_id: str) -> str:
    """The id in the header: the same at every try, and no id of ours."""
    told = f"{store_id}\n{message_id}".encode()
    return f"msg_{hashlib.sha256(told).hexdigest()[:32]}"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over id, seconds and body, in base 64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(_key(secret), signed, 'sha256')).decode()}"


def _key(secret: str) -> bytes:
    """`whsec_` stands before a key in base 64; any other secret is the key as it is written."""
    if secret.startswith(_KEY_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_KEY_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            return secret.encode()
    return secret.encode()
