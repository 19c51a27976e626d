"""Owns value added tax inside gross prices: what part of a sale's total is tax, rate by rate.

It must not know items or receipts. Rounding is per rate and receipt: the sum of a rate's gross amounts is
split once, so the receipt's own figures always add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.domain.money import round_half_up

DEPOSIT_TAX_CLASS = "deposit"
"""Bottle deposits are handed back, not earned: they carry no tax."""


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate of a receipt: `gross_minor` = `net_minor` + `tax_minor`. Rate in basis points."""

    tax_class: str
    rate_bp: int
    gross_minor: int
    net_minor: int
    tax_minor: int


def tax_lines(amounts: Iterable[tuple[str, int, int]]) -> tuple[TaxLine, ...]:
    """Splits (tax class, rate in basis points, gross minor units) triples: one line a class and rate."""
    gross: dict[tuple[str, int], int] = {}
    for tax_class, rate_bp, amount_minor in amounts:
        gross[tax_class, rate_bp] = gross.get((tax_class, rate_bp), 0) + amount_minor
    return tuple(
        _split(tax_class, rate_bp, amount_minor)
        for (tax_class, rate_bp), amount_minor in sorted(gross.items())
    )


def _split(tax_class: str, rate_bp: int, gross_minor: int) -> TaxLine:
    net_minor = round_half_up(gross_minor * 10_000, 10_000 + rate_bp)
    return TaxLine(tax_class, rate_bp, gross_minor, net_minor, gross_minor - net_minor)
