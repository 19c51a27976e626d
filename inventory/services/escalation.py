"""Owns the climbing of calls that nobody answers: each level once, whoever's clock sees it first.

It must not know what a level sets off beyond the news of it, and reads no clock.
"""

from __future__ import annotations

from datetime import datetime

from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.domain.help_desk import Escalate, HelpReason
from inventory.domain.help_waiting import Ladder, Level
from inventory.services import help_desk
from inventory.services.help_desk import AlreadyTaken, ImpossibleStepError
from inventory.services.help_rows import HelpRequest


def due(uow: UnitOfWork, store_id: str, ladder: Ladder, now_utc: datetime) -> list[tuple[HelpRequest, Level]]:
    """The calls that have waited long enough for a higher level, and which; a shelf can wait for ever."""
    found = []
    for call in help_desk.open_requests(uow, store_id):
        waited_s = (now_utc - call.ringing_since_utc).total_seconds()
        level = ladder.level_after(waited_s)
        if call.case.is_waiting and level > call.case.level and call.reason is not HelpReason.SHELF_EMPTY:
            found.append((call, level))
    return found


def climb(database: Database, store_id: str, ladder: Ladder, now_utc: datetime) -> list[HelpRequest]:
    """Takes every call that is due one or more levels up, and announces it; the calls that climbed.

    A call that was answered since it was looked at stays where it is.
    """
    with database.read() as uow:
        waiting = due(uow, store_id, ladder, now_utc)
    if not waiting:
        return []
    with database.write() as uow:
        climbed = [
            call.help_id
            for call, level in due(uow, store_id, ladder, now_utc)
            if _is_up(uow, store_id, call.help_id, level, now_utc)
        ]
        found = (help_desk.find(uow, store_id, help_id) for help_id in climbed)
        return [call for call in found if call is not None]


def _is_up(uow: UnitOfWork, store_id: str, help_id: str, level: Level, now_utc: datetime) -> bool:
    """Takes one call up; not one that somebody answered in this moment, which must not hold up the others."""
    try:
        return help_desk.do(uow, store_id, help_id, Escalate(level), now_utc).level is level
    except (AlreadyTaken, ImpossibleStepError):
        return False
