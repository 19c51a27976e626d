"""Owns how one shopper wants the lane to be: larger, darker, lower, spoken, slower, stiller, simpler.

It must not know screens or sounds, nor a person: preferences say what the lane does, never why, and they go
with the visit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Preference(Enum):
    """One switch of the accessibility sheet; the value is its word in taps and on a preference card."""

    LARGE_TEXT = "large-text"
    HIGH_CONTRAST = "high-contrast"
    REACH = "reach"
    SPEAK = "speak"
    SLOWER = "slower"
    REDUCED_MOTION = "reduced-motion"
    SIMPLE = "simple"
    HIDE_SCREEN = "hide-screen"


RATES_PCT = (80, 100, 130)
"""How fast the lane may speak (UX 12.1)."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is switched on. `speech_rate_pct` is one of `RATES_PCT`."""

    on: frozenset[Preference] = frozenset()
    speech_rate_pct: int = 100

    def __contains__(self, preference: Preference) -> bool:
        return preference in self.on

    def toggled(self, preference: Preference) -> Preferences:
        """A screen is hidden only while it is read aloud: without speech nobody could use the lane."""
        on = self.on ^ {preference}
        if Preference.SPEAK not in on:
            on -= {Preference.HIDE_SCREEN}
        return replace(self, on=on)

    def next_rate(self) -> Preferences:
        """One step faster, from the fastest to the slowest."""
        rates = [*RATES_PCT, RATES_PCT[0]]
        at = rates.index(self.speech_rate_pct) if self.speech_rate_pct in rates else 0
        return replace(self, speech_rate_pct=rates[at + 1])

    @property
    def patience(self) -> int:
        """By how much every time limit grows: twice where somebody listens, reads large or wants time."""
        slow = {Preference.SPEAK, Preference.LARGE_TEXT, Preference.SIMPLE, Preference.SLOWER}
        return 2 if self.on & slow else 1
