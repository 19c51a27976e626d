"""Owns the papers of stock: deliveries, transfers, counts, waste, returns, corrections, and what each moves.

It must not know tables or clocks. A paper is open until it is posted, and posted once; its lines then stand
in the ledger as movements whose source ids follow from the paper and the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from inventory.domain.places import SHELF, Place, spread
from inventory.domain.stock import Movement, Reason

MAX_QUANTITY_MILLI = 10**9
"""A million pieces, or a thousand tonnes: beyond this somebody scanned a barcode into the quantity."""

MAX_LINES = 2000
MAX_WORDS_LENGTH = 200

Lots = Mapping[tuple[str, str], Sequence[tuple[Place, int]]]
"""By GTIN and location: what lies there of which lot."""


class Kind(Enum):
    """What a paper is about."""

    DELIVERY = "delivery"
    ARRIVAL = "arrival"
    DISPATCH = "dispatch"
    MOVE = "move"
    COUNT = "count"
    WASTE = "waste"
    RETURN = "return"
    CORRECTION = "correction"


class State(Enum):
    OPEN = "open"
    POSTED = "posted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a paper, in thousandths of a piece or grams.

    `expected_milli` is what was announced; of a count, what the books held when the line was counted.
    `quantity_milli` is what came, moved or was found, None until somebody said so, by whom and when.
    `in_baskets` is, of a count, what each lane held then (by its id): the books were expected without it.
    """

    line_id: str
    gtin: str
    place: Place
    expected_milli: int | None = None
    quantity_milli: int | None = None
    actor: str = ""
    at_utc: datetime | None = None
    in_baskets: tuple[tuple[str, int], ...] = ()

    @property
    def difference_milli(self) -> int | None:
        """What was found more (or less) than expected; None while either is unknown."""
        if self.quantity_milli is None or self.expected_milli is None:
            return None
        return self.quantity_milli - self.expected_milli


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. `location` is where its goods are, `to_location` where a move takes them.

    `title` names the supplier, or what is counted; `partner` is the other store of a transfer; `number` is
    that of the supplier's note, and `expected_on` the day of the store on which its goods should come.
    """

    document_id: str
    kind: Kind
    title: str
    made_by: str
    made_at_utc: datetime
    location: str = SHELF
    to_location: str = SHELF
    partner: str = ""
    why: str = ""
    state: State = State.OPEN
    posted_by: str = ""
    posted_at_utc: datetime | None = None
    lines: tuple[Line, ...] = ()
    number: str = ""
    expected_on: date | None = None

    @property
    def is_announced(self) -> bool:
        """Whether this is a delivery of which nothing has come yet: what is announced may still change."""
        is_open = self.kind is Kind.DELIVERY and self.state is State.OPEN
        return is_open and all(line.quantity_milli is None for line in self.lines)


def line_id(gtin: str, place: Place, *, home: str = SHELF) -> str:
    """The id of an item's line: one for each place and lot of it, so that a line sent twice is one line.

    `home` is the paper's own location, where most of its lines are.
    """
    if place == Place(home):
        return gtin
    return f"{gtin}:{place.location}:{place.lot}:{place.expires_on or ''}"


def movements_of(document: Document, lots: Lots, *, who: str, at_utc: datetime) -> tuple[Movement, ...]:
    """What the paper moves, in the order of its lines. Lines nobody gave a quantity move nothing.

    `lots` is needed for what leaves without a lot named: it leaves soonest expiry first. A line counted as
    expected is a movement of nothing, for it says that somebody looked.
    """
    found: list[Movement] = []
    for line in document.lines:
        moves = [] if line.quantity_milli is None else list(_moves(document, line, lots))
        moment = (line.at_utc or at_utc) if document.kind is Kind.COUNT else at_utc
        for number, (place, milli) in enumerate(moves):
            suffix = f":{number}" if number else ""
            source_id = f"{document.kind.value}:{document.document_id}:{line.line_id}{suffix}"
            reason = _REASONS[document.kind]
            found.append(
                Movement(line.gtin, reason, milli, source_id, who, moment, place, document.document_id)
            )
    return tuple(found)


_REASONS = {
    Kind.DELIVERY: Reason.RECEIPT,
    Kind.ARRIVAL: Reason.TRANSFER,
    Kind.DISPATCH: Reason.TRANSFER,
    Kind.MOVE: Reason.TRANSFER,
    Kind.COUNT: Reason.COUNT,
    Kind.WASTE: Reason.WASTE,
    Kind.RETURN: Reason.RETURN,
    Kind.CORRECTION: Reason.CORRECTION,
}


def _moves(document: Document, line: Line, lots: Lots) -> Iterator[tuple[Place, int]]:
    quantity_milli = line.quantity_milli or 0
    match document.kind:
        case Kind.DELIVERY | Kind.ARRIVAL | Kind.RETURN:
            yield line.place, quantity_milli
        case Kind.DISPATCH | Kind.WASTE:
            yield from _changed(line, lots, -quantity_milli)
        case Kind.MOVE:
            for place, milli in _changed(line, lots, -quantity_milli):
                yield place, milli
                yield place.at(document.to_location), -milli
        case Kind.CORRECTION:
            yield from _changed(line, lots, quantity_milli)
        case Kind.COUNT:
            yield from _changed(line, lots, line.difference_milli or 0)


def _changed(line: Line, lots: Lots, milli: int) -> Iterator[tuple[Place, int]]:
    """What comes goes where it was said; what leaves without a lot named leaves by expiry."""
    if milli >= 0 or line.place.has_lot:
        yield line.place, milli
        return
    location = line.place.location
    for place, taken in spread(lots.get((line.gtin, location), ()), location, -milli):
        yield place, -taken
