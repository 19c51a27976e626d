"""Owns the one list of what there is to do: tasks, errands of shoppers, and what lanes say of their devices.

It must not keep anything of its own: a task is the tasks', a call the help desk's, a device its lane's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.floor_work import Work, WorkKind, device_work, in_order
from inventory.domain.help_desk import HelpReason
from inventory.services import lanes, tasks
from inventory.services.lanes import LaneOnWall
from inventory.services.tasks import GOODS, UNKNOWN_ITEM, WEBHOOK, WRITTEN, Task

_OF_TASKS = {
    GOODS: WorkKind.GOODS,
    UNKNOWN_ITEM: WorkKind.UNKNOWN_ITEM,
    WEBHOOK: WorkKind.TROUBLE,
    WRITTEN: WorkKind.WRITTEN,
}
_OF_CALLS = {HelpReason.BRING: WorkKind.BRING, HelpReason.SHELF_EMPTY: WorkKind.SHELF_EMPTY}


def open_work(uow: UnitOfWork, store_id: str, now_utc: datetime) -> tuple[Work, ...]:
    """Everything that is to be done, what comes first first."""
    return work_of(lanes.wall(uow, store_id, now_utc), tasks.open_tasks(uow, store_id))


def work_of(wall: Iterable[LaneOnWall], waiting: Iterable[Task]) -> tuple[Work, ...]:
    """The same of what was read already."""
    seen = tuple(wall)
    of_lanes = (work for lane in seen for work in (*_errands(lane), *_troubles(lane)))
    return in_order((*map(_task, waiting), *of_lanes))


def _task(task: Task) -> Work:
    return Work(
        _OF_TASKS.get(task.kind, WorkKind.MONEY),
        task.task_id,
        task.lane_id,
        task.words,
        task.made_at_utc,
        task.taken_by,
        task.meant_for,
        task.made_by,
        task.is_urgent,
    )


def _errands(lane: LaneOnWall) -> Iterator[Work]:
    for call in lane.requests:
        kind = _OF_CALLS.get(call.reason)
        if kind is not None:
            yield Work(
                kind,
                call.help_id,
                lane.lane_id,
                call.note,
                call.waiting_since_utc,
                call.staff_name,
                turn=call.case.turn,
            )


def _troubles(lane: LaneOnWall) -> Iterator[Work]:
    """Of a lane that is heard of: an old word about a device says nothing."""
    if lane.state is None or not lane.is_online:
        return
    for device, word in sorted(lane.state.devices.items()):
        kind = device_work(word)
        if kind is not None:
            yield Work(kind, "", lane.lane_id, f"{device.capitalize()}: {word}")
