"""Owns what the import pages show of an import: its lines as words and numbers.

It must not read anything, nor decide what is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from assets.languages import Direction, direction_of
from inventory.domain.import_batch import BatchState
from inventory.domain.money import format_money, format_weight
from inventory.domain.stock import Reason
from inventory.formats.detect import Format
from inventory.formats.entries import LeftOut, RowError
from inventory.formats.said import Said
from inventory.services.import_batches import Batch
from inventory.services.import_preview import ImportPreview
from inventory.web.item_views import reason_words
from inventory.web.texts import Texts

_EXAMPLES = {",": "1 234,50", ".": "1 234.50"}
"""A number says which decimal sign was read, in every language."""
_LEFT_TO_RIGHT, _BY_ITSELF, _AS_BEFORE = "\u2066", "\u2068", "\u2069"
"""Marks around what runs left to right in every script (Unicode, UAX 9)."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One past import in the list."""

    batch_id: str
    file_name: str
    format_name: str
    who: str
    moment: datetime
    new: int
    changed: int
    moved: int
    version: int
    is_undone: bool


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One price that moves. `percent` carries its sign."""

    name: str
    gtin: str
    old: str
    new: str
    percent: str
    is_big: bool
    is_up: bool


@dataclass(frozen=True, slots=True)
class StockLineShown:
    """One movement the file brings."""

    name: str
    gtin: str
    reason: str
    quantity: str


def batch_line(batch: Batch, *, zone: ZoneInfo) -> BatchLine:
    return BatchLine(
        batch_id=batch.batch_id,
        file_name=batch.file_name,
        format_name=own_name(batch.format_name),
        who=batch.made_by_name,
        moment=batch.made_at_utc.astimezone(zone),
        new=batch.counts.get("new", 0),
        changed=batch.counts.get("changed", 0),
        moved=batch.counts.get("moved", 0),
        version=batch.version,
        is_undone=batch.state is BatchState.UNDONE,
    )


def in_words(sentence: str, texts: Texts) -> str:
    """A reader's sentence in the page's language, its values kept apart from the words around them."""
    if not isinstance(sentence, Said):
        return sentence
    is_mirrored = direction_of(texts.language) is Direction.RIGHT_TO_LEFT
    values = {
        name: f"{_BY_ITSELF}{value}{_AS_BEFORE}" if is_mirrored else value
        for name, value in sentence.values.items()
    }
    return texts.text(sentence.text).format(**values)


def fault_line(fault: RowError, texts: Texts) -> RowError:
    """A faulty row as the page says it."""
    return RowError(fault.line_no, fault.column, in_words(fault.problem, texts))


def left_out_line(row: LeftOut, texts: Texts) -> LeftOut:
    """A row that was left out as the page says it."""
    return LeftOut(row.line_no, in_words(row.reason, texts))


def own_name(format_name: str) -> str:
    """What people call a format; "" where none was found out."""
    return Format(format_name).own_name if format_name else ""


def read_as(found: ImportPreview) -> str:
    """How a file was read: format, encoding, delimiter, decimal sign."""
    delimiter = {"\t": "Tab"}.get(found.delimiter, found.delimiter)
    packed = f"CSV “{delimiter}”" if delimiter else ""
    parts = (own_name(found.format_name), packed, found.encoding, _EXAMPLES.get(found.decimal, ""))
    return f"{_LEFT_TO_RIGHT}{' · '.join(filter(None, parts))}{_AS_BEFORE}"


def change_lines(found: ImportPreview, currency: str, language: str) -> list[PriceLine]:
    return [
        PriceLine(
            name=change.name,
            gtin=change.gtin,
            old=format_money(change.old_minor, currency, language),
            new=format_money(change.new_minor, currency, language),
            percent=_percent(change.tenths_of_percent),
            is_big=change.is_big,
            is_up=change.new_minor > change.old_minor,
        )
        for change in found.price_changes
    ]


def stock_lines(found: ImportPreview, texts: Texts) -> list[StockLineShown]:
    return [
        StockLineShown(
            name=change.name,
            gtin=change.gtin,
            reason=reason_words(Reason(change.reason), texts),
            quantity=_quantity(change.quantity_milli, texts.language, is_weighed=change.is_weighed),
        )
        for change in found.stock
    ]


def _percent(tenths: int) -> str:
    sign = "+" if tenths > 0 else "−"
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole} %" if whole >= 10 or not rest else f"{sign}{whole}.{rest} %"


def _quantity(milli: int, language: str, *, is_weighed: bool) -> str:
    sign = "−" if milli < 0 else ""
    if is_weighed:
        return f"{sign}{format_weight(abs(milli), language)}"
    whole, rest = divmod(abs(milli), 1000)
    return f"{sign}{whole}" if rest == 0 else f"{sign}{whole}.{rest:03}"
