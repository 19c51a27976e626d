"""Owns the reading of one upload into its staging file, with no more than a chunk of rows in memory.

It must not know in which process it runs, nor the store's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from inventory.formats.detect import open_reading
from inventory.formats.entries import Line, Reading, ReadOptions, RowError
from inventory.formats.table import SheetError
from inventory.intake.staged import MAX_FAULTS, StagedFile

_CHUNK_ROWS = 1000
_WARNED_PACKS = 20

Progress = Callable[[int, int], None]
"""Hears the share that was read, in thousandths, and the rows so far."""


def read_into(
    staged: StagedFile,
    source: BinaryIO,
    options: ReadOptions,
    progress: Progress | None = None,
) -> None:
    """Reads an upload. Raises SheetError where the file as a whole cannot be taken."""
    reading = open_reading(source, options)
    staged.begin()
    rows = faults = 0
    for chunk in _chunks(reading.lines):
        staged.add(chunk)
        rows += len(chunk)
        faults += sum(isinstance(line, RowError) for line in chunk)
        if progress is not None:
            progress(reading.share_read(), rows)
        if faults > MAX_FAULTS:
            raise SheetError(f"More than {MAX_FAULTS:,} rows are wrong: this is probably another format.")
    staged.add_twice()
    staged.index()
    _note(staged, reading, rows)
    staged.commit()
    if progress is not None:
        progress(1000, rows)


def _note(staged: StagedFile, reading: Reading, rows: int) -> None:
    warnings = list(reading.notes.sentences())
    if not rows:
        warnings.append("The file has no rows below its first line.")
    warnings += [
        f"Line {line_no}: the single of this multipack is not in the file."
        for line_no in staged.lonely_packs(_WARNED_PACKS)
    ]
    staged.note(
        format=reading.format_name,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        decimal=reading.decimal.value if reading.decimal else "",
        speaks_of=sorted(reading.speaks_of),
        fills_only=reading.fills_only,
        warnings=warnings,
        rows=rows,
        is_read=True,
    )


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, _CHUNK_ROWS)):
        yield chunk
