"""Owns the papers of stock in the store: opened, filled line by line, posted once, or cancelled.

It must not know what a paper is used for: receiving, transfers and counts do. Everything may be sent twice: a
paper is made once by its id, a line is one by its own, and posting a posted paper moves nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from inventory.db.ledger_table import StockDocumentLineRow, StockDocumentRow
from inventory.db.repositories import insert_new, place_of, place_values, put, write_audit
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import (
    MAX_LINES,
    MAX_QUANTITY_MILLI,
    MAX_WORDS_LENGTH,
    Document,
    Kind,
    Line,
    State,
    movements_of,
)
from inventory.domain.places import Place
from inventory.domain.stock import Movement
from inventory.services import count_overlaps, shelves, stock


class DocumentRefused(ValueError):  # noqa: N818 - it names what a colleague is told
    """A line or paper that cannot be taken as it is.

    `fault`: `lines` (too many), `quantity` (none that a store has), `empty` (nothing to count), `pack` or
    `received` (an announcement of which something has come).
    """

    def __init__(self, fault: str, words: str) -> None:
        super().__init__(words)
        self.fault = fault


class DocumentClosed(Exception):  # noqa: N818 - it names what a colleague is told
    """There is no such open paper: it was posted or cancelled, or never was."""


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A paper as a list shows it; `document` has no lines here."""

    document: Document
    line_count: int
    filled_count: int


def open_document(uow: UnitOfWork, store_id: str, document: Document) -> bool:
    """Makes an open paper with its lines; False when one of this id was there before."""
    if len(document.lines) > MAX_LINES:
        raise DocumentRefused("lines", f"A paper has at most {MAX_LINES} lines.")
    row = StockDocumentRow(
        store_id=store_id,
        document_id=document.document_id,
        kind=document.kind.value,
        state=State.OPEN.value,
        title=_words(document.title),
        location=document.location,
        to_location=document.to_location,
        partner=document.partner,
        why=_words(document.why),
        made_by=document.made_by,
        made_at_utc=document.made_at_utc,
        paper_number=_words(document.number),
        expected_on=document.expected_on.isoformat() if document.expected_on else "",
    )
    if not insert_new(uow.session, row):
        return False
    for line in document.lines:
        _put_line(uow, store_id, document.document_id, document.kind, line)
    return True


def put_lines(uow: UnitOfWork, store_id: str, document_id: str, lines: Iterable[Line]) -> None:
    """Writes lines of an open paper, each in place of the one of its id. Raises DocumentClosed."""
    document = locked_open(uow, store_id, document_id)
    known = {line.line_id for line in document.lines}
    wanted = tuple(lines)
    if len(known | {line.line_id for line in wanted}) > MAX_LINES:
        raise DocumentRefused("lines", f"A paper has at most {MAX_LINES} lines.")
    for line in wanted:
        _put_line(uow, store_id, document_id, document.kind, line)


def drop_line(uow: UnitOfWork, store_id: str, document_id: str, line_id: str) -> None:
    """Takes a line off an open paper; nothing happens where it is gone. Raises DocumentClosed."""
    locked_open(uow, store_id, document_id)
    uow.session.connection().execute(
        delete(StockDocumentLineRow).where(
            col(StockDocumentLineRow.store_id) == store_id,
            col(StockDocumentLineRow.document_id) == document_id,
            col(StockDocumentLineRow.line_id) == line_id,
        )
    )


def change_head(uow: UnitOfWork, store_id: str, changed: Document) -> None:
    """Writes title, number, expected day and location of an open paper. Raises DocumentClosed."""
    locked_open(uow, store_id, changed.document_id)
    row = uow.session.get(StockDocumentRow, (store_id, changed.document_id))
    assert row is not None, "it was locked a moment ago"
    row.title, row.paper_number = _words(changed.title), _words(changed.number)
    row.expected_on = changed.expected_on.isoformat() if changed.expected_on else ""
    row.location = changed.location
    uow.session.add(row)
    uow.session.flush()


def post(
    uow: UnitOfWork, store_id: str, document_id: str, *, who: str, now_utc: datetime
) -> tuple[Movement, ...]:
    """Posts what the paper moves, all of it or nothing; of a posted paper nothing.

    Lots that sales have emptied are settled first, so that what leaves unnamed leaves from the right one.
    Raises DocumentClosed for a cancelled or unknown paper.
    """
    document = _locked(uow, store_id, document_id)
    if document.state is State.POSTED:
        return ()
    if document.state is State.CANCELLED:
        raise DocumentClosed
    gtins = sorted({line.gtin for line in document.lines if line.quantity_milli is not None})
    shelves.settle(uow, store_id, gtins=gtins, who=who, now_utc=now_utc)
    if document.kind is Kind.COUNT:  # after `settle`, which lets no other paper of these items in between
        document = _beside_other_counts(uow, store_id, document)
    moved = movements_of(document, _lots(uow, store_id, gtins), who=who, at_utc=now_utc)
    stock.post_all(uow, store_id, moved, as_of_utc=now_utc)
    _close(uow, store_id, document, State.POSTED, who=who, now_utc=now_utc)
    return moved


def cancel(uow: UnitOfWork, store_id: str, document_id: str, *, who: str, now_utc: datetime) -> None:
    """Puts an open paper away; nothing moves. Raises DocumentClosed."""
    _close(
        uow,
        store_id,
        locked_open(uow, store_id, document_id),
        State.CANCELLED,
        who=who,
        now_utc=now_utc,
    )


def record(uow: UnitOfWork, store_id: str, document: Document) -> tuple[Movement, ...]:
    """Makes a paper and posts it in one go; one of this id that was there before moves nothing."""
    if not open_document(uow, store_id, document):
        return ()
    return post(uow, store_id, document.document_id, who=document.made_by, now_utc=document.made_at_utc)


def find(uow: UnitOfWork, store_id: str, document_id: str) -> Document | None:
    """The paper with its lines in the order of their ids, or None."""
    row = uow.session.get(StockDocumentRow, (store_id, document_id))
    return None if row is None else _with_lines(uow, row)


def locked_open(uow: UnitOfWork, store_id: str, document_id: str) -> Document:
    """The open paper with its lines, held against other writers. Raises DocumentClosed."""
    document = _locked(uow, store_id, document_id)
    if document.state is not State.OPEN:
        raise DocumentClosed
    return document


def listed(
    uow: UnitOfWork, store_id: str, kinds: Sequence[Kind], *, limit: int = 100
) -> tuple[DocumentSummary, ...]:
    """Papers of these kinds: the open ones first, then the newest."""
    rows = uow.session.exec(
        select(StockDocumentRow)
        .where(
            StockDocumentRow.store_id == store_id,
            col(StockDocumentRow.kind).in_([kind.value for kind in kinds]),
        )
        .order_by(
            (col(StockDocumentRow.state) == State.OPEN.value).desc(),
            col(StockDocumentRow.made_at_utc).desc(),
            col(StockDocumentRow.document_id).desc(),
        )
        .limit(limit)
    ).all()
    counts = _counts(uow, store_id, [row.document_id for row in rows])
    return tuple(DocumentSummary(_document(row, ()), *counts.get(row.document_id, (0, 0))) for row in rows)


def expected(uow: UnitOfWork, store_id: str) -> dict[str, int]:
    """By GTIN what open deliveries and transfers announce and nobody has received yet, in thousandths."""
    coming = (
        select_columns(
            col(StockDocumentLineRow.gtin), func.sum(col(StockDocumentLineRow.expected_milli)).label("milli")
        )
        .join(
            StockDocumentRow,
            (col(StockDocumentRow.store_id) == col(StockDocumentLineRow.store_id))
            & (col(StockDocumentRow.document_id) == col(StockDocumentLineRow.document_id)),
        )
        .where(
            col(StockDocumentRow.store_id) == store_id,
            col(StockDocumentRow.state) == State.OPEN.value,
            col(StockDocumentRow.kind).in_([Kind.DELIVERY.value, Kind.ARRIVAL.value]),
            col(StockDocumentLineRow.expected_milli).is_not(None),
        )
        .group_by(col(StockDocumentLineRow.gtin))
    )
    return {row.gtin: int(row.milli) for row in uow.session.connection().execute(coming)}


def _beside_other_counts(uow: UnitOfWork, store_id: str, document: Document) -> Document:
    changed = {line.line_id: line for line in count_overlaps.overtaken(uow, store_id, document.lines)}
    for line in changed.values():
        _put_line(uow, store_id, document.document_id, document.kind, line)
    return replace(document, lines=tuple(changed.get(line.line_id, line) for line in document.lines))


def _locked(uow: UnitOfWork, store_id: str, document_id: str) -> Document:
    row = uow.session.get(StockDocumentRow, (store_id, document_id), with_for_update=True)
    if row is None:
        raise DocumentClosed
    return _with_lines(uow, row)


def _close(
    uow: UnitOfWork, store_id: str, document: Document, state: State, *, who: str, now_utc: datetime
) -> None:
    row = uow.session.get(StockDocumentRow, (store_id, document.document_id))
    assert row is not None, "it was locked a moment ago"
    row.state, row.posted_by, row.posted_at_utc = state.value, who, now_utc
    uow.session.add(row)
    uow.session.flush()
    what = f"{document.kind.value}.{state.value}"
    detail = f"{document.title} ({document.document_id})" if document.title else document.document_id
    write_audit(uow.session, store_id, who=who, what=what, detail=detail, at_utc=now_utc)


def _put_line(uow: UnitOfWork, store_id: str, document_id: str, kind: Kind, line: Line) -> None:
    numbers = [each for each in (line.quantity_milli, line.expected_milli) if each is not None]
    if any(abs(each) > MAX_QUANTITY_MILLI for each in numbers):
        raise DocumentRefused("quantity", "That is more than any store has of one thing.")
    if line.quantity_milli is not None and line.quantity_milli < 0 and kind is not Kind.CORRECTION:
        raise DocumentRefused("quantity", "A quantity is not below nothing.")
    row = StockDocumentLineRow(
        store_id=store_id,
        document_id=document_id,
        line_id=line.line_id,
        gtin=line.gtin,
        **place_values(line.place),
        expected_milli=line.expected_milli,
        quantity_milli=line.quantity_milli,
        actor=line.actor,
        at_utc=line.at_utc,
        in_baskets=json.dumps(dict(line.in_baskets)) if line.in_baskets else "",
    )
    put(uow.session, row)


def _lots(
    uow: UnitOfWork, store_id: str, gtins: Sequence[str]
) -> dict[tuple[str, str], list[tuple[Place, int]]]:
    lots: defaultdict[tuple[str, str], list[tuple[Place, int]]] = defaultdict(list)
    for each in shelves.lying(uow, store_id, gtins):
        lots[each.gtin, each.place.location].append((each.place, each.quantity_milli))
    return dict(lots)


def _counts(uow: UnitOfWork, store_id: str, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    counted = (
        select_columns(
            col(StockDocumentLineRow.document_id),
            func.count().label("lines"),
            func.count(col(StockDocumentLineRow.quantity_milli)).label("filled"),
        )
        .where(
            col(StockDocumentLineRow.store_id) == store_id,
            col(StockDocumentLineRow.document_id).in_(ids),
        )
        .group_by(col(StockDocumentLineRow.document_id))
    )
    rows = uow.session.connection().execute(counted)
    return {row.document_id: (row.lines, row.filled) for row in rows}


def _with_lines(uow: UnitOfWork, row: StockDocumentRow) -> Document:
    lines = StockDocumentLineRow.__table__  # type: ignore[attr-defined]
    found = uow.session.connection().execute(
        select_columns(lines)
        .where(lines.c.store_id == row.store_id, lines.c.document_id == row.document_id)
        .order_by(lines.c.line_id)
    )
    return replace(
        _document(row, ()),
        lines=tuple(
            Line(
                each.line_id,
                each.gtin,
                place_of(each),
                each.expected_milli,
                each.quantity_milli,
                each.actor,
                each.at_utc,
                _baskets_of(each.in_baskets),
            )
            for each in found
        ),
    )


def _document(row: StockDocumentRow, lines: tuple[Line, ...]) -> Document:
    return Document(
        row.document_id,
        Kind(row.kind),
        row.title,
        row.made_by,
        row.made_at_utc,
        row.location,
        row.to_location,
        row.partner,
        row.why,
        State(row.state),
        row.posted_by,
        row.posted_at_utc,
        lines,
        row.paper_number,
        date.fromisoformat(row.expected_on) if row.expected_on else None,
    )


def _baskets_of(kept: str) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(json.loads(kept).items())) if kept else ()


def _words(text: str) -> str:
    return " ".join(text.split())[:MAX_WORDS_LENGTH]
