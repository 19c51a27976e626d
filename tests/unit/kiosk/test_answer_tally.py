"""Counts of answers: added up, offered until settled, under one id."""

from __future__ import annotations

from itertools import count

from inventory.domain.questions import AnswerOutcome
from kiosk.answer_tally import MOST, AnswerTally

NO, CALLED = AnswerOutcome.NOT_HELPED, AnswerOutcome.CALLED


def tally() -> AnswerTally:
    numbers = count(1)
    return AnswerTally("lane-3", lambda: f"report-{next(numbers)}")


def test_nothing_counted_is_nothing_to_report() -> None:
    assert tally().report() is None


def test_counts_are_added_up_by_question_language_and_outcome() -> None:
    kept = tally()
    for question, language, outcome in (
        ("scan", "it", NO),
        ("scan", "it", NO),
        ("scan", "it", CALLED),
        ("age", "en", NO),
    ):
        kept.count(question, language, outcome)
    report = kept.report()
    assert report is not None
    assert report.lane_id == "lane-3"
    assert {(each.question, each.language, each.outcome, each.count) for each in report.counts} == {
        ("scan", "it", NO, 2),
        ("scan", "it", CALLED, 1),
        ("age", "en", NO, 1),
    }


def test_a_report_is_offered_unchanged_until_it_is_settled() -> None:
    kept = tally()
    kept.count("scan", "it", NO)
    first = kept.report()
    kept.count("scan", "it", NO)
    assert kept.report() is first
    assert first is not None
    kept.settle(first)
    second = kept.report()
    assert second is not None
    assert (first.report_id, second.report_id) == ("report-1", "report-2")
    assert second.counts[0].count == 1
    kept.settle(second)
    assert kept.report() is None


def test_a_stuck_key_grows_no_report_over_what_the_store_takes() -> None:
    kept = tally()
    for _ in range(MOST + 5):
        kept.count("scan", "it", NO)
    report = kept.report()
    assert report is not None
    assert report.counts[0].count == MOST
