"""Owns what a lane reports of people: a deed of the staff with their name, a shopper's face without one.

It must not know where it is kept or sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.feedback import Face, FeedbackReason


@dataclass(frozen=True, slots=True)
class StaffReport:
    """One line for the store's audit trail. `what` is a word such as lane.void, `detail` English."""

    report_id: str
    staff_name: str
    what: str
    detail: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """What one shopper said of a visit, for the store's counts."""

    report_id: str
    face: Face
    reason: FeedbackReason | None
    at_utc: datetime
