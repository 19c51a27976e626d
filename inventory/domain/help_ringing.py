"""Owns whose tablet rings for a call, and how: by how far the call has climbed and who holds the tablet.

It must not know sounds, screens or sign-ins; who else is there comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.domain.help_desk import HelpCase
from inventory.domain.help_waiting import Level
from inventory.domain.staff import Permission, Role, may


class Ring(Enum):
    """How a call sounds on one tablet; each sounds and shakes its own way."""

    NONE = "none"
    CALL = "call"
    FOR_YOU = "for-you"
    """A colleague gave it to whoever holds this tablet."""
    LEAD = "lead"
    """Nobody came: whoever leads the floor is asked."""
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who holds a tablet. `is_alone`: nobody who answers calls first is signed in besides."""

    name: str
    role: Role
    is_alone: bool = False

    @property
    def hears_from(self) -> Level:
        """The level from which a call is this person's business."""
        return hears_from(self.role)


def hears_from(role: Role) -> Level:
    """Those on the floor hear every call, those who lead it hear what stays unanswered."""
    if may(role, Permission.SEE_CONSOLE):
        return Level.MANAGER
    return Level.SUPERVISOR if may(role, Permission.LEAD_FLOOR) else Level.EVERYONE


def ring_of(case: HelpCase, listener: Listener, *, is_danger: bool = False) -> Ring:
    """How a call rings where `listener` is. One handed to a colleague rings there first, then for all."""
    if not case.is_waiting:
        return Ring.NONE
    if is_danger:
        return Ring.DANGER
    if case.meant_for == listener.name:
        return Ring.FOR_YOU
    if case.meant_for and case.level < Level.AGAIN:
        return Ring.NONE
    if listener.hears_from is Level.EVERYONE:
        return Ring.CALL
    if case.level >= listener.hears_from:
        return Ring.LEAD
    return Ring.CALL if listener.is_alone else Ring.NONE
