"""What a shopper says of the visit: once, told to the store under one id, told again after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inventory.domain.feedback import Face, FeedbackReason
from kiosk import inputs
from kiosk.checkout import effects as fx
from kiosk.checkout import messages as m
from kiosk.checkout import visit_events as v
from kiosk.checkout.reports import FeedbackReport
from kiosk.checkout.verdict import REPORTS_KEPT, given, say_again
from kiosk.journal import Entry
from tests.support.lane_fakes import Walk


def thanked() -> Walk:
    return Walk().know_terminal().scan().pay().authorise().complete()


def told(walk: Walk) -> list[tuple[str, Face, FeedbackReason | None]]:
    reports = [effect.report for effect in walk.of(fx.ReportFeedback)]
    return [(each.report_id, each.face, each.reason) for each in reports]


def test_a_face_is_told_to_the_store_at_once() -> None:
    walk = thanked()
    walk.take(m.FeedbackGiven("great", "f1"))
    assert told(walk) == [("f1", Face.GREAT, None)]


def test_a_reason_is_told_under_the_id_of_its_face() -> None:
    walk = thanked()
    walk.take(m.FeedbackGiven("awful", "f1"))
    walk.take(v.FeedbackReasonGiven(FeedbackReason.WAITED))
    assert told(walk)[-1] == ("f1", Face.AWFUL, FeedbackReason.WAITED)
    assert len(walk.state.feedback_reports) == 1


def test_a_second_face_changes_nothing() -> None:
    walk = thanked()
    walk.take(m.FeedbackGiven("great", "f1"))
    before = walk.state
    walk.take(m.FeedbackGiven("awful", "f2"))
    assert walk.state == before


def test_a_reason_of_the_next_shopper_never_joins_the_former_s_face() -> None:
    walk = thanked()
    walk.take(m.FeedbackGiven("bad", "f1"))
    walk.scan(line_id="b").pay().authorise().complete()
    walk.take(v.FeedbackReasonGiven(FeedbackReason.SLOW))
    assert [each.reason for each in walk.state.feedback_reports] == [None]


def test_after_a_restart_every_face_is_told_again_under_its_id() -> None:
    walk = thanked()
    walk.take(m.FeedbackGiven("bad", "f1"))
    assert len(say_again(walk.state)) == 1
    walk.take(m.LaneStarted("boot-2"))
    assert ("f1", Face.BAD, None) in told(walk)


def test_what_is_kept_of_faces_has_a_limit() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    old = tuple(FeedbackReport(f"f{number}", Face.GOOD, None, at) for number in range(REPORTS_KEPT))
    state, _ = given(replace(thanked().state, feedback_reports=old), m.FeedbackGiven("bad", "new"), at)
    assert len(state.feedback_reports) == REPORTS_KEPT
    assert state.feedback_reports[-1].report_id == "new"


@pytest.mark.parametrize("body", ['{"face":"good"}', '{"face":"good","feedback_id":""}'])
def test_a_face_in_a_journal_without_ids_stays_in_that_journal(body: str) -> None:
    entry = Entry(
        seq=1,
        kind="FeedbackGiven",
        body=body,
        at_utc=datetime(2026, 11, 21, tzinfo=UTC),
        boot_id="b",
        monotonic_s=0.0,
        previous_hash="",
        hash="",
    )
    walk = thanked()
    walk.take(inputs.decode(entry))
    assert walk.state.face == "good"
    assert told(walk) == []
