"""Owns what the store knows of searches that found nothing: words with counts, each report once.

It must not know who searched, nor how a page shows the words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db.repositories import insert_new
from inventory.db.search_table import SearchCountRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.searches import MissedTerm
from inventory.wire import SearchReport

KEPT = timedelta(days=90)


def receive(uow: UnitOfWork, store_id: str, report: SearchReport, now_utc: datetime) -> None:
    """Adds a report's counts; the same report again changes nothing. What is older than `KEPT` goes."""
    for each in report.counts:
        insert_new(
            uow.session,
            SearchCountRow(
                store_id=store_id,
                report_id=report.report_id,
                term=each.term,
                language=each.language,
                lane_id=report.lane_id,
                count=each.count,
                received_at_utc=now_utc,
            ),
        )
    old = (col(SearchCountRow.store_id) == store_id, col(SearchCountRow.received_at_utc) < now_utc - KEPT)
    uow.session.connection().execute(delete(SearchCountRow).where(*old))


def missed(uow: UnitOfWork, store_id: str, *, since_utc: datetime, limit: int) -> tuple[MissedTerm, ...]:
    """The words that found nothing since then, the most frequent first."""
    total = func.sum(SearchCountRow.count)
    statement = (
        select(SearchCountRow.term, SearchCountRow.language, total)
        .where(SearchCountRow.store_id == store_id, col(SearchCountRow.received_at_utc) >= since_utc)
        .group_by(col(SearchCountRow.term), col(SearchCountRow.language))
        .order_by(total.desc(), col(SearchCountRow.term), col(SearchCountRow.language))
        .limit(limit)
    )
    found = uow.session.exec(statement)
    return tuple(MissedTerm(term, language, int(count)) for term, language, count in found)
