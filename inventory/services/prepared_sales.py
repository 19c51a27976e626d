"""Owns a sale made ready to be written: what takes no look into the books is done before the writer's turn.

It must not touch the database. Whoever brings a sale prepares it, on a thread of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from inventory.db.instants import instant_text
from inventory.db.sale_batch import Row
from inventory.domain.bundles import explode
from inventory.domain.catalogue import SoldBy
from inventory.domain.sales import Sale, SaleLine, disagreements, movement_source, movement_sources
from inventory.services.known_items import Known
from inventory.services.sale_checks import SaleUnreadableError, refuse_unreadable
from inventory.services.stores import clock_time
from inventory.wire import SaleAnswer, SaleMessage

_SOLD_BY = {each: each.value for each in SoldBy}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sale as it came in: `body` is what arrived, byte for byte (UTF-8), and `message` what it says.

    `catalogue_version` is the one its lane sold from, told beside it; 0 where the lane did not say.
    """

    message: SaleMessage
    body: bytes
    catalogue_version: int = 0

    @property
    def sale(self) -> Sale:
        return self.message.sale

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepared:
    """One arrival, ready: its sale, what its own sums say against it, and its lines as rows.

    `refusal` says that no table can hold it; then there is nothing else.
    """

    sale: Sale
    journal: tuple[int, str]
    text: str = ""
    body_hash: str = ""
    paid_at_utc: str = ""
    faults: tuple[str, ...] = ()
    lines: tuple[Row, ...] = ()
    refusal: SaleUnreadableError | None = None
    catalogue_version: int = 0


def prepare(store_id: str, arrival: Arrival) -> Prepared:
    """Makes a sale ready for the books of a store."""
    sale, message = arrival.sale, arrival.message
    journal = (message.journal_seq, _storable(message.journal_head))
    try:
        refuse_unreadable(message)
    except SaleUnreadableError as error:
        return Prepared(sale, journal, refusal=error)
    faults = disagreements(sale)
    if sale.store_id != store_id:
        faults += (f"the sale names another store, {sale.store_id}",)
    return Prepared(
        sale,
        journal,
        arrival.body.decode(),
        arrival.body_hash,
        instant_text(sale.paid_at_utc),
        faults,
        tuple(_line_row(sale.sale_id, number, line) for number, line in enumerate(sale.lines, start=1)),
        catalogue_version=arrival.catalogue_version,
    )


def answer_of(prepared: Prepared, there: Known, taken: Collection[tuple[str, int]]) -> SaleAnswer:
    """What the lane is told if its sale is new; `taken` are receipt numbers of other sales, by lane."""
    sale, flags = prepared.sale, list(prepared.faults)
    if (sale.lane_id, sale.receipt_no) in taken:
        flags.append(f"receipt number {sale.receipt_no} was used before on {sale.lane_id}")
    for line in sale.lines:
        item = there.items.get(line.gtin)
        if item is not None:
            flags += there.flags_of(line, item)
        elif line.is_named_by_staff:
            flags.append(f"{line.gtin} is not in the catalogue, {line.priced_by} gave its price")
        else:
            flags.append(f"{line.gtin} is not in the catalogue")
    return SaleAnswer(outcome="created", sale_id=sale.sale_id, flags=tuple(flags))


def sale_row(prepared: Prepared, answer: SaleAnswer, timezone: str, now_utc: str) -> Row:
    """The sale as a row of `SALE_COLUMNS`; `now_utc` as the tables hold it."""
    sale: Sale = prepared.sale
    business_day, business_hour = clock_time(timezone, sale.paid_at_utc)
    return (
        sale.sale_id,
        sale.lane_id,
        sale.receipt_no,
        prepared.text,
        prepared.body_hash,
        answer.model_dump_json(),
        len(answer.flags),
        *prepared.journal,
        prepared.paid_at_utc,
        now_utc,
        business_day.isoformat(),
        business_hour,
        _storable(sale.currency),
        sale.total_minor,
        prepared.catalogue_version,
    )


def move_rows(prepared: Prepared, there: Known) -> Iterator[Row]:
    """One movement a line; a pack leaves the shelf as its singles, a bundle as all its parts.

    Goods that staff priced at the lane have no shelf until they are in the catalogue.
    """
    sale, at_utc = prepared.sale, prepared.paid_at_utc
    sale_id, lane_id, sources = sale.sale_id, sale.lane_id, movement_sources(sale.sale_id)
    for line_no, line in enumerate(sale.lines, start=1):
        gtin = line.gtin
        parts = there.parts.get(gtin)
        if gtin not in there.entwined or parts is None:
            if parts is not None or not line.is_named_by_staff:
                yield sale_id, f"{sources}{line_no}", gtin, -line.quantity_milli, lane_id, at_utc
            continue
        for part_no, (part, quantity_milli) in enumerate(explode(parts, -line.quantity_milli)):
            source_id = movement_source(sale_id, line_no, part_no)
            yield sale_id, source_id, part, quantity_milli, lane_id, at_utc


def _line_row(sale_id: str, line_no: int, line: SaleLine) -> Row:
    return (
        sale_id,
        line_no,
        line.gtin,
        _storable(line.sku),
        _storable(line.name),
        _SOLD_BY[line.sold_by],
        line.quantity_milli,
        line.unit_price_minor,
        line.amount_minor,
        line.deposit_minor,
        _storable(line.tax_class),
        line.tax_rate_bp,
    )


def _storable(text: str) -> str:
    # PostgreSQL holds no NUL in text; the body keeps the original.
    return text.replace("\0", "")
