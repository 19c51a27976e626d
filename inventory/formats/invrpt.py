"""Owns EDIFACT INVRPT, the inventory report (EANCOM): what was counted of which goods, and when.

It must not know the store. Each count's source is made of who sent the report, its number and the line, so
that the same report twice changes nothing. A line number is the place of the LIN segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from inventory.domain.identifiers import gtin_14
from inventory.domain.stock import Reason
from inventory.formats.edifact import Segment, open_interchange
from inventory.formats.entries import (
    MAX_STOCK_MILLI,
    LeftOut,
    Line,
    Reading,
    ReadOptions,
    RowError,
    StockLine,
    not_a_gtin,
)
from inventory.formats.numbers import read_scaled
from inventory.formats.said import said
from inventory.formats.table import Notes, SheetError

COUNTED = ("145", "17", "198")
"""Actual stock, quantity on hand, actual stock (code list 6063), the best first."""
REPORT_DATES = ("366", "137", "179")
_PIECES = frozenset({"", "PCE", "EA", "NAR"})
_KILOGRAM, _GRAM = "KGM", "GRM"
_DATE = re.compile(r"[0-9]{8}(?:[0-9]{4})?(?:[0-9]{2})?", re.ASCII)


@dataclass(slots=True)
class _Report:
    """The message that is being read."""

    kind: str = ""
    sender: str = ""
    number: str = ""
    at_utc: datetime | None = None
    gtin_segment: Segment | None = None
    quantities: dict[str, Segment] = field(default_factory=dict)


def read_invrpt(source: BinaryIO, options: ReadOptions) -> Reading:
    """An inventory report's counts. Raises SheetError here and while lines are read."""
    del options
    interchange = open_interchange(source)
    count = [0]
    return Reading(
        format_name="invrpt",
        lines=_lines(interchange.segments, count),
        speaks_of=frozenset(),
        notes=Notes(),
        share_read=lambda: min(990, count[0] // 100),
        encoding=interchange.encoding,
    )


def _lines(segments: Iterator[Segment], count: list[int]) -> Iterator[Line]:
    report, sender, kinds = _Report(), "", set()
    for segment in segments:
        count[0] += 1
        match segment.tag:
            case "UNB":
                sender = segment.get(1)
            case "UNH":
                report = _Report(kind=segment.get(1), sender=sender, number=segment.get(0))
                kinds.add(report.kind)
            case "BGM":
                report.number = segment.get(1) or report.number
            case "DTM" if report.gtin_segment is None and segment.get(0) in REPORT_DATES:
                report.at_utc = report.at_utc or _moment(segment.get(0, 1))
            case "LIN":
                yield from _finished(report)
                report.gtin_segment, report.quantities = segment, {}
            case "QTY" if report.gtin_segment is not None:
                report.quantities.setdefault(segment.get(0), segment)
            case "UNT":
                yield from _finished(report)
                report.gtin_segment = None
    if "INVRPT" not in kinds:
        raise SheetError("The interchange holds no INVRPT message.")


def _finished(report: _Report) -> Iterator[Line]:
    line = report.gtin_segment
    if line is None or report.kind != "INVRPT":
        return
    gtin = gtin_14(line.get(2))
    quantity = next((report.quantities[each] for each in COUNTED if each in report.quantities), None)
    if gtin is None:
        yield RowError(line.number, "LIN", not_a_gtin(line.get(2)))
    elif quantity is None:
        yield LeftOut(line.number, said("it does not say what lies there"))
    elif (milli := _milli(quantity)) is None:
        yield RowError(line.number, "QTY", said("“{cell}” is not a quantity.", cell=quantity.get(0, 1)[:20]))
    else:
        source = f"invrpt:{report.sender}:{report.number}:{line.get(0) or line.number}:{gtin}"
        yield StockLine(line.number, gtin, Reason.COUNT, milli, source, report.at_utc)


def _milli(quantity: Segment) -> int | None:
    unit = quantity.get(0, 2)
    scaled = read_scaled(quantity.get(0, 1), 3)
    if scaled is None:
        return None
    if unit == _GRAM:
        milli, rest = divmod(scaled, 1000)
        scaled = milli if rest == 0 else -1
    elif unit not in _PIECES and unit != _KILOGRAM:
        return None
    return scaled if 0 <= scaled <= MAX_STOCK_MILLI else None


def _moment(text: str) -> datetime | None:
    """CCYYMMDD, with HHMM and SS or without (code list 2379: 102, 203, 204); taken as UTC."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:].ljust(6, '0')}").replace(tzinfo=UTC)
    except ValueError:
        return None
