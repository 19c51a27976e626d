"""Owns the count of answers that helped or did not, until the store has it: kept in memory alone.

It must not know how a report travels. Any thread may count; the sending thread takes reports.
"""

from __future__ import annotations

import threading
from collections import Counter

from inventory.domain.questions import AnswerOutcome
from inventory.wire import AnswerCountMessage, AnswerReport
from kiosk.ids import NewId

MOST = 10_000
"""A count stops here: a stuck key must not grow a report over what the store takes."""


class AnswerTally:
    """A report is made once and offered until it is settled, so the store may see it twice, never changed."""

    def __init__(self, lane_id: str, new_id: NewId) -> None:
        self._lane_id = lane_id
        self._new_id = new_id
        self._counts: Counter[tuple[str, str, AnswerOutcome]] = Counter()
        self._offered: AnswerReport | None = None
        self._lock = threading.Lock()

    def count(self, question: str, language: str, outcome: AnswerOutcome) -> None:
        with self._lock:
            key = (question, language, outcome)
            self._counts[key] = min(self._counts[key] + 1, MOST)

    def report(self) -> AnswerReport | None:
        """What the store should have now: the report it has not settled, or a new one, or None."""
        with self._lock:
            if self._offered is None and self._counts:
                counts = tuple(
                    AnswerCountMessage(question=question, language=language, outcome=outcome, count=count)
                    for (question, language, outcome), count in sorted(self._counts.items(), key=str)
                )
                self._offered = AnswerReport(report_id=self._new_id(), lane_id=self._lane_id, counts=counts)
                self._counts.clear()
            return self._offered

    def settle(self, report: AnswerReport) -> None:
        """The store has it, or will never take it."""
        with self._lock:
            if self._offered is report:
                self._offered = None
