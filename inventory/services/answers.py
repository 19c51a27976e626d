"""Owns what the store knows of answers on its lanes: counts by question and language, each report once.

It must not know who asked, nor how a page shows the counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db.answer_table import AnswerCountRow
from inventory.db.repositories import insert_new
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.questions import AnswerOutcome, AnswerSummary
from inventory.wire import AnswerReport

KEPT = timedelta(days=90)


def receive(uow: UnitOfWork, store_id: str, report: AnswerReport, now_utc: datetime) -> None:
    """Adds a report's counts; the same report again changes nothing. What is older than `KEPT` goes."""
    for each in report.counts:
        insert_new(
            uow.session,
            AnswerCountRow(
                store_id=store_id,
                report_id=report.report_id,
                question=each.question,
                language=each.language,
                outcome=each.outcome.value,
                lane_id=report.lane_id,
                count=each.count,
                received_at_utc=now_utc,
            ),
        )
    old = (col(AnswerCountRow.store_id) == store_id, col(AnswerCountRow.received_at_utc) < now_utc - KEPT)
    uow.session.connection().execute(delete(AnswerCountRow).where(*old))


def summaries(uow: UnitOfWork, store_id: str, *, since_utc: datetime) -> tuple[AnswerSummary, ...]:
    """Each question in each language since then, those that failed most often first."""
    key = (AnswerCountRow.question, AnswerCountRow.language, AnswerCountRow.outcome)
    statement = (
        select(*key, func.sum(AnswerCountRow.count))
        .where(AnswerCountRow.store_id == store_id, col(AnswerCountRow.received_at_utc) >= since_utc)
        .group_by(*key)
    )
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for question, language, outcome, count in uow.session.exec(statement):
        counts.setdefault((question, language), {})[outcome] = int(count)
    found = [
        AnswerSummary(
            question,
            language,
            helped=each.get(AnswerOutcome.HELPED.value, 0),
            not_helped=each.get(AnswerOutcome.NOT_HELPED.value, 0),
            called=each.get(AnswerOutcome.CALLED.value, 0),
        )
        for (question, language), each in counts.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.unanswered, each.question, each.language)))
