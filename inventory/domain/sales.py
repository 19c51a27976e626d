"""Owns a finished sale as a fact: lines, tax, tenders, and the sums that must agree.

It must not know how a sale came about or where it is kept. A sale is never changed after it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.domain.catalogue import SoldBy
from inventory.domain.tax import DEPOSIT_TAX_CLASS, TaxLine, tax_lines

_CONFIRMED_BY = "card, confirmed by "
_SOURCE = "sale:"


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One row. `quantity_milli` counts thousandths of a piece, or grams when sold by weight.

    `amount_minor` is the goods alone; `deposit_minor` comes on top and is not taxed.
    """

    gtin: str
    sku: str
    name: str
    sold_by: SoldBy
    quantity_milli: int
    unit_price_minor: int
    amount_minor: int
    deposit_minor: int
    tax_class: str
    tax_rate_bp: int
    priced_by: str = ""
    """Who on the staff priced goods the catalogue does not know, or corrected its price; else ""."""
    catalogue_price_minor: int = 0
    """What one would have cost, where staff have corrected the price; 0 for all others."""
    price_reason: str = ""
    """Why it was corrected: a word of `inventory.domain.correcting.PriceReason`."""

    @property
    def is_named_by_staff(self) -> bool:
        """Whether the lane did not know these goods: a corrected price is that of known ones."""
        return bool(self.priced_by) and not self.price_reason


@dataclass(frozen=True, slots=True)
class Tender:
    """A means of payment applied. No field ever holds more than four digits of a card number."""

    kind: str
    amount_minor: int
    attempt_id: str
    terminal_id: str = ""
    terminal_receipt_no: str = ""
    trace_no: str = ""
    authorisation_id: str = ""
    card_name: str = ""
    card_last4: str = ""

    @property
    def confirmed_by(self) -> str:
        """Who said that the card was charged, "" where the terminal did."""
        return self.kind.removeprefix(_CONFIRMED_BY) if self.kind.startswith(_CONFIRMED_BY) else ""


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid basket. `receipt_no` counts up on its lane and is never used twice."""

    sale_id: str
    store_id: str
    lane_id: str
    receipt_no: int
    paid_at_utc: datetime
    currency: str
    language: str
    lines: tuple[SaleLine, ...]
    taxes: tuple[TaxLine, ...]
    tenders: tuple[Tender, ...]
    total_minor: int
    age_approved_by: str = ""


def tax_of_lines(lines: tuple[SaleLine, ...]) -> tuple[TaxLine, ...]:
    """The tax table a receipt with these lines must show."""
    goods = [(line.tax_class, line.tax_rate_bp, line.amount_minor) for line in lines]
    deposits = [(DEPOSIT_TAX_CLASS, 0, line.deposit_minor) for line in lines if line.deposit_minor]
    return tax_lines([*goods, *deposits])


def total_of_lines(lines: tuple[SaleLine, ...]) -> int:
    """Sum to pay in minor units: goods and deposits."""
    return sum(line.amount_minor + line.deposit_minor for line in lines)


def movement_source(sale_id: str, line_no: int, part_no: int = 0) -> str:
    """The source of what one line of a sale moved; of a bundle's parts the first has number 0.

    No two lines of any two sales share one, whatever signs their ids have.
    """
    return f"{movement_sources(sale_id)}{line_no}{f':{part_no}' if part_no else ''}"


def movement_sources(sale_id: str) -> str:
    """What the sources of all that a sale moved begin with, and those of no other sale."""
    # A colon ends the id: one inside it would make line 2 of "a:1" part 2 of line 1 of "a".
    return f"{_SOURCE}{sale_id.replace('%', '%25').replace(':', '%3A')}:"


def sale_of_source(source_id: str) -> str:
    """The id of the sale that a source of `movement_source` is of."""
    return source_id.removeprefix(_SOURCE).partition(":")[0].replace("%3A", ":").replace("%25", "%")


def disagreements(sale: Sale) -> tuple[str, ...]:
    """Sums of the sale that do not agree with its own lines; empty for an honest sale (invariant I8)."""
    found: list[str] = []
    if total_of_lines(sale.lines) != sale.total_minor:
        found.append(f"lines add up to {total_of_lines(sale.lines)}, the total says {sale.total_minor}")
    if sum(tender.amount_minor for tender in sale.tenders) != sale.total_minor:
        found.append("tenders do not add up to the total")
    if tax_of_lines(sale.lines) != sale.taxes:
        found.append("the tax table does not follow from the lines")
    return tuple(found)
