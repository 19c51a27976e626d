"""Owns what stands on a receipt: from a finished sale to a plain document, in the shopper's language.

It must not know printers, paper or how the sale came about.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import tzinfo

from hardware.receipt import (
    Align,
    Columns,
    Cut,
    Feed,
    Qr,
    ReceiptDocument,
    ReceiptLine,
    Rule,
    Text,
    Verbatim,
)
from inventory.domain.catalogue import SoldBy
from inventory.domain.moments import format_moment
from inventory.domain.money import format_amount, format_money, format_weight, kilogram_of, to_decimal
from inventory.domain.sales import Sale, SaleLine, Tender
from inventory.domain.tax import DEPOSIT_TAX_CLASS

Translate = Callable[[str], str]

HEAD_DIGITS = 8
"""How much of the journal's hash a receipt carries: enough to find the entry and to see another history."""


def receipt_document(
    sale: Sale,
    _: Translate,
    *,
    store_name: str,
    lane_label: str,
    journal_head: str,
    zone: tzinfo | None = None,
    copy: bool = False,
    slip: tuple[str, ...] = (),
) -> ReceiptDocument:
    """The whole paper. `zone`: the shop's time zone, None the machine's; `slip`: the terminal's own lines."""
    lines: list[ReceiptLine] = [
        Text(store_name, Align.CENTER, bold=True, double=True),
        Text(_paid_at(sale, zone), Align.CENTER),
        Text(f"{_('Lane')} {lane_label} · {_('Receipt')} {sale.receipt_no}", Align.CENTER),
    ]
    if copy:
        lines += [Feed(), Text(_("COPY"), Align.CENTER, bold=True, double=True)]
    lines.append(Rule())
    for line in sale.lines:
        lines += _goods(line, sale, _)
    lines += [
        Rule(),
        Columns(_("Total"), format_money(sale.total_minor, sale.currency, sale.language), bold=True),
    ]
    for tender in sale.tenders:
        lines += _tender(tender, sale, _)
    lines += [Rule(), *_taxes(sale, _)]
    if sale.age_approved_by:
        lines.append(Text(f"{_('Age checked by')} {sale.age_approved_by}"))
    lines += [
        Feed(),
        Qr(receipt_qr(sale, journal_head)),
        Text(f"EJ {journal_head[:HEAD_DIGITS]}", Align.CENTER),
        Text(_("Thank you"), Align.CENTER),
        *_card_slip(slip, _),
        Cut(),
    ]
    return ReceiptDocument(tuple(lines))


def receipt_qr(sale: Sale, journal_head: str) -> str:
    """The receipt as one line of text that any phone's camera shows: no app, no address, no personal data."""
    taxes = " ".join(
        f"VAT{tax.rate_bp / 100:g}%={to_decimal(tax.tax_minor, sale.currency)}"
        for tax in sale.taxes
        if tax.rate_bp
    )
    text = (
        f"RECEIPT {sale.store_id}/{sale.lane_id}/{sale.receipt_no} {sale.paid_at_utc:%Y-%m-%dT%H:%MZ} "
        f"TOTAL={to_decimal(sale.total_minor, sale.currency)} {sale.currency} {taxes} "
        f"EJ={journal_head[:HEAD_DIGITS]}"
    )
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _goods(line: SaleLine, sale: Sale, _: Translate) -> list[ReceiptLine]:
    lines: list[ReceiptLine] = [
        Columns(line.name, format_amount(line.amount_minor, sale.currency, sale.language))
    ]
    unit_price = format_amount(line.unit_price_minor, sale.currency, sale.language)
    if line.sold_by is SoldBy.WEIGHT:
        weight, kilogram = format_weight(line.quantity_milli, sale.language), kilogram_of(sale.language)
        lines.append(Text(f"  {weight} × {unit_price}/{kilogram}"))
    elif line.quantity_milli != 1000:
        lines.append(Text(f"  {line.quantity_milli // 1000} × {unit_price}"))
    if line.price_reason:
        was = format_amount(line.catalogue_price_minor, sale.currency, sale.language)
        lines.append(Text(f"  {_('Price corrected, was %(price)s') % {'price': was}}"))
    if line.deposit_minor:
        deposit = format_amount(line.deposit_minor, sale.currency, sale.language)
        lines.append(Columns(f"  {_('Deposit')}", deposit))
    return lines


def _tender(tender: Tender, sale: Sale, _: Translate) -> list[ReceiptLine]:
    paid_by = " ".join(filter(None, (tender.card_name or _("Card"), _masked(tender.card_last4))))
    lines: list[ReceiptLine] = [
        Columns(paid_by, format_amount(tender.amount_minor, sale.currency, sale.language))
    ]
    if tender.kind != "card":
        lines.append(Text(f"  {_('Confirmed by staff')}"))
    # A line each: side by side they are wider than the paper, and the last numbers would be cut off.
    terminal = (
        ("TID", tender.terminal_id),
        (_("Terminal receipt"), tender.terminal_receipt_no),
        (_("Trace"), tender.trace_no),
        (_("Approval"), tender.authorisation_id),
    )
    return [*lines, *(Columns(f"  {label}", value) for label, value in terminal if value)]


def _card_slip(slip: tuple[str, ...], _: Translate) -> list[ReceiptLine]:
    if not slip:
        return []
    return [Rule(), Text(_("Card slip"), Align.CENTER, bold=True), *map(Verbatim, slip)]


def _masked(last4: str) -> str:
    return f"•••• {last4}" if last4 else ""


def _taxes(sale: Sale, _: Translate) -> list[ReceiptLine]:
    lines: list[ReceiptLine] = []
    for tax in sale.taxes:
        if tax.tax_class == DEPOSIT_TAX_CLASS:
            text, amount_minor = _("Deposits, free of VAT"), tax.gross_minor
        else:
            net = format_amount(tax.net_minor, sale.currency, sale.language)
            text, amount_minor = f"{_('VAT')} {tax.rate_bp / 100:g} % {_('on')} {net}", tax.tax_minor
        lines.append(Columns(text, format_amount(amount_minor, sale.currency, sale.language)))
    return lines


def _paid_at(sale: Sale, zone: tzinfo | None) -> str:
    return format_moment(sale.paid_at_utc.astimezone(zone), sale.language)
