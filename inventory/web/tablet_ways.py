"""Owns the ways from the wall to the tablet's other pages, for what somebody may do there.

It must not know what those pages show.
"""

from __future__ import annotations

from inventory.domain.staff import Permission, Role, may
from inventory.web.texts import Texts
from inventory.web.wall_parts import Way


def ways_for(role: Role, texts: Texts) -> tuple[Way, ...]:
    """In the order they stand."""
    doors = Way("doors", "/staff/doors", texts.text("Open or close lanes"))
    return (doors,) if may(role, Permission.MOVE_DOORS) else ()
