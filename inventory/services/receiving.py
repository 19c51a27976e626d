"""Owns goods that come and go on paper: deliveries, transfers, waste, returns and corrections.

It must not count: counts do. A pack or bundle is received, moved and wasted as its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.documents import Document, Kind, Line, State, line_id
from inventory.domain.places import SHELF, Place
from inventory.domain.stock import Movement
from inventory.services import bundles, documents
from inventory.services.documents import DocumentClosed


def expect(uow: UnitOfWork, store_id: str, document: Document, announced_milli: Mapping[str, int]) -> bool:
    """Opens a delivery with what its note announces, by GTIN; False when its id was there before."""
    expected: defaultdict[str, int] = defaultdict(int)
    for gtin, milli in announced_milli.items():
        for part, part_milli in bundles.booked(uow, store_id, gtin, milli):
            expected[part] += part_milli
    place = Place(document.location)
    lines = tuple(Line(gtin, gtin, place, expected_milli=milli) for gtin, milli in sorted(expected.items()))
    return documents.open_document(uow, store_id, replace(document, lines=lines))


def fill(
    uow: UnitOfWork,
    store_id: str,
    document_id: str,
    gtin: str,
    quantity_milli: int,
    *,
    place: Place,
    who: str,
    now_utc: datetime,
) -> None:
    """Says how much of an item a delivery or transfer holds; said again, the last word counts.

    The first lot of an announced item takes the announced line, each further lot a line of its own. Raises
    DocumentClosed.
    """
    document = documents.find(uow, store_id, document_id)
    if document is None:
        raise DocumentClosed
    lines = {line.line_id: line for line in document.lines}
    filled = []
    for part, milli in bundles.booked(uow, store_id, gtin, quantity_milli):
        line = _line_for(lines, part, place, document.location)
        # An announced lot stays known where nobody typed another.
        where = place if place.has_lot else line.place.at(place.location)
        filled.append(replace(line, place=where, quantity_milli=milli, actor=who, at_utc=now_utc))
    documents.put_lines(uow, store_id, document_id, filled)


def fill_as_announced(
    uow: UnitOfWork, store_id: str, document_id: str, *, who: str, now_utc: datetime, line_id: str = ""
) -> None:
    """Takes every line nobody has spoken of as it was announced, or the one named. Raises DocumentClosed."""
    document = documents.find(uow, store_id, document_id)
    if document is None:
        raise DocumentClosed
    documents.put_lines(
        uow,
        store_id,
        document_id,
        [
            replace(line, quantity_milli=line.expected_milli, actor=who, at_utc=now_utc)
            for line in document.lines
            if line.quantity_milli is None
            and line.expected_milli is not None
            and line_id in ("", line.line_id)
        ],
    )


def record(
    uow: UnitOfWork, store_id: str, document: Document, goods: Iterable[tuple[str, Place, int]]
) -> tuple[Movement, ...]:
    """Makes and posts a paper of goods (GTIN, place, thousandths) at once: a move, waste, a return.

    One whose id was there before moves nothing.
    """
    summed: defaultdict[tuple[str, Place], int] = defaultdict(int)
    for gtin, place, milli in goods:
        for part, part_milli in bundles.booked(uow, store_id, gtin, milli):
            summed[part, place] += part_milli
    who, now_utc = document.made_by, document.made_at_utc
    lines = tuple(
        Line(line_id(gtin, place, home=document.location), gtin, place, None, milli, who, now_utc)
        for (gtin, place), milli in summed.items()
    )
    return documents.record(uow, store_id, replace(document, lines=lines))


def arrive(
    uow: UnitOfWork, store_id: str, sent: Document, moved: Iterable[Movement], *, from_store: str
) -> bool:
    """Opens here what another store has sent, under the same id; False when it was opened before.

    What left there is expected here, lot by lot; somebody says what came.
    """
    assert sent.kind is Kind.DISPATCH, "only what was sent can arrive"
    expected: defaultdict[tuple[str, Place], int] = defaultdict(int)
    for movement in moved:
        expected[movement.gtin, movement.place.at(SHELF)] -= movement.quantity_milli
    lines = tuple(
        Line(line_id(gtin, place), gtin, place, expected_milli=milli)
        for (gtin, place), milli in expected.items()
    )
    arrival = replace(
        sent, kind=Kind.ARRIVAL, state=State.OPEN, location=SHELF, partner=from_store, lines=lines
    )
    return documents.open_document(uow, store_id, arrival)


def _line_for(lines: Mapping[str, Line], gtin: str, place: Place, home: str) -> Line:
    """The line of this lot; else one announced that nobody has filled, best without a lot; else a new one."""
    of_item = [line for line in lines.values() if line.gtin == gtin]
    said = [line for line in of_item if line.quantity_milli is not None and line.place == place]
    announced = [line for line in of_item if line.quantity_milli is None]
    announced.sort(key=lambda line: (line.place.at(home) != place.at(home), line.place.has_lot))
    for line in (*said, *announced):
        return line
    own = line_id(gtin, place, home=home)
    return Line(own if own not in lines else f"{own}:more", gtin, place)
