"""Owns the text of a preference card, what its QR code says: `LLP1:it:large-text,speak:130`.

It must not hold anything but language, how the lane is to be, and how fast it speaks: no name, number, date
or shop. Every lane reads every card, before and in the middle of a visit.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kiosk.checkout.preferences import RATES_PCT, Preference, Preferences

VERSION = 1
MAX_LENGTH = 120
"""A QR code of this length is read from a phone's screen by every scanner (version 6 at most)."""

_MARK = re.compile(r"LLP[0-9]{1,3}:")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8}){0,2}")
_ON_A_CARD = tuple(preference for preference in Preference if preference is not Preference.HIDE_SCREEN)
"""A dark screen is asked for on the spot: nobody's card leaves a lane that looks switched off."""


@dataclass(frozen=True, slots=True)
class PreferenceCard:
    """`language` is "" where this lane does not offer the card's: the visit keeps the one it has."""

    language: str
    preferences: Preferences


def is_card(text: str) -> bool:
    """Whether a scanned code means to be a preference card, well made or not."""
    return _MARK.match(text) is not None


def card_text(language: str, preferences: Preferences) -> str:
    """What the code says. The same settings always make the same text."""
    words = ",".join(preference.value for preference in _ON_A_CARD if preference in preferences)
    return f"LLP{VERSION}:{language}:{words}:{preferences.speech_rate_pct}"


def read_card(text: str, offered: Collection[str]) -> PreferenceCard | None:
    """The card, or None for one that is damaged, made otherwise than here, or of a later version."""
    parts = text.split(":") if len(text) <= MAX_LENGTH else []
    if len(parts) != 4 or parts[0] != f"LLP{VERSION}" or not _LANGUAGE.fullmatch(parts[1]):
        return None
    _, language, words, rate = parts
    known = {preference.value: preference for preference in _ON_A_CARD}
    names = words.split(",") if words else []
    rates = {str(pct): pct for pct in RATES_PCT}
    if rate not in rates or not all(name in known for name in names):
        return None
    preferences = Preferences(frozenset(known[name] for name in names), rates[rate])
    if card_text(language, preferences) != text:  # words twice or out of order: not made by a lane
        return None
    return PreferenceCard(language if language in offered else "", preferences)
