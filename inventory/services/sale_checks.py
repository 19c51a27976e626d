"""Owns what a store says to a sale's books: which messages are none at all, and what differs from ours.

It must not record or refuse a sale: a difference is a flag, read by people later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from inventory.domain.catalogue import MAX_WEIGHT_G, Item, SoldBy, price_of_weight
from inventory.domain.money import round_half_up
from inventory.domain.sales import SaleLine
from inventory.wire import SaleMessage

MAX_STORED = 2**53
"""Integers beyond this are no amounts, counts or sequence numbers; JSON readers elsewhere lose them too."""

MAX_ID_LENGTH = 64

EARLIEST_YEAR, LATEST_YEAR = 1900, 9000
"""A lane whose clock lost its battery says 1970 and is believed; beyond these, time zones overflow."""


class SaleUnreadableError(ValueError):
    """The message holds numbers or ids that no table can hold. It is a broken message, not a sale."""


def refuse_unreadable(message: SaleMessage) -> None:
    """Raises SaleUnreadableError for what no table can hold."""
    sale = message.sale
    numbers = [message.journal_seq, sale.receipt_no, sale.total_minor]
    rates, ids = [], [sale.sale_id, sale.lane_id]
    for line in sale.lines:
        numbers += (line.quantity_milli, line.unit_price_minor, line.amount_minor, line.deposit_minor)
        rates.append(line.tax_rate_bp)
        ids.append(line.gtin)
    if max(numbers) > MAX_STORED or min(numbers) < -MAX_STORED:
        raise SaleUnreadableError("A number in the sale is larger than any amount or count can be.")
    if rates and not (min(rates) > -10_000 and max(rates) <= 1_000_000):
        # A price with all of itself or more taken off as tax has no net price to divide by.
        raise SaleUnreadableError("A tax rate in the sale is no rate.")
    if not EARLIEST_YEAR <= sale.paid_at_utc.year <= LATEST_YEAR:
        raise SaleUnreadableError("The sale was paid in a year that no clock can show.")
    # Printable together is printable each.
    if not (min(ids) and len(max(ids, key=len)) <= MAX_ID_LENGTH and "".join(ids).isprintable()):
        raise SaleUnreadableError("An id or GTIN in the sale is empty, too long or not printable.")


def line_flags(line: SaleLine, item: Item, rates: Mapping[str, int]) -> Iterator[str]:
    """What differs between one line and the item the catalogue has for it."""
    rate_bp = rates.get(item.tax_class)
    if line.tax_class != item.tax_class or (rate_bp is not None and line.tax_rate_bp != rate_bp):
        ours, theirs = f"{item.tax_class} {rate_bp}", f"{line.tax_class} {line.tax_rate_bp}"
        yield f"{line.gtin} was taxed as {theirs}, we have {ours}"
    if item.label_prefix and item.sold_by is SoldBy.UNIT:
        return  # the label alone knows this piece's price
    if line.price_reason:
        yield from _faults_of_correction(line, item)
        item = replace(item, price_minor=line.unit_price_minor)
    if line.unit_price_minor != item.price_minor:
        yield f"{line.gtin} was sold at {line.unit_price_minor}, we have {item.price_minor}"
    elif abs(line.amount_minor - _expected_minor(line, item)) > _tolerance_minor(item):
        yield f"{line.gtin} came to {line.amount_minor}, we make it {_expected_minor(line, item)}"
    deposit_minor = round_half_up(item.deposit_minor * line.quantity_milli, 1000)
    if item.sold_by is SoldBy.UNIT and line.deposit_minor != deposit_minor:
        yield f"{line.gtin} had a deposit of {line.deposit_minor}, we make it {deposit_minor}"


def _faults_of_correction(line: SaleLine, item: Item) -> Iterator[str]:
    """A corrected price is no fault where somebody stands for it, it is lower, and it began at ours."""
    if line.catalogue_price_minor != item.price_minor:
        yield f"{line.gtin} was corrected from {line.catalogue_price_minor}, we have {item.price_minor}"
    if not line.priced_by:
        yield f"{line.gtin} was corrected by nobody"
    if not 0 < line.unit_price_minor < line.catalogue_price_minor:
        yield f"{line.gtin} was corrected from {line.catalogue_price_minor} to {line.unit_price_minor}"


def _expected_minor(line: SaleLine, item: Item) -> int:
    if item.sold_by is SoldBy.WEIGHT and 0 < line.quantity_milli <= MAX_WEIGHT_G:
        return price_of_weight(item.price_minor, line.quantity_milli)
    return round_half_up(item.price_minor * line.quantity_milli, 1000)


def _tolerance_minor(item: Item) -> int:
    """Half a gram's worth: a price label's weight is worked back from its price, to the nearest gram."""
    if item.sold_by is SoldBy.UNIT or not item.label_prefix:
        return 0
    return item.price_minor // 2000 + 1
