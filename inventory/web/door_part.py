"""Owns the door of a lane on the tablet: whether it is open, what was ordered, and its buttons.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from typing import Final, assert_never

from inventory.domain.doors import DoorWish
from inventory.services.lanes import LaneOnWall
from inventory.web.texts import Texts
from inventory.web.wall_parts import Action, Door
from inventory.web.wall_words import lane_words
from inventory.wire import LaneStateMessage

CLOSED_SCREEN = "degraded"


def is_shut(state: LaneStateMessage) -> bool:
    """Closed by staff, and nobody shops there any more."""
    return bool(state.closed_by) and state.screen == CLOSED_SCREEN


def is_waiting(lane: LaneOnWall) -> bool:
    """Whether something was ordered that the lane has not heard of yet."""
    return lane.state is not None and lane.door is not None and lane.door.door_id != lane.state.door_id


def wish_of(lane: LaneOnWall) -> DoorWish:
    """What the lane's door is to be: what was ordered last, unless the lane says otherwise since."""
    state, order = lane.state, lane.door
    if order is not None and (is_waiting(lane) or state is None):
        return order.wish
    if state is None or not state.closed_by:
        return DoorWish.OPEN
    is_pause = order is not None and order.wish is DoorWish.PAUSED and order.staff_name == state.closed_by
    return DoorWish.PAUSED if is_pause else DoorWish.CLOSED


WAYS: Final[dict[DoorWish, tuple[DoorWish, ...]]] = {
    DoorWish.OPEN: (DoorWish.CLOSED, DoorWish.PAUSED),
    DoorWish.CLOSED: (DoorWish.OPEN,),
    DoorWish.PAUSED: (DoorWish.OPEN, DoorWish.CLOSED),
}
"""What may be wished for from where."""
WORDS: Final = {"close": DoorWish.CLOSED, "open": DoorWish.OPEN, "pause": DoorWish.PAUSED}
"""As addresses say it."""
_WORD_OF: Final = {wish: word for word, wish in WORDS.items()}


def door_of(lane: LaneOnWall, texts: Texts) -> Door | None:
    """None for a lane that has never reported: what never was on cannot be closed."""
    if lane.state is None:
        return None
    actions = tuple(
        Action(
            key=f"door-{lane.lane_id}-{slot}",
            path=f"/staff/doors/{lane.lane_id}/{_WORD_OF[wish]}",
            label=way_words(wish, texts),
            tone="",
            about=lane_words(lane, texts),
        )
        for slot, wish in enumerate(WAYS[wish_of(lane)])
    )
    return Door(door_words(lane, texts), actions, lane.door.door_id if lane.door else "")


def way_words(wish: DoorWish, texts: Texts) -> str:
    """The button."""
    match wish:
        case DoorWish.OPEN:
            return texts.text("Open lane")
        case DoorWish.CLOSED:
            return texts.text("Close lane")
        case DoorWish.PAUSED:
            return texts.text("Pause lane")
        case _ as never:
            assert_never(never)


def door_words(lane: LaneOnWall, texts: Texts) -> str:
    """What was ordered of an open lane, or who shut it; "" for one that is simply open."""
    state, order = lane.state, lane.door
    if state is None:
        return ""
    if order is not None and is_waiting(lane):
        return _waiting_words(order.wish, texts).format(name=order.staff_name)
    return shut_words(lane, texts) if state.closed_by else ""


def _waiting_words(wish: DoorWish, texts: Texts) -> str:
    match wish:
        case DoorWish.OPEN:
            return texts.text("{name} has opened it. The lane has not heard of it yet.")
        case DoorWish.CLOSED:
            return texts.text("{name} has closed it. The lane has not heard of it yet.")
        case DoorWish.PAUSED:
            return texts.text("{name} has paused it. The lane has not heard of it yet.")
        case _ as never:
            assert_never(never)


def shut_words(lane: LaneOnWall, texts: Texts) -> str:
    """Who shut it, and whether somebody still shops there."""
    t, state = texts.text, lane.state
    assert state is not None, "a lane that has reported"
    if not is_shut(state):
        return t("{name} has closed it. It ends this visit first.").format(name=state.closed_by)
    words = t("Paused by {name}.") if wish_of(lane) is DoorWish.PAUSED else t("Closed by {name}.")
    return words.format(name=state.closed_by)


def moved_words(by: str, wish: DoorWish, texts: Texts) -> str:
    """That a colleague was faster."""
    match wish:
        case DoorWish.OPEN:
            words = texts.text("{name} has opened this lane already.")
        case DoorWish.CLOSED:
            words = texts.text("{name} has closed this lane already.")
        case DoorWish.PAUSED:
            words = texts.text("{name} has paused this lane already.")
        case _ as never:
            assert_never(never)
    return words.format(name=by)
