"""Owns what the store knows of searches that found nothing: words with counts, each report once.

It must not know who searched, nor how a page shows the words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import col, select

from inventory.db import hot
from inventory.db.repositories import insert_new
from inventory.db.search_table import SearchCountRow
from inventory.db.tables import as_utc
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.searches import MissedTerm, term_of
from inventory.wire import SearchReport

KEPT = timedelta(days=90)
MOST_A_DAY = 500
_KEY = "store_id = ? AND report_id = ? AND term = ? AND language = ?"


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


def count_missed(
    uow: UnitOfWork, store_id: str, query: str, language: str, now_utc: datetime, *, source: str = "phone"
) -> bool:
    """Counts a search on a page of the store that found nothing; False for what must not be kept.

    One report a day and source holds its words, `MOST_A_DAY` at most: who types nonsense fills no disk.
    """
    term = term_of(query)
    if not term:
        return False
    session, report_id = uow.session, f"{source}-{as_utc(now_utc):%Y-%m-%d}"
    key = (store_id, report_id, term, language)
    if hot.do(session, f"UPDATE search_count SET count = count + 1 WHERE {_KEY}", key):  # noqa: S608
        return True
    counted = "SELECT count(*) FROM search_count WHERE store_id = ? AND report_id = ?"
    if hot.row(session, counted, (store_id, report_id))[0] >= MOST_A_DAY:
        return False
    row = SearchCountRow(
        store_id=store_id,
        report_id=report_id,
        term=term,
        language=language,
        lane_id=source,
        count=1,
        received_at_utc=now_utc,
    )
    return insert_new(session, row)


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
