"""Owns the making of ids: time-ordered, unique without asking anyone, made before anything is sent.

It must not know what they name. UUID version 7 (RFC 9562, section 5.7).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

NewId = Callable[[], str]


def uuid7(at_utc: datetime, random_bits: int) -> UUID:
    """48 bits of milliseconds, then the version, the variant and 74 of `random_bits` (0 to 2**74 - 1)."""
    milliseconds = int(at_utc.timestamp() * 1000) & (2**48 - 1)
    high, low = random_bits >> 62, random_bits & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)


def id_maker(utc: Callable[[], datetime]) -> NewId:
    """A source of fresh ids on the given clock."""
    return lambda: str(uuid7(utc(), secrets.randbits(74)))
