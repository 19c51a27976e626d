"""Owns the list of all doors on the tablet: a row for each lane, and what became of many orders, in words.

It must not know HTTP, the database or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from inventory.domain.doors import DoorWish
from inventory.services.doors import DoorsOutcome, SeenDoor
from inventory.services.lanes import LaneOnWall
from inventory.web.door_part import door_words, is_shut, moved_words, wish_of
from inventory.web.texts import Texts
from inventory.web.wall_words import lane_words, screen_words

_BETWEEN: Final = " "


@dataclass(frozen=True, slots=True)
class DoorLine:
    """One lane. `value` is what its check box sends: the order that was seen, and the lane."""

    lane_id: str
    name: str
    state: str
    sentence: str
    value: str
    mark: str
    can_move: bool


def door_rows(lanes: Iterable[LaneOnWall], texts: Texts) -> tuple[DoorLine, ...]:
    """Every lane, in the wall's order."""
    return tuple(_line(lane, texts) for lane in lanes)


def read_chosen(sent: Iterable[str]) -> tuple[SeenDoor, ...]:
    """The lanes a form says were chosen; anything that is no such entry is passed over."""
    pairs = (each.partition(_BETWEEN) for each in sent)
    return tuple(SeenDoor(lane_id, after) for after, _, lane_id in pairs if lane_id)


def outcome_words(
    outcome: DoorsOutcome, wish: DoorWish, lanes: Mapping[str, LaneOnWall], texts: Texts
) -> str:
    """Which lanes were ordered, and which somebody had moved meanwhile."""
    done = ", ".join(lane_words(lanes[lane_id], texts) for lane_id in outcome.done)
    sentences = [_done_words(wish, texts).format(lanes=done)] if done else []
    for lane_id, moved in outcome.moved:
        who = moved_words(moved.by, moved.wish, texts)
        sentences.append(f"{lane_words(lanes[lane_id], texts)}: {who}")
    return " ".join(sentences) or texts.text("The chosen lanes are so already.")


def _done_words(wish: DoorWish, texts: Texts) -> str:
    match wish:
        case DoorWish.OPEN:
            return texts.text("Opened: {lanes}.")
        case DoorWish.CLOSED:
            return texts.text("Closed: {lanes}.")
        case DoorWish.PAUSED:
            return texts.text("Paused: {lanes}.")
        case _ as never:
            assert_never(never)


def _line(lane: LaneOnWall, texts: Texts) -> DoorLine:
    after = lane.door.door_id if lane.door else ""
    return DoorLine(
        lane_id=lane.lane_id,
        name=lane_words(lane, texts),
        state=_state_words(lane, texts),
        sentence=door_words(lane, texts),
        value=f"{after}{_BETWEEN}{lane.lane_id}",
        mark="■" if lane.state is not None and is_shut(lane.state) else "○",
        can_move=lane.state is not None,
    )


def _state_words(lane: LaneOnWall, texts: Texts) -> str:
    if lane.state is None:
        return texts.text("This lane has never reported.")
    if not lane.is_online:
        return texts.text("Offline")
    if is_shut(lane.state):
        return texts.text("Paused") if wish_of(lane) is DoorWish.PAUSED else texts.text("Closed")
    return screen_words(lane.state.screen, texts)
