"""Owns the door of a lane on the tablet: whether it is open, what was ordered, and the one button.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts
from inventory.web.wall_parts import Action, Door
from inventory.web.wall_words import lane_words
from inventory.wire import LaneStateMessage

CLOSED_SCREEN = "degraded"


def is_shut(state: LaneStateMessage) -> bool:
    """Closed by staff, and nobody shops there any more."""
    return bool(state.closed_by) and state.screen == CLOSED_SCREEN


def door_of(lane: LaneOnWall, texts: Texts) -> Door | None:
    """None for a lane that has never reported: what never was on cannot be closed."""
    state, order = lane.state, lane.door
    if state is None:
        return None
    is_waiting = order is not None and order.door_id != state.door_id
    is_closed = order.is_closed if order is not None and is_waiting else bool(state.closed_by)
    word, label = ("open", texts.text("Open lane")) if is_closed else ("close", texts.text("Close lane"))
    action = Action(
        key=f"door-{lane.lane_id}",
        path=f"/staff/doors/{lane.lane_id}/{word}",
        label=label,
        tone="",
        about=lane_words(lane, texts),
    )
    return Door(_sentence(lane, state, texts, is_waiting=is_waiting), action, order.door_id if order else "")


def _sentence(lane: LaneOnWall, state: LaneStateMessage, texts: Texts, *, is_waiting: bool) -> str:
    t = texts.text
    if is_waiting and lane.door is not None:
        words = t("{name} has closed it. The lane has not heard of it yet.")
        if not lane.door.is_closed:
            words = t("{name} has opened it. The lane has not heard of it yet.")
        return words.format(name=lane.door.staff_name)
    if not state.closed_by:
        return ""
    words = t("Closed by {name}.") if is_shut(state) else t("{name} has closed it. It ends this visit first.")
    return words.format(name=state.closed_by)
