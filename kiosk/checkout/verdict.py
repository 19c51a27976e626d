"""Owns what the shopper says of the visit when it is paid: one face, and one reason after a bad one.

It must not know the shopper or the sale: what is told to the store holds neither.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inventory.domain.feedback import Face
from kiosk.checkout.effects import Effect, ReportFeedback
from kiosk.checkout.messages import FeedbackGiven
from kiosk.checkout.reports import FeedbackReport
from kiosk.checkout.scanning import Outcome
from kiosk.checkout.state import BAD_FACES, LaneState
from kiosk.checkout.visit_events import FeedbackReasonGiven

REPORTS_KEPT = 200
"""How many are told again after a restart; the store takes each once."""


def given(state: LaneState, event: FeedbackGiven, at: datetime) -> Outcome:
    """The first face counts. One from a journal without ids stays in that journal."""
    if state.face:
        return state, ()
    state = replace(state, face=event.face, feedback_id=event.feedback_id)
    if not event.feedback_id:
        return state, ()
    return _told(state, FeedbackReport(event.feedback_id, Face(event.face), None, at))


def reason_given(state: LaneState, event: FeedbackReasonGiven, at: datetime) -> Outcome:
    """One reason, and only from who was not content."""
    if state.face not in BAD_FACES or state.face_reason is not None:
        return state, ()
    state = replace(state, face_reason=event.reason)
    if not state.feedback_id:
        return state, ()
    return _told(state, FeedbackReport(state.feedback_id, Face(state.face), event.reason, at))


def say_again(state: LaneState) -> tuple[Effect, ...]:
    """After a restart the store hears of every face once more, under the same ids."""
    return tuple(ReportFeedback(report) for report in state.feedback_reports)


def _told(state: LaneState, report: FeedbackReport) -> Outcome:
    others = tuple(each for each in state.feedback_reports if each.report_id != report.report_id)
    state = replace(state, feedback_reports=(*others, report)[-REPORTS_KEPT:])
    return state, (ReportFeedback(report),)
