"""Owns the address where shopper and helper could speak or see each other: a template and its secret part.

It must not make calls: voice and video are somebody else's program. Nothing about a person stands in an
address, and nobody finds another call's by trying.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

SLOT: Final = "{call}"
LONGEST_TEMPLATE: Final = 500
LASTS: Final = timedelta(hours=1)
"""From the call on: long enough for the longest help, too short for a link that went astray."""

_ROOM_BYTES: Final = 20
"""160 of the 256 bits: still nothing that can be guessed, and short enough to be read out."""


@dataclass(frozen=True, slots=True)
class CallAddress:
    """Where to meet, and until when the address is shown."""

    url: str
    expires_at_utc: datetime


def template_fault(template: str) -> str:
    """What is wrong with a template, in one sentence, or ""."""
    if len(template) > LONGEST_TEMPLATE or not (template.isascii() and template.isprintable()):
        return f"a call link has at most {LONGEST_TEMPLATE} plain characters"
    if template.count(SLOT) != 1 or "{" in template.replace(SLOT, "") or "}" in template.replace(SLOT, ""):
        return f"a call link holds {SLOT} once, and nothing else in braces"
    try:
        parts = urlsplit(template)
        is_whole = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_whole = False
    if not is_whole or SLOT in parts.netloc or any(sign in template for sign in " \\\"'<>"):
        return f"a call link is an https address with {SLOT} behind the host"
    return ""


def room(key: str, store_id: str, help_id: str, since_utc: datetime) -> str:
    """The part of an address that only whoever holds the store's key can work out; the same at every look."""
    told = "\n".join(("call-link", store_id, help_id, since_utc.isoformat()))
    digest = hmac.digest(key.encode(), told.encode(), "sha256")
    return base64.b32encode(digest[:_ROOM_BYTES]).decode().lower()


def address(
    template: str, key: str, store_id: str, help_id: str, since_utc: datetime, now_utc: datetime
) -> CallAddress | None:
    """The address of a call that was made at `since_utc`; None once it has lasted too long."""
    expires_at_utc = since_utc + LASTS
    if now_utc >= expires_at_utc:
        return None
    return CallAddress(template.replace(SLOT, room(key, store_id, help_id, since_utc)), expires_at_utc)
