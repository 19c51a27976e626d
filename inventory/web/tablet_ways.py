"""Owns the ways from the wall to the tablet's other pages, for what somebody may do there.

It must not know what those pages show.
"""

from __future__ import annotations

from inventory.domain.staff import Permission, Role, may
from inventory.web.texts import Texts
from inventory.web.wall_parts import Way


def ways_for(role: Role, texts: Texts, tasks: int, *, elsewhere: int | None = None) -> tuple[Way, ...]:
    """In the order they stand; `tasks` is how much is to be done.

    `elsewhere` are the calls of other stores that wait for people here; None where this store is no desk.
    """
    ways = (
        (Permission.SEE_LANES, Way("tasks", "/staff/tasks", texts.text("Tasks"), tasks)),
        (Permission.MOVE_DOORS, Way("doors", "/staff/doors", texts.text("Open or close lanes"))),
        (Permission.SEE_LANES, Way("note", "/staff/note", texts.text("Shift note"))),
    )
    found = tuple(way for needed, way in ways if may(role, needed))
    if elsewhere is None or not may(role, Permission.ANSWER_CALLS):
        return found
    return Way("elsewhere", "/staff/desk", texts.text("Calls of other stores"), elsewhere), *found
