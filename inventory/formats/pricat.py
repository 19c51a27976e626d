"""Owns EDIFACT PRICAT, the price catalogue (EANCOM): goods, names, and what they are to be sold for.

It must not know the store. What a supplier asks for goods (AAA, AAB) is never taken for a price on a shelf:
only prices typed SRP or RTP count, and untyped AAE. A line number is the place of the LIN segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from assets.languages import LANGUAGES
from inventory.domain.catalogue import FALLBACK_LANGUAGE, Item, SoldBy
from inventory.domain.identifiers import gtin_14
from inventory.domain.money import MAX_AMOUNT_MINOR
from inventory.formats.csv_catalogue import DEFAULT_TAX_CLASS
from inventory.formats.edifact import Segment, open_interchange
from inventory.formats.entries import (
    Entry,
    LeftOut,
    Line,
    Reading,
    ReadOptions,
    RowError,
    not_a_gtin,
    other_currency,
)
from inventory.formats.foreign import MAX_NAME_CHARS, NAMES_AND_PRICES
from inventory.formats.numbers import read_scaled
from inventory.formats.said import said
from inventory.formats.table import Notes, SheetError

RETAIL_TYPES = frozenset({"SRP", "RTP"})
"""Suggested retail price, retail price (code list 5387)."""
UNTYPED_RETAIL = "AAE"
"""Information price, excluding allowances, including taxes (code list 5125)."""
DELETED, NOT_ACCEPTED = "2", "7"
_KILOGRAM = "KGM"
_SKU_TYPES = ("SA", "IN")


@dataclass(slots=True)
class _Goods:
    """One LIN group, as its segments come by."""

    line_no: int
    code: str
    action: str
    names: dict[str, str] = field(default_factory=dict)
    prices: list[Segment] = field(default_factory=list)
    sku: str = ""


def read_pricat(source: BinaryIO, options: ReadOptions) -> Reading:
    """A price catalogue's goods. Raises SheetError here and while lines are read."""
    interchange = open_interchange(source)
    count = [0]
    return Reading(
        format_name="pricat",
        lines=_lines(interchange.segments, options, count),
        speaks_of=NAMES_AND_PRICES,
        notes=Notes(),
        share_read=lambda: min(990, count[0] // 100),
        encoding=interchange.encoding,
    )


def _lines(segments: Iterator[Segment], options: ReadOptions, count: list[int]) -> Iterator[Line]:
    goods: _Goods | None = None
    currency, kind = options.currency, ""
    for segment in segments:
        count[0] += 1
        match segment.tag:
            case "UNH":
                kind = segment.get(1)
            case "LIN":
                if goods is not None:
                    yield from _finished(goods, options, currency)
                goods = _Goods(segment.number, segment.get(2), segment.get(1))
            case "UNT" | "UNS":
                if goods is not None:
                    yield from _finished(goods, options, currency)
                goods = None
            case "CUX":
                currency = segment.get(0, 1) or currency
            case _ if goods is not None:
                _note(goods, segment)
    if kind != "PRICAT":
        raise SheetError("The interchange holds no PRICAT message.")


def _note(goods: _Goods, segment: Segment) -> None:
    match segment.tag:
        case "PRI":
            goods.prices.append(segment)
        case "IMD":
            name = f"{segment.get(2, 3)} {segment.get(2, 4)}".strip()
            code = segment.get(2, 5).lower()
            if name:
                goods.names.setdefault(
                    code if code in LANGUAGES else FALLBACK_LANGUAGE, name[:MAX_NAME_CHARS]
                )
        case "PIA":
            found = (segment.get(place) for place in range(1, 5) if segment.get(place, 1) in _SKU_TYPES)
            goods.sku = goods.sku or next(found, "")


def _finished(goods: _Goods, options: ReadOptions, currency: str) -> Iterator[Line]:
    if goods.action == DELETED:
        yield LeftOut(goods.line_no, said("the catalogue deletes it, which an import never does"))
        return
    price = _retail(goods.prices)
    faults = list(_faults(goods, price, currency, options))
    if faults or price is None:
        yield from faults
        return
    gtin = gtin_14(goods.code) or ""
    item = Item(
        gtin=gtin,
        sku=goods.sku or gtin,
        names=goods.names,
        price_minor=_amount(price, options) or 1,
        currency=currency,
        tax_class=DEFAULT_TAX_CLASS,
        sold_by=SoldBy.WEIGHT if price.get(0, 5) == _KILOGRAM else SoldBy.UNIT,
    )
    yield Entry(goods.line_no, item, None)


def _faults(goods: _Goods, price: Segment | None, currency: str, options: ReadOptions) -> Iterator[RowError]:
    shown = goods.code[:20]
    if gtin_14(goods.code) is None:
        yield RowError(goods.line_no, "LIN", not_a_gtin(goods.code))
    if not goods.names:
        yield RowError(goods.line_no, "IMD", said("{gtin} has no name.", gtin=shown))
    if currency != options.currency:
        yield RowError(goods.line_no, "CUX", other_currency(currency, options))
    if price is None:
        yield RowError(
            goods.line_no, "PRI", said("{gtin} has no retail price (SRP, RTP or AAE).", gtin=shown)
        )
    elif _amount(price, options) is None:
        yield RowError(
            goods.line_no,
            "PRI",
            said("“{cell}” is no price for one piece or kilogram.", cell=price.get(0, 1)[:20]),
        )


def _retail(prices: list[Segment]) -> Segment | None:
    typed = [price for price in prices if price.get(0, 3) in RETAIL_TYPES or price.get(0, 2) in RETAIL_TYPES]
    plain = [price for price in prices if price.get(0) == UNTYPED_RETAIL and not price.get(0, 3)]
    return next(iter(typed + plain), None)


def _amount(price: Segment, options: ReadOptions) -> int | None:
    """Minor units for one piece or kilogram; None where the price is none, or does not part evenly."""
    amount = read_scaled(price.get(0, 1), options.minor_digits)
    basis = read_scaled(price.get(0, 4) or "1", 0)
    if amount is None or not basis or amount % basis or not 1 <= amount // basis <= MAX_AMOUNT_MINOR:
        return None
    return amount // basis
