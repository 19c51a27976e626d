"""Owns what is told of an import to the system that brought it.

It must not read a file, nor decide what is taken.
"""

from __future__ import annotations

from inventory.domain.stock import Reason
from inventory.import_desk import HowFar
from inventory.import_wire import (
    ImportMessage,
    ImportPreviewMessage,
    LeftOutRow,
    NewItemMessage,
    PriceMove,
    RejectedRow,
    StockMove,
)
from inventory.services.import_batches import Batch
from inventory.services.import_preview import ImportPreview

_COUNTED = (
    *("format_name", "encoding", "delimiter", "decimal", "new", "changed", "unchanged", "kept"),
    *("price_change_count", "needs_confirmation", "error_count", "left_out_count", "moved", "known"),
)


def import_message(batch: Batch, how_far: HowFar, found: ImportPreview | None) -> ImportMessage:
    """Where an import stands; `found` is what it would do, while it waits."""
    counts = {name: batch.counts.get(name, 0) for name in ("new", "changed", "moved")}
    return ImportMessage(
        import_id=batch.batch_id,
        state=batch.state,
        file_name=batch.file_name,
        sha256=batch.digest,
        made_at_utc=batch.made_at_utc,
        changed_at_utc=batch.changed_at_utc,
        share=how_far.share,
        rows_read=how_far.rows,
        reason=batch.reason,
        version=batch.version,
        preview=None if found is None else preview_message(found),
        **counts,
    )


def preview_message(found: ImportPreview) -> ImportPreviewMessage:
    """What taking a file would do."""
    return ImportPreviewMessage(
        **{name: getattr(found, name) for name in _COUNTED},
        new_items=tuple(
            NewItemMessage(gtin=each.gtin, name=each.name, price_minor=each.price_minor)
            for each in found.new_items
        ),
        price_changes=tuple(
            PriceMove(
                gtin=each.gtin,
                name=each.name,
                old_minor=each.old_minor,
                new_minor=each.new_minor,
                tenths_of_percent=each.tenths_of_percent,
            )
            for each in found.price_changes
        ),
        errors=tuple(
            RejectedRow(line_no=each.line_no, column=each.column, problem=each.problem)
            for each in found.errors
        ),
        left_out=tuple(LeftOutRow(line_no=each.line_no, reason=each.reason) for each in found.left_out),
        stock=tuple(
            StockMove(
                gtin=each.gtin,
                name=each.name,
                reason=Reason(each.reason),
                quantity_milli=each.quantity_milli,
            )
            for each in found.stock
        ),
        warnings=found.warnings,
    )
