"""Owns the poses of a film: in which languages and looks each screenshot of a journey is taken.

It must not know the window, nor change the visit: a pose is drawn of the state as it is, and undone again.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.checkout.preferences import Preference

LOOKS: tuple[tuple[Preference, ...], ...] = ((), (Preference.HIGH_CONTRAST,), (Preference.LARGE_TEXT,))
"""Light, high contrast, large text (UX 9)."""


@dataclass(frozen=True, slots=True)
class Pose:
    """One language and one look; `prefer` holds the words of the preferences that are on."""

    language: str
    prefer: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """What is added to a picture's name: `it`, `ar-high-contrast`."""
        return "-".join((self.language, *self.prefer))


def poses_of(languages: tuple[str, ...]) -> tuple[Pose, ...]:
    """Every language in every look."""
    return tuple(Pose(language, tuple(p.value for p in look)) for language in languages for look in LOOKS)
