"""Owns the messages about files that managers' own systems bring: where one stands, and what it would do.

It must not know HTTP or tables, nor read a file. Fields may be added to answers; a reader passes over those
it does not know.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from inventory.domain.import_batch import BatchState
from inventory.domain.stock import Reason
from inventory.wire import Message

MOST_MOVES = 2**53

Moves = Annotated[int, Field(ge=0, le=MOST_MOVES)]


class ImportBegun(Message):
    """202 to POST /api/v1/imports: the file is kept and being read."""

    import_id: str


class RejectedRow(Message):
    """A row that cannot be taken, and why. `line_no` counts from 1, the first line being 1."""

    line_no: int
    column: str
    problem: str


class LeftOutRow(Message):
    """A row that is right and still nothing for this store."""

    line_no: int
    reason: str


class NewItemMessage(Message):
    """An item that only the file has."""

    gtin: str
    name: str
    price_minor: int


class PriceMove(Message):
    """A price that the file changes. `tenths_of_percent` is negative downwards."""

    gtin: str
    name: str
    old_minor: int
    new_minor: int
    tenths_of_percent: int


class StockMove(Message):
    """A movement the file brings, in thousandths. A count's quantity is what lay there."""

    gtin: str
    name: str
    reason: Reason
    quantity_milli: int


class ImportPreviewMessage(Message):
    """What taking the file would do. Lists hold the first of a kind, the numbers count them all."""

    format_name: str
    encoding: str
    delimiter: str
    decimal: str
    new: int
    changed: int
    unchanged: int
    kept: int
    price_change_count: int
    needs_confirmation: bool
    error_count: int
    left_out_count: int
    moved: int
    known: int
    new_items: tuple[NewItemMessage, ...]
    price_changes: tuple[PriceMove, ...]
    errors: tuple[RejectedRow, ...]
    left_out: tuple[LeftOutRow, ...]
    stock: tuple[StockMove, ...]
    warnings: tuple[str, ...]


class ImportMessage(Message):
    """GET /api/v1/imports/{import_id}, and the answer to taking one in and back.

    `share` is how far the reading is, in thousandths. `preview` is there while the state is ready, `reason`
    where it is refused. `version` is the catalogue's that holds the import once it was taken, else 0; `new`,
    `changed` and `moved` count items and movements from the preview on.
    """

    import_id: str
    state: BatchState
    file_name: str
    sha256: str
    made_at_utc: datetime
    changed_at_utc: datetime
    share: int = 0
    rows_read: int = 0
    reason: str = ""
    version: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    preview: ImportPreviewMessage | None = None


class RejectedPage(Message):
    """GET /api/v1/imports/{import_id}/rejected: all rows that cannot be taken, by line."""

    rows: tuple[RejectedRow, ...]
    next: str | None = None


class ImportApply(Message):
    """POST /api/v1/imports/{import_id}/apply.

    Where the preview says `needs_confirmation`, `confirmed_price_changes` must repeat its
    `price_change_count`. `without_faulty` leaves the rejected rows out; else one of them keeps all out.
    """

    confirmed_price_changes: Moves | None = None
    without_faulty: bool = False
