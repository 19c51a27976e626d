"""Owns the list of imports: which file is being read, waits for a word, was taken, or was undone.

It must not read files. One file is read at a time; the rest of a store's life does not wait for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from inventory.db.import_table import ImportBatchRow
from inventory.db.repositories import insert_new, ordered_id
from inventory.db.tables import StoreRow
from inventory.db.unit_of_work import UnitOfWork
from inventory.domain.import_batch import WAITING, BatchState

GIVEN_UP_AFTER = timedelta(minutes=10)
"""Twice as long as a reading may take: then the server that read is gone, and its file with it."""


class BatchError(Exception):
    """An import that cannot go on; its text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One import. `counts` are those of its preview; `reason` says why it was refused, else ""."""

    batch_id: str
    state: BatchState
    file_name: str
    digest: str
    options: dict[str, Any]
    counts: dict[str, int]
    format_name: str
    reason: str
    made_by: str
    made_by_name: str
    made_at_utc: datetime
    changed_at_utc: datetime
    version: int


def start(
    uow: UnitOfWork,
    store_id: str,
    *,
    file_name: str,
    digest: str,
    options: dict[str, Any],
    made_by: str,
    made_by_name: str,
    now_utc: datetime,
) -> str:
    """Begins an import and answers its id. A file of the same person that still waits is dropped.

    Raises BatchError while another file is being read.
    """
    uow.session.get(StoreRow, store_id, with_for_update=True)  # of two at once the second sees the first
    for batch in waiting(uow, store_id):
        is_given_up = now_utc - batch.changed_at_utc > GIVEN_UP_AFTER
        if batch.state is BatchState.READING and not is_given_up:
            raise BatchError("Another file is being read; wait until that is done.")
        if batch.state is BatchState.READING or batch.made_by == made_by:
            become(uow, store_id, batch.batch_id, BatchState.DROPPED, now_utc)
    batch_id = ordered_id(now_utc)
    row = ImportBatchRow(
        store_id=store_id,
        batch_id=batch_id,
        state=BatchState.READING.value,
        file_name=file_name,
        digest=digest,
        options=json.dumps(options),
        summary="{}",
        made_by=made_by,
        made_by_name=made_by_name,
        made_at_utc=now_utc,
        changed_at_utc=now_utc,
        version=0,
    )
    insert_new(uow.session, row)
    return batch_id


def become(
    uow: UnitOfWork,
    store_id: str,
    batch_id: str,
    state: BatchState,
    now_utc: datetime,
    *,
    summary: dict[str, Any] | None = None,
    version: int | None = None,
) -> None:
    """Writes down what became of an import."""
    row = uow.session.get(ImportBatchRow, (store_id, batch_id))
    assert row is not None, "an import that was begun stays on the list"
    row.state = state.value
    row.changed_at_utc = now_utc
    if summary is not None:
        row.summary = json.dumps(summary)
    if version is not None:
        row.version = version
    uow.session.add(row)
    uow.session.flush()


def find(uow: UnitOfWork, store_id: str, batch_id: str, *, is_locked: bool = False) -> Batch | None:
    """The import of this id, or None. `is_locked`: it stays as it is until this transaction ends."""
    row = uow.session.get(ImportBatchRow, (store_id, batch_id), with_for_update=is_locked or None)
    return None if row is None else _batch(row)


def waiting(uow: UnitOfWork, store_id: str) -> tuple[Batch, ...]:
    """Imports that are being read or wait for a word, oldest first."""
    states = [state.value for state in WAITING]
    rows = uow.session.exec(
        select(ImportBatchRow)
        .where(ImportBatchRow.store_id == store_id, col(ImportBatchRow.state).in_(states))
        .order_by(col(ImportBatchRow.batch_id))
    )
    return tuple(map(_batch, rows))


def history(uow: UnitOfWork, store_id: str, *, limit: int) -> tuple[Batch, ...]:
    """Imports that were taken or undone, newest first."""
    states = [BatchState.TAKEN.value, BatchState.UNDONE.value]
    rows = uow.session.exec(
        select(ImportBatchRow)
        .where(ImportBatchRow.store_id == store_id, col(ImportBatchRow.state).in_(states))
        .order_by(col(ImportBatchRow.batch_id).desc())
        .limit(limit)
    )
    return tuple(map(_batch, rows))


def _batch(row: ImportBatchRow) -> Batch:
    summary = json.loads(row.summary)
    return Batch(
        batch_id=row.batch_id,
        state=BatchState(row.state),
        file_name=row.file_name,
        digest=row.digest,
        options=json.loads(row.options),
        counts=summary.get("counts", {}),
        format_name=summary.get("format", ""),
        reason=summary.get("reason", ""),
        made_by=row.made_by,
        made_by_name=row.made_by_name,
        made_at_utc=row.made_at_utc,
        changed_at_utc=row.changed_at_utc,
        version=row.version,
    )
