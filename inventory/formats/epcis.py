"""Owns GS1 EPCIS 2.0 events coming in (JSON-LD): which of them move stock here, and by how much.

It must not fetch a context or resolve a link: names count as the standard writes them. A line number is the
place of the event in its document.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

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
from inventory.formats.epcis_words import (
    GRAM,
    KILOGRAM,
    REASON_OF,
    TAKES_AWAY,
    gtin_of,
    is_instance,
    source_of,
    step_of,
)
from inventory.formats.numbers import read_scaled
from inventory.formats.said import Said, said
from inventory.formats.table import MAX_FILE_BYTES, MAX_ROWS, MIB, Notes, SheetError

MAX_GOODS_OF_EVENT = 10_000
_MILLI = 1000


class _EventError(ValueError):
    """What is wrong with an event: field and problem."""

    def __init__(self, field: str, problem: Said) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


def read_epcis(source: BinaryIO, options: ReadOptions) -> Reading:
    """The movements in a document, a query's answer, or one event alone. Raises SheetError."""
    if source.seek(0, io.SEEK_END) > MAX_FILE_BYTES:
        raise SheetError(f"The file is larger than {MAX_FILE_BYTES // MIB} MiB.")
    source.seek(0)
    events = _events(_parsed(source.read()))
    count = [0]
    return Reading(
        format_name="epcis",
        lines=_lines(events, options, count),
        speaks_of=frozenset(),
        notes=Notes(),
        share_read=lambda: count[0] * 1000 // max(1, len(events)),
        encoding="UTF-8",
    )


def _parsed(raw: bytes) -> Mapping[str, Any]:
    try:
        # Numbers stay text: one may have a million digits.
        document = json.loads(raw.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise SheetError(f"The file is not UTF-8: byte {error.start + 1} cannot be read.") from None
    except (ValueError, RecursionError):
        raise SheetError("The file is not JSON.") from None
    if not isinstance(document, Mapping):
        raise SheetError("The file holds no EPCIS document.")
    return document


def _events(document: Mapping[str, Any]) -> list[Any]:
    body = document.get("epcisBody")
    found: Any = [document] if "eventTime" in document else None
    if isinstance(body, Mapping):
        results = body.get("queryResults")
        answer = results.get("resultsBody") if isinstance(results, Mapping) else None
        found = answer.get("eventList") if isinstance(answer, Mapping) else body.get("eventList")
    if not isinstance(found, list):
        raise SheetError("The file holds no list of EPCIS events.")
    if len(found) > MAX_ROWS:
        raise SheetError(f"The file has more than {MAX_ROWS:,} events.")
    return found


def _lines(events: list[Any], options: ReadOptions, count: list[int]) -> Iterator[Line]:
    for number, event in enumerate(events, start=1):
        count[0] = number
        if not isinstance(event, Mapping):
            yield RowError(number, "event", said("it is no event."))
            continue
        try:
            yield from _movements(number, event, options)
        except _EventError as error:
            yield RowError(number, error.field, error.problem)


def _movements(number: int, event: Mapping[str, Any], options: ReadOptions) -> Iterator[Line]:
    step = step_of(_text(event, "bizStep"))
    reason = REASON_OF.get(step)
    kind = _text(event, "type")
    if kind != "ObjectEvent":
        yield LeftOut(number, said("events of the type “{cell}” move no stock here", cell=kind[:40]))
    elif "errorDeclaration" in event:
        yield LeftOut(number, said("the event is declared a mistake"))
    elif reason is None:
        shown = _text(event, "bizStep")[-40:]
        yield LeftOut(number, said("the step “{cell}” moves no stock here", cell=shown))
    else:
        at_utc = _moment(_text(event, "eventTime"))
        source = _source(event, options.store_id)
        for gtin, milli in sorted(_goods(event).items()):
            signed = -milli if reason in TAKES_AWAY else milli
            yield StockLine(number, gtin, reason, signed, source or _own_mark(event, gtin), at_utc)


def _goods(event: Mapping[str, Any]) -> dict[str, int]:
    """GTIN to thousandths: things with a serial number one by one, kinds and lots by their quantity."""
    goods: defaultdict[str, int] = defaultdict(int)
    epcs, quantities = event.get("epcList") or [], event.get("quantityList") or []
    if not isinstance(epcs, list) or not isinstance(quantities, list):
        raise _EventError("epcList", said("it is no list."))
    if len(epcs) + len(quantities) > MAX_GOODS_OF_EVENT:
        raise _EventError(
            "epcList", said("one event names more than {most} things.", most=MAX_GOODS_OF_EVENT)
        )
    for epc in epcs:
        if not (isinstance(epc, str) and is_instance(epc)):
            raise _EventError("epcList", said("“{cell}” is no single thing with a GTIN.", cell=str(epc)[:40]))
        goods[_gtin(epc, "epcList")] += _MILLI
    for element in quantities:
        if not isinstance(element, Mapping):
            raise _EventError("quantityList", said("“{cell}” is not a quantity.", cell=str(element)[:20]))
        goods[_gtin(_text(element, "epcClass"), "quantityList")] += _milli(element)
    if not goods:
        raise _EventError("quantityList", said("the event names no goods."))
    if max(goods.values()) > MAX_STOCK_MILLI:
        raise _EventError("quantityList", said("a quantity is too large."))
    return goods


def _gtin(identifier: str, field: str) -> str:
    found = gtin_of(identifier)
    if not found:
        raise _EventError(field, not_a_gtin(identifier, shown=60))
    return found


def _milli(element: Mapping[str, Any]) -> int:
    text, unit = _text(element, "quantity"), _text(element, "uom")
    scaled = read_scaled(text, 3) if "," not in text else None
    if scaled is None or unit not in ("", KILOGRAM, GRAM) or (unit == GRAM and scaled % _MILLI):
        shown = f"{text[:20]} {unit[:10]}"
        raise _EventError("quantityList", said("“{cell}” is no number of pieces, kg or g.", cell=shown))
    return scaled // _MILLI if unit == GRAM else scaled


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        raise _EventError("eventTime", _no_moment(text)) from None
    if moment.tzinfo is None:
        raise _EventError("eventTime", said("“{cell}” does not say in which time zone.", cell=text[:40]))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _EventError("eventTime", _no_moment(text)) from None


def _no_moment(text: str) -> Said:
    return said("“{cell}” is not a moment.", cell=text[:40])


def _source(event: Mapping[str, Any], store_id: str) -> str:
    return source_of(_text(event, "eventID"), store_id)


def _own_mark(event: Mapping[str, Any], gtin: str) -> str:
    """An event without an id is known by all that it says."""
    known_by = _text(event, "eventID") or json.dumps(event, sort_keys=True, default=str)
    return f"epcis:{hashlib.sha256(known_by.encode('utf-8', 'replace')).hexdigest()[:32]}:{gtin}"


def _text(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name, "")
    return value if isinstance(value, str) else ""
