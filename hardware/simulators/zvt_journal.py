"""Owns what a simulated terminal has stored: every transaction, on disk before anybody is told of it.

It must not know ZVT. It is the oracle of the tests: the money that moved is what stands here.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

APPROVED: Final = "approved"
DECLINED: Final = "declined"
REVERSED: Final = "reversed"
DAY_CLOSED: Final = "day closed"


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """One line of the journal. A reversal repeats the transaction's line with another `state`.

    Declined attempts have a trace number and no receipt number. `day` is MMDD, `clock` is HHMMSS.
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


class TerminalJournal:
    """A JSON line for each record, synced to the disk; read again when the simulator starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._records: list[TransactionRecord] = []
        if path.exists():
            self._records = [TransactionRecord(**json.loads(line)) for line in self._whole_lines()]

    def _whole_lines(self) -> list[str]:
        text = self._path.read_text(encoding="utf-8")
        whole, _, torn = text.rpartition("\n")
        if torn:  # cut by a power failure before anybody was told of it
            self._path.write_text(whole + "\n" if whole else "", encoding="utf-8")
        return whole.splitlines()

    def add(self, record: TransactionRecord) -> None:
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(record)) + "\n")
            file.flush()
            os.fsync(file.fileno())
            self._records.append(record)

    def records(self) -> tuple[TransactionRecord, ...]:
        """Everything, in the order it was written."""
        with self._lock:
            return tuple(self._records)

    def next_trace_no(self) -> int:
        return max((record.trace_no for record in self.records()), default=0) % 999_999 + 1

    def next_receipt_no(self) -> int:
        """Four digits that wrap to 1."""
        used = [record.receipt_no for record in self.records() if record.state == APPROVED]
        return used[-1] % 9999 + 1 if used else 1

    def charges(self) -> tuple[TransactionRecord, ...]:
        """Approved and not reversed: the cards that were really charged."""
        records = self.records()
        reversed_traces = {record.trace_no for record in records if record.state == REVERSED}
        return tuple(
            record
            for record in records
            if record.state == APPROVED and record.trace_no not in reversed_traces
        )

    def charged_minor(self) -> int:
        """The sum of all real charges in minor units."""
        return sum(record.amount_minor for record in self.charges())

    def open_charges(self) -> tuple[TransactionRecord, ...]:
        """The charges since the last end of day."""
        closed_after = max((r.trace_no for r in self.records() if r.state == DAY_CLOSED), default=0)
        return tuple(record for record in self.charges() if record.trace_no > closed_after)
