"""Owns the event of looking at one good closely while the search is open.

It must not decide anything; a power cut may forget it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardOpened:
    """The card of a good; "" goes back to the search. `scanned`: it was held before the scanner.

    `phone`: with the code that a phone reads.
    """

    gtin: str
    scanned: bool = False
    phone: bool = False
