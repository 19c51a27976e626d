"""Owns the way in for what lanes show: hundreds of reports, one transaction for all that wait.

It must not know screens, nor answer before a report is kept. A call for help waits for one turn of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from inventory.db.group_commit import GroupCommit
from inventory.db.unit_of_work import Database, UnitOfWork
from inventory.services import availability, feedback_alerts, lanes
from inventory.wire import LaneStateMessage

LARGEST_BATCH = 16


@dataclass(frozen=True, slots=True)
class Report:
    """What a lane shows. `catalogue_version` is the one it sells from, 0 where it does not say."""

    message: LaneStateMessage
    catalogue_version: int = 0


class StateIntake:
    """Takes the reports of one store's lanes from any thread."""

    def __init__(self, database: Database, store_id: str, clock: Callable[[], datetime]) -> None:
        self._store_id = store_id
        self._clock = clock
        self._writer: GroupCommit[Report, None] = GroupCommit(database, self._keep, largest=LARGEST_BATCH)

    def take(self, report: Report) -> Future[None]:
        """Done once it is kept. The future raises what the database raised."""
        return self._writer.submit(report)

    def _keep(self, uow: UnitOfWork, reports: Sequence[Report]) -> list[None]:
        # Of two stores on one database neither waits for a row that waits for it.
        for report in sorted(reports, key=lambda each: each.message.lane_id):
            message, now_utc = report.message, self._clock()
            version = report.catalogue_version
            lanes.report_state(uow, self._store_id, message, now_utc, catalogue_version=version)
            availability.baskets_heard(uow, self._store_id, message, now_utc)
            feedback_alerts.lane_heard(uow, self._store_id, message)
        return [None] * len(reports)
