"""Owns what a simulated terminal has stored: every transaction, on disk before anybody is told of it.

It must not know ZVT. It is the oracle of the tests: the money that moved is what stands here.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

APPROVED: Final = "approved"
DECLINED: Final = "declined"
REVERSED: Final = "reversed"
REFUNDED: Final = "refunded"
DAY_CLOSED: Final = "day closed"

HIGHEST_RECEIPT_NO: Final = 9999
HIGHEST_TRACE_NO: Final = 999_999


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """One line of the journal. A reversal repeats the transaction's line with another `state`.

    Declined attempts have a trace number and no receipt number. `day` is MMDD, `clock` is HHMMSS, both the
    terminal's own; `at_utc` is when the line was written, ISO 8601 in UTC with microseconds, "" in old files.
    A reversal that was ordered (06 30) is a transaction of its own: it was booked under `booked_trace_no` and
    `booked_receipt_no`, which are 0 in all other lines. `cause` says why a charge was reversed.
    """

    state: str
    trace_no: int
    receipt_no: int
    amount_minor: int
    currency_number: str
    card_name: str = ""
    card_last4: str = ""
    authorisation_id: str = ""
    day: str = ""
    clock: str = ""
    at_utc: str = ""
    booked_trace_no: int = 0
    booked_receipt_no: int = 0
    cause: str = ""


class TerminalJournal:
    """A JSON line for each record, synced to the disk; read again when the simulator starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._records: list[TransactionRecord] = []
        self._receipts_from = 0
        if path.exists():
            self._records = [TransactionRecord(**json.loads(line)) for line in self._whole_lines()]

    def _whole_lines(self) -> list[str]:
        text = self._path.read_text(encoding="utf-8")
        whole, _, torn = text.rpartition("\n")
        if torn:  # cut by a power failure before anybody was told of it
            self._path.write_text(whole + "\n" if whole else "", encoding="utf-8")
        return whole.splitlines()

    def add(self, record: TransactionRecord) -> TransactionRecord:
        """Writes the record with the time of now, and returns it so. Raises OSError when it cannot."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            stamped = replace(record, at_utc=datetime.now(UTC).isoformat(timespec="microseconds"))
            file.write(json.dumps(asdict(stamped)) + "\n")
            file.flush()
            os.fsync(file.fileno())
            self._records.append(stamped)
        return stamped

    def records(self) -> tuple[TransactionRecord, ...]:
        """Everything, in the order it was written."""
        with self._lock:
            return tuple(self._records)

    # -- numbers ---------------------------------------------------------------------------------

    def restart_receipt_numbers(self) -> None:
        """The next receipt is number 1 again, as after a reset."""
        with self._lock:
            self._receipts_from = len(self._records)

    def next_trace_no(self) -> int:
        return next((number % HIGHEST_TRACE_NO + 1 for number in self._traces()), 1)

    def next_receipt_no(self) -> int:
        """Four digits that wrap to 1."""
        return self.last_receipt_no() % HIGHEST_RECEIPT_NO + 1

    def last_receipt_no(self) -> int:
        """Of the last transaction since the counter began, 0 when there is none."""
        for record in self._newest_first(self._receipts_from):
            if record.booked_receipt_no or record.state in (APPROVED, REFUNDED):
                return record.booked_receipt_no or record.receipt_no
        return 0

    def _traces(self) -> Iterator[int]:
        for record in self._newest_first():
            if record.booked_trace_no or record.state != REVERSED:
                yield record.booked_trace_no or record.trace_no

    def _newest_first(self, first: int = 0) -> Iterator[TransactionRecord]:
        for at in range(len(self._records) - 1, first - 1, -1):  # records are only ever added
            yield self._records[at]

    # -- money -----------------------------------------------------------------------------------

    def charges(self) -> tuple[TransactionRecord, ...]:
        """Approved and not reversed: the cards that were really charged."""
        return self._standing(APPROVED)

    def refunds(self) -> tuple[TransactionRecord, ...]:
        """Money given back to a card by a refund that was not reversed itself."""
        return self._standing(REFUNDED)

    def charged_minor(self) -> int:
        """The sum of all real charges in minor units."""
        return sum(record.amount_minor for record in self.charges())

    def open_charges(self) -> tuple[TransactionRecord, ...]:
        """The charges since the last end of day."""
        records = self.records()
        closed = max((at for at, record in enumerate(records) if record.state == DAY_CLOSED), default=-1)
        open_traces = {record.trace_no for record in records[closed + 1 :] if record.state == APPROVED}
        return tuple(record for record in self.charges() if record.trace_no in open_traces)

    def last_booked(self) -> TransactionRecord | None:
        """The last transaction that stands: a charge, a refund, or a reversal that was ordered."""
        taken_back: set[int] = set()
        for record in self._newest_first():
            if record.booked_trace_no:
                return record
            if record.state == REVERSED:
                taken_back.add(record.trace_no)
            elif record.state in (APPROVED, REFUNDED) and record.trace_no not in taken_back:
                return record
        return None

    def newest_charge(self, receipt_no: int) -> TransactionRecord | None:
        """The last charge under that receipt number, reversed or not."""
        found = (r for r in self._newest_first() if r.state == APPROVED and r.receipt_no == receipt_no)
        return next(found, None)

    def is_reversed(self, charge: TransactionRecord) -> bool:
        return any(r.state == REVERSED and r.trace_no == charge.trace_no for r in self._newest_first())

    def _standing(self, state: str) -> tuple[TransactionRecord, ...]:
        records = self.records()
        taken_back = {record.trace_no for record in records if record.state == REVERSED}
        return tuple(r for r in records if r.state == state and r.trace_no not in taken_back)
