"""Owns what of a search that found nothing may be told and counted: its word, folded and cut, and no person.

It must not know who searched, nor where a word is kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST_TERM = 30
SHORTEST_TERM = 2
MANY = 5
"""So often without a result is worth a name or an alias in the catalogue (the manager is told)."""

_MOST_DIGITS = 4
"""A size or a year has so many; a telephone number, a card or a date of birth has more."""


@dataclass(frozen=True, slots=True)
class MissedTerm:
    """One word in one language, and how often it found nothing over some days."""

    term: str
    language: str
    count: int

    @property
    def is_many(self) -> bool:
        return self.count >= MANY


def term_of(query: str) -> str:
    """The word to count, or "" where it is too short or could be somebody's number, address or code."""
    seen = "".join(sign if sign.isprintable() else " " for sign in query)
    term = " ".join(unicodedata.normalize("NFKC", seen).casefold().split())
    if "@" in term or sum(sign.isdigit() for sign in term) > _MOST_DIGITS:
        return ""
    term = term[:LONGEST_TERM].strip()
    return term if sum(sign.isalpha() for sign in term) >= SHORTEST_TERM else ""
